"""A release of a small registration, made by the whole chain but for its checks."""

from datetime import UTC, datetime
from pathlib import Path

from orchestration import duck
from orchestration.landing.takein import take_in_waiting
from orchestration.release import store
from orchestration.release.publish import write_release
from orchestration.settings import Settings
from orchestration.transform import dbt
from tests.lib.build import Build
from tests.lib.handmade import mutaties
from tests.lib.random_registration import registration


def make_release(root: Path) -> Settings:
    """A data folder with a release of three deliveries: a whole registration, a night of changes, the whole once more, unchanged."""
    settings = Settings(home=root)
    root.mkdir()
    whole = registration(1)
    whole.zip(settings.inbox)
    reports = [dict(row, urgentie="2" if row["urgentie"] == "1" else "1") for row in whole.rows["meldingen"][:5]]
    gone = whole.rows["huisverboden"][0]
    changes = mutaties(2, meldingen=reports, huisverboden=[{"huisverbod_nummer": gone["huisverbod_nummer"], "verwijderd": "ja"}])
    changes.zip(settings.inbox)
    again = registration(3)
    again.rows["meldingen"][:5] = reports
    again.rows["huisverboden"].remove(gone)
    again.zip(settings.inbox)
    found = take_in_waiting(settings, lambda _: None)
    assert [u.uitkomst for u in found] == ["opgenomen"] * 3, [u.reden for u in found]
    assert not any(t.quarantaine for u in found for t in u.entiteiten.values())
    build = Build(settings)
    build.historie()
    statuses = build.make("--without-checks")
    assert {n: s for n, s in statuses.items() if s != "success"} == {}
    with duck.connect(settings) as con:
        duck.attach_build(con, settings, build.keyring.derive("build"))
        made_of = dbt.contributions(settings.build / "dbt")
        content = write_release(settings, con, [], "abc", {}, datetime(2025, 1, 1, tzinfo=UTC), made_of)
    store.switch(settings, content["release"])
    return settings
