"""What was accepted reaches the models, and without anything accepted they are what they were."""

import json
from datetime import date

import pytest

from orchestration.defs.intake import must_build
from orchestration.reference import accepted
from orchestration.reference.proposals import accept
from orchestration.register.lock import only_intake
from orchestration.transform import dbt, plan
from tests.defs.test_must_build import _release
from tests.lib.build import Build
from tests.lib.handmade import HandmadeDelivery
from tests.lib.warehouse import warehouse_in
from tests.reference import worlds
from tests.reference.conftest import World
from tests.reference.test_accepting import WHO, WHY, a_split, households

MODELS = ("dim_buurt", "int_cijfers_per_1000")


def compiled(build: Build) -> dict[str, str]:
    """The SQL of the models that read what can be accepted, as the last run of the plan had it."""
    results = json.loads((build.target / "run_results.json").read_text())["results"]
    return {name: r["compiled_code"] for r in results if (name := r["unique_id"].split(".")[2]) in MODELS}


def part(sql: str, name: str) -> str:
    """The query of one of its parts (``name as ( … ),``)."""
    return sql.split(f"{name} as (\n", 1)[1].split("\n),\n", 1)[0]


def test_without_anything_accepted_the_seeds_alone_are_read(world: World) -> None:
    dbt.parse()
    sql = {step.name: step.sql for step in plan.read(dbt.PLAN)}
    assert part(sql["dim_buurt"], "buurten").strip() == 'select * from "veilig_thuis"."seeds"."buurten"'
    for area in ("gemeente", "stadsdeel"):
        seed = f'select * from "veilig_thuis"."seeds"."huishoudens_{area}"'
        assert part(sql["int_cijfers_per_1000"], f"per_{area}").strip() == seed


def test_what_was_accepted_stands_in_the_place_of_the_seeds(world: World) -> None:
    households(world, 2018, 2024)
    accept(world.settings, "huishoudens-2018", WHO, WHY)
    accept(world.settings, "huishoudens-2024", WHO, WHY, without_changed=True)
    a_split(world)
    accept(world.settings, "gebieden-2027-01-01", WHO, "raadsbesluit")
    build = Build(world.settings)
    build.historie()
    assert set(build.make("--without-checks", "--up-to", *MODELS).values()) == {"success"}
    sql = part(compiled(build)["int_cijfers_per_1000"], "per_gemeente")
    found = {(code, year): (number, several) for code, _, year, number, _, several in build.query(sql)}
    seeded = {(c, y): n for c, y, n in build.query("select gemeente_code, jaar, huishoudens from seeds.huishoudens_gemeente")}
    assert found["GM0358", 2018] == (worlds.number_of("GM0358", 2018), worlds.several_of("GM0358", 2018))
    assert found["GM0384", 2024] == (16760, worlds.several_of("GM0384", 2024))
    assert found["GM0363", 2024] == (515181, None)  # it counted already, and stays
    assert found["GM0363", 2018][0] != seeded["GM0363", 2018]
    assert len(found) == len(build.query(sql)) == len(seeded) + 3  # GM0358, GM0451 and GM0457 of 2018
    ((kinds,),) = build.query(f"select list(distinct typeof(jaar) || typeof(huishoudens)) from ({sql})")
    assert kinds == ["INTEGERINTEGER"]
    chosen = "buurt_code in ('AA01', 'AA11', 'AA12')"
    assert build.query(f"select indeling_van, indeling_tot, count(*) from facts.dim_buurt where {chosen} group by all order by 1") == [
        (date(2022, 3, 24), date(2027, 1, 1), 1),
        (date(2027, 1, 1), None, 2),
    ]
    assert build.query("select count(*), count(distinct buurt_code) from facts.dim_buurt") == [(481 + 518 + 2, 481 + 518 + 2)]
    assert build.query("select indeling_van, indeling_tot from facts.dim_buurt where buurt_code = 'AA02'") == [(date(2022, 3, 24), None)]


def test_a_build_in_another_folder_is_told_whose_acceptances_count(world: World) -> None:
    from orchestration.keys.keyring import open_keyring
    from orchestration.settings import Settings
    from orchestration.transform import dbt_names

    households(world, 2018)
    accept(world.settings, "huishoudens-2018", WHO, WHY)
    elsewhere, keyring = Settings(home=world.settings.root / "elders"), open_keyring(world.settings.key_path)
    with dbt.environment(elsewhere, keyring) as names:
        assert names[dbt_names.ACCEPTED] == "{}"
    with dbt.environment(elsewhere, keyring, world.settings) as names:
        assert set(json.loads(names[dbt_names.ACCEPTED])) == {"huishoudens_gemeente", "huishoudens_stadsdeel"}


def test_a_refresh_builds_when_something_was_accepted_since(world: World) -> None:
    warehouse_in(world.settings.root).take_in_one(HandmadeDelivery(1))
    _release(world.settings)
    assert not must_build(world.settings, [])
    households(world, 2018)
    assert not must_build(world.settings, [])
    _, event, _ = accept(world.settings, "huishoudens-2018", WHO, WHY)
    assert must_build(world.settings, [])
    _release(world.settings)
    assert not must_build(world.settings, [])
    with only_intake(world.settings):
        accepted.withdraw(world.settings, event.volgnummer, WHO, WHY)
    assert must_build(world.settings, [])


@pytest.mark.parametrize("code", ["AA11", "AA01"])
def test_a_delivery_is_judged_by_an_accepted_division(world: World, code: str) -> None:
    from orchestration.intake.contract import load_contract
    from orchestration.intake.rules import _codes

    a_split(world)
    accept(world.settings, "gebieden-2027-01-01", WHO, "raadsbesluit")
    field = load_contract().entity("meldingen").field("buurt_code")
    assert code in _codes(accepted.with_accepted(world.settings, load_contract()), field)
