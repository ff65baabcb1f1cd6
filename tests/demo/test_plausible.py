"""What the reports say in words, and what makes the demo look like the real registration."""

import pytest

from tests.demo.conftest import Demo
from tests.lib.demo_register import SEEDS

pytestmark = pytest.mark.xdist_group("demo")


def _rank(demo: Demo, soort: str, year: int, households_of: int, *, per_1000: bool) -> list[str]:
    """Areas from high to low, by number or by rate on the households of ``households_of``."""
    measure = "count(*) / any_value(h.huishoudens)" if per_1000 else "count(*)"
    sql = f"""
        select m.{soort} from m join hh_{soort} h on h.{soort}_code = m.{soort} and h.jaar = {households_of}
        where year(m.dag) = {year} group by all order by {measure} desc"""
    return [row[0] for row in demo.state.con.execute(sql).fetchall()]


def test_gemeenten_per_1000_households(demo: Demo) -> None:
    assert _rank(demo, "gemeente", 2024, 2024, per_1000=True)[:2] == ["GM0451", "GM0363"]
    assert _rank(demo, "gemeente", 2021, 2021, per_1000=True)[:2] == ["GM0384", "GM0451"]


def test_stadsdelen(demo: Demo) -> None:
    assert _rank(demo, "stadsdeel", 2024, 2024, per_1000=False)[0] == "F"
    assert _rank(demo, "stadsdeel", 2024, 2024, per_1000=True)[:3] == ["T", "N", "F"]
    assert _rank(demo, "stadsdeel", 2021, 2020, per_1000=False)[:2] == ["F", "T"]
    assert _rank(demo, "stadsdeel", 2021, 2020, per_1000=True)[0] == "T"


def test_waits_grow_from_2021_on(demo: Demo) -> None:
    rows = demo.state.con.execute("select year(dag), avg(werkdagen) from vb group by 1 order by 1").fetchall()
    mean = dict(rows)
    assert max(mean[j] for j in range(2017, 2021)) < 8
    assert 7.2 < mean[2022] < mean[2023] < mean[2024]
    open_ = demo.number("select count(*) from m where melding_nummer not in (select melding_nummer from vb)")
    assert 500 < open_ < 3000


def test_about_one_in_three_reports_is_a_repeat(demo: Demo) -> None:
    """By household number alone: an earlier report within three years, and all cases closed by then."""
    her, vervolg = demo.state.con.execute("""
        with eerder as (
            select nu.melding_nummer,
                bool_or(c.geopend_op <= nu.dag::varchar and coalesce(c.afgesloten_op > nu.dag::varchar, true)) as loopt
            from m nu join m toen on toen.huishouden_nummer = nu.huishouden_nummer
                and toen.moment < nu.moment and toen.dag >= nu.dag - interval 3 year
            join casussen c on c.casus_nummer = toen.casus_nummer
            group by all
        )
        select avg(coalesce(not loopt, false)::int), avg(coalesce(loopt, false)::int)
        from m left join eerder using (melding_nummer) where year(m.dag) between 2019 and 2024""").fetchone()
    assert 0.28 < her < 0.38
    assert 0.2 < vervolg < 0.4


def test_schools_do_not_report_in_their_holidays_nor_at_weekends(demo: Demo) -> None:
    schools = "from m where melder in ('basisonderwijs', 'voortgezet_onderwijs') and year(dag) = 2023"
    summer = demo.number(f"select avg((dag between '2023-07-22' and '2023-09-03')::int) {schools}")
    weekend = demo.number(f"select avg((isodow(dag) > 5)::int) {schools}")
    assert summer < 0.03
    assert weekend < 0.03


def test_several_forms_per_report(demo: Demo) -> None:
    mean = demo.number("select count(*) / count(distinct melding_nummer) from melding_vormen")
    assert 1.2 < mean < 1.6


def test_buurten_are_of_the_division_of_their_day_and_of_their_stadsdeel(demo: Demo) -> None:
    wrong = demo.number(f"""
        select count(*) from m join meldingen using (melding_nummer)
        left join read_csv('{SEEDS}/areas/buurten.csv', all_varchar = true) b on b.buurt_code = meldingen.buurt_code
            and b.indeling = case when dag < '2022-03-24' then '2015-01-01' else '2022-03-24' end
        where meldingen.buurt_code is not null and m.stadsdeel = meldingen.stadsdeel_code and b.stadsdeel_code is distinct from m.stadsdeel
    """)
    assert wrong == 0


def test_posts_and_absence_are_as_the_organisation_said(demo: Demo) -> None:
    """93 fte, 7% in 2017; 104.26 fte in 2018, then 114; 20 short in 2022, 10 in 2024; over 12% in autumn 2023, under 9% in spring 2024."""
    number = "cast(replace({}, ',', '.') as double)"
    posts, filled, absent = (number.format(field) for field in ("formatie_fte", "bezetting_fte", "verzuim_procent"))
    rows = demo.state.con.execute(
        f"select maand, sum({posts}), sum({posts}) - sum({filled}), sum({absent} * {filled}) / sum({filled}) filter ({absent} is not null) "
        "from capaciteit group by maand"
    ).fetchall()
    months = {month: values for month, *values in rows}
    assert {round(budgeted, 6) for m, (budgeted, *_) in months.items() if m < "2018"} == {93}
    assert {round(budgeted, 6) for m, (budgeted, *_) in months.items() if m[:4] == "2018"} == {104.26}
    assert {round(budgeted, 6) for m, (budgeted, *_) in months.items() if m > "2019"} == {114}
    assert all(6.5 < absent < 7.5 for m, (*_, absent) in months.items() if m[:4] == "2017")
    assert round(months["2022-01"][1], 6) == 20
    assert round(months["2024-01"][1], 6) == 10
    assert all(months[m][2] > 12 for m in ("2023-10", "2023-11"))
    assert all(months[m][2] < 9 for m in ("2024-04", "2024-05", "2024-06"))
    assert max(months) == "2025-01", "the figures of a month are there in the month after it"


def test_no_small_team_is_named(demo: Demo) -> None:
    assert (
        demo.number("select count(*) from capaciteit where cast(replace(formatie_fte, ',', '.') as double) < 3 and team <> 'Overig'") == 0
    )
