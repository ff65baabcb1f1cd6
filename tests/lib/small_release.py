"""A release of a small registration, made by the whole chain but for its checks."""

from datetime import UTC, datetime
from pathlib import Path

from orchestration import duck
from orchestration.landing.takein import take_in_waiting
from orchestration.release import store
from orchestration.release.publish import write_release
from orchestration.settings import Settings
from orchestration.transform import dbt
from tests.lib.build import Bouw
from tests.lib.handmade import mutaties
from tests.lib.random_registration import registratie


def maak_uitgave(root: Path) -> Settings:
    """A data folder with a release of three deliveries: a whole registration, a night of changes, the whole once more, unchanged."""
    settings = Settings(home=root)
    root.mkdir()
    whole = registratie(1)
    whole.zip(settings.inbox)
    reports = [dict(row, urgentie="2" if row["urgentie"] == "1" else "1") for row in whole.rijen["meldingen"][:5]]
    gone = whole.rijen["huisverboden"][0]
    changes = mutaties(2, meldingen=reports, huisverboden=[{"huisverbod_nummer": gone["huisverbod_nummer"], "verwijderd": "ja"}])
    changes.zip(settings.inbox)
    again = registratie(3)
    again.rijen["meldingen"][:5] = reports
    again.rijen["huisverboden"].remove(gone)
    again.zip(settings.inbox)
    found = take_in_waiting(settings, lambda _: None)
    assert [u.uitkomst for u in found] == ["opgenomen"] * 3, [u.reden for u in found]
    assert not any(t.quarantaine for u in found for t in u.entiteiten.values())
    bouw = Bouw(settings)
    bouw.historie()
    statuses = bouw.dbt("build", "--exclude-resource-type", "test", "unit_test")
    assert {n: s for n, s in statuses.items() if s != "success"} == {}
    with duck.connect(settings) as con:
        duck.attach_build(con, settings, bouw.keyring.derive("build"))
        made_of = dbt.contributions(settings.build / "dbt")
        content = write_release(settings, con, [], "abc", {}, datetime(2025, 1, 1, tzinfo=UTC), made_of)
    store.switch(settings, content["release"])
    return settings
