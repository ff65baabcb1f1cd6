"""What stands in each edition of the report, chapter by chapter: by year, by half-year, and of one gemeente."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from orchestration import seeds
from orchestration.outputs.report import areas, periods
from orchestration.outputs.report.figures import Figure, Shape
from orchestration.outputs.report.source import AREA, CATEGORY, FIRST, INDICATOR, SECOND, Asked

YEARS, QUARTERS, MONTHS = 6, 6, 13
"""How many periods a figure over time has."""
RECEIVERS_YEARS = 5


@dataclass(frozen=True)
class ReportEdition:
    """Which report: of a year, or of a half of it; of the region, or of one gemeente."""

    year: int
    half: int = 0
    """1 or 2; 0 is the whole year"""
    gemeente: str = ""
    gemeente_name: str = ""
    is_intern: bool = False

    @property
    def period(self) -> str:
        return f"{self.year}-H{self.half}" if self.half else str(self.year)

    @property
    def last_quarter(self) -> int:
        return 2 * self.half or 4

    @property
    def last_month(self) -> int:
        return 6 * self.half or 12

    @property
    def name(self) -> str:
        """Of the file: ``jaarcijfers-2024``, ``halfjaarcijfers-2024-H1-GM0451``."""
        kind = "halfjaarcijfers" if self.half else "jaarcijfers"
        return "-".join(filter(None, (kind, self.period, self.gemeente, "intern" if self.is_intern else "")))

    @property
    def title(self) -> str:
        what = f"Cijfers {periods.label(self.period)}" if self.half else f"Jaarcijfers {self.year}"
        return f"{what}, gemeente {self.gemeente_name}" if self.gemeente else what

    def of_whole(self, asked: Asked) -> Asked:
        """What is asked, of the whole that the report is of."""
        return replace(asked, area_kind="gemeente", areas=(self.gemeente,)) if self.gemeente else asked


@dataclass(frozen=True)
class Chapter:
    """A chapter: its name in addresses, its title, what it is about, and its figures."""

    code: str
    title: str
    about: str
    figures: tuple[Figure, ...]
    is_annex: bool = False


def chapters(edition: ReportEdition) -> tuple[Chapter, ...]:
    """What stands in an edition; nothing of stadsdelen, wijken and buurten where no gemeente has any."""
    found = _half_year(edition) if edition.half else _gemeente(edition) if edition.gemeente else _year(edition)
    if areas.divided():
        return found
    within = {"stadsdeel", "wijk", "buurt"}
    kept = (replace(c, figures=tuple(f for f in c.figures if f.asked.area_kind not in within)) for c in found)
    return tuple(c for c in kept if c.figures)


# --- figures over time, of any kind of period ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Time:
    """The periods of figures over time in an edition."""

    kind: str
    periods: tuple[str, ...]


def _time(edition: ReportEdition) -> Time:
    if edition.half:
        return Time("kwartaal", periods.quarters(edition.year, edition.last_quarter, QUARTERS))
    return Time("jaar", periods.years(edition.year, YEARS))


def _over_time(
    edition: ReportEdition,
    code: str,
    title: str,
    *indicators: str,
    breakdown: str = "",
    notes: Sequence[str] = (),
    shape: Shape = Shape.LINES,
    told: int = 1,
) -> Figure:
    """Indicators beside each other, or the categories of one, over time."""
    time = _time(edition)
    asked = edition.of_whole(Asked(indicators, time.periods, time.kind, breakdown=breakdown))
    return Figure(code, title, shape, asked, CATEGORY if breakdown else INDICATOR, notes=tuple(notes), told=told)


def _now(
    edition: ReportEdition, code: str, title: str, indicator: str, area_kind: str, notes: Sequence[str] = (), shape: Shape = Shape.BARS
) -> Figure:
    """Areas beside each other in a year, with the year before in the table."""
    asked = Asked((indicator,), periods.years(edition.year, 2), area_kind=area_kind)
    return Figure(code, title, shape, asked, AREA, notes=tuple(notes))


def _groups(
    edition: ReportEdition, code: str, title: str, indicator: str, breakdown: str, first: str = "", notes: Sequence[str] = ()
) -> Figure:
    """The categories of a breakdown in a year, with the year before in the table; of a crossed one those of one first part."""
    asked = edition.of_whole(Asked((indicator,), periods.years(edition.year, 2), breakdown=breakdown))
    if first:
        second = next(r["tweede"] for r in seeds.rows("catalogue/categorie_soorten.csv") if r["categorie_soort"] == breakdown)
        asked = replace(asked, categories=tuple(f"{first}|{code}" for code in _codes(second)))
    return Figure(code, title, Shape.BARS, asked, SECOND if first else CATEGORY, notes=tuple(notes))


def _codes(kind: str, belonging: Sequence[str] = ()) -> tuple[str, ...]:
    """The codes of a list, in its order; of those that belong to something."""
    rows = seeds.rows("codes/codelijsten.csv") + seeds.rows("catalogue/afgeleide_categorieen.csv")
    return tuple(r["code"] for r in rows if r["codelijst"] == kind and (not belonging or r.get("hoort_bij") in belonging))


# --- chapters that editions share ---------------------------------------------------------------------------------------------------------


def _terms(edition: ReportEdition) -> Chapter:
    binnen = ("aandeel_vb_binnen_termijn", "aandeel_vb_binnen_termijn_instroom")
    figures = [
        _over_time(
            edition, "vb_doorlooptijd", "Gemiddeld aantal werkdagen tot het besluit", "vb_doorlooptijd_gemiddeld", notes=("doorlooptijd",)
        ),
        _over_time(
            edition,
            "vb_wachttijd",
            "Mediane doorlooptijd naast mediane wachttijd tot het besluit",
            *("vb_doorlooptijd_mediaan", "wachttijd_vb_mediaan_instroom"),
            notes=("twee_tijden",),
            told=2,
        ),
        _over_time(edition, "vb_termijn", "Veiligheidsbeoordelingen binnen vijf werkdagen", *binnen, notes=("termijn_vb",), told=2),
        _over_time(edition, "acuut", "Acuut gevaar beoordeeld binnen twee uur", "aandeel_acuut_binnen_2_uur"),
    ]
    if edition.is_intern:
        title = "Meldingen min afgeronde veiligheidsbeoordelingen"
        figures.append(_over_time(edition, "instroom_min_afgerond", title, "vb_instroom_min_afgerond", notes=("instroom_min_afgerond",)))
    kind = "" if edition.gemeente else "dienst_soort"
    figures += [
        _over_time(
            edition,
            "dienst_doorlooptijd",
            "Gemiddeld aantal weken tot een dienst is afgesloten",
            "dienst_doorlooptijd_gemiddeld",
            breakdown=kind,
            notes=("doorlooptijd",),
            told=2,
        ),
        _over_time(
            edition,
            "dienst_termijn",
            "Diensten afgesloten binnen tien weken",
            "aandeel_diensten_binnen_termijn",
            breakdown=kind,
            notes=("termijn_dienst",),
            told=2,
        ),
    ]
    about = "De wettelijke termijnen: een veiligheidsbeoordeling binnen vijf werkdagen, een dienst binnen tien weken."
    return Chapter("termijnen", "Wettelijke termijnen", about, tuple(figures))


def _stock(edition: ReportEdition) -> Chapter:
    months = periods.months(edition.year, edition.last_month, MONTHS)
    figures = (
        _at_the_end(
            months,
            "werkvoorraad_vb",
            "Openstaande veiligheidsbeoordelingen aan het eind van de maand",
            *("vb_open", "vb_open_over_termijn", "vb_open_zonder_zicht"),
        ),
        Figure(
            "wachttijd",
            "Hoe lang openstaande veiligheidsbeoordelingen al wachten",
            Shape.BARS,
            Asked(("vb_open",), (months[0], months[-1]), "maand", breakdown="wachttijd"),
            CATEGORY,
            notes=("voorraad",),
        ),
        _at_the_end(
            months, "diensten_open", "Openstaande diensten aan het eind van de maand", "diensten_open", "diensten_open_over_termijn"
        ),
    )
    about = "Wie nog wacht op een besluit, hoe lang al, en van wie de veiligheid in de laatste twee weken niet is gezien."
    return Chapter("werkvoorraad", "Werkvoorraad en zicht op veiligheid", about, figures)


def _at_the_end(months: tuple[str, ...], code: str, title: str, *stocks: str) -> Figure:
    """What is open at the end of each month, held against a year before."""
    return Figure(code, title, Shape.LINES, Asked(stocks, months, "maand"), INDICATOR, notes=("voorraad",), told=len(stocks), against=0)


def _capacity(edition: ReportEdition) -> tuple[Chapter, ...]:
    """Posts, and what was done by them: of the region, and of who reads exact figures."""
    if not edition.is_intern:
        return ()
    figures = (
        _over_time(edition, "formatie", "Begrote en bezette formatieplaatsen", "formatie_fte", "bezetting_fte", notes=("fte",), told=2),
        _over_time(edition, "verzuim", "Ziekteverzuim", "verzuim_procent", notes=("verzuim",)),
        _over_time(
            edition,
            "vb_per_fte",
            "Afgeronde veiligheidsbeoordelingen per bezette formatieplaats",
            "vb_afgerond_per_fte",
            notes=("per_fte",),
        ),
    )
    about = "Hoeveel plaatsen er begroot en bezet waren, het ziekteverzuim, en de besluiten per bezette plaats. Alleen voor intern gebruik."
    return (Chapter("capaciteit", "Capaciteit", about, figures),)


def _repeated(edition: ReportEdition) -> Chapter:
    share = _over_time(edition, "hermeldingen", "Aandeel hermeldingen", "aandeel_hermeldingen", notes=("terugblik",))
    first = _over_time(
        edition, "betrokkenheid", "Eerste, her- en vervolgmeldingen", "meldingen", breakdown="betrokkenheid", notes=("terugblik",), told=3
    )
    figures = [first, share]
    if not (edition.half or edition.gemeente):
        figures.append(
            _now(edition, "hermeldingen_gemeente", "Aandeel hermeldingen per gemeente", "aandeel_hermeldingen", "gemeente", ("terugblik",))
        )
    about = "Of er over een huishouden eerder gemeld is, en of er toen nog een casus liep."
    return Chapter("herhaling", "Eerste, herhaalde en vervolgmeldingen", about, tuple(figures))


def _effect(edition: ReportEdition) -> Chapter:
    safe = ("aandeel_directe_veiligheid", "aandeel_structureel_veilig")
    reached = ("aandeel_inwoners_instroom", "aandeel_professionals_niet_politie")
    figures = [
        _over_time(edition, "veiligheid", "Directe en structurele veiligheid", *safe, notes=("volgen",), told=2),
        _over_time(
            edition, "zonder_hermelding", "Geen nieuwe melding binnen twee jaar", "aandeel_zonder_hermelding_2jaar", notes=("twee_jaar",)
        ),
        _over_time(edition, "bereik", "Wie Veilig Thuis zelf weten te vinden", *reached, told=2),
        _over_time(edition, "huisverboden", "Tijdelijke huisverboden", "huisverboden"),
    ]
    about = "Wat de Regioaanpak wil weten: stopt het geweld, blijft het weg, en vinden mensen de weg zonder de politie?"
    return Chapter("effect", "Effect", about, tuple(figures))


def _outflow_over_time(edition: ReportEdition) -> tuple[Figure, ...]:
    return (
        _over_time(
            edition,
            "uitstroom_soorten",
            "Waar de uitstroom naartoe gaat",
            "overdrachten_en_afsluitingen",
            breakdown="uitstroom_soort",
            notes=("regie",),
            told=4,
        ),
        _over_time(
            edition,
            "ontvangers",
            "Overdrachten per groep ontvangers",
            "overdrachten",
            breakdown="ontvanger_groep",
            notes=("geen_clientsysteem",),
            shape=Shape.MULTIPLES,
            told=0,
        ),
    )


# --- editions -----------------------------------------------------------------------------------------------------------------------------


def _year(edition: ReportEdition) -> tuple[Chapter, ...]:
    time = periods.years(edition.year, YEARS)
    inflow = (
        _over_time(edition, "instroom_totaal", "Meldingen en adviesvragen per jaar", "meldingen", "adviesvragen", told=2),
        _now(edition, "meldingen_gemeente", "Meldingen per gemeente", "meldingen", "gemeente", ("buiten",)),
        _now(edition, "adviesvragen_gemeente", "Adviesvragen per gemeente", "adviesvragen", "gemeente", ("buiten", "anoniem")),
        _now(
            edition,
            "per_1000_gemeente",
            "Meldingen per 1.000 huishoudens, per gemeente",
            "meldingen_per_1000_huishoudens",
            "gemeente",
            ("huishoudens",),
            Shape.TILES,
        ),
        Figure(
            "per_1000_jaren",
            "Meldingen per 1.000 huishoudens, per gemeente en jaar",
            Shape.MULTIPLES,
            Asked(("meldingen_per_1000_huishoudens",), time, area_kind="gemeente"),
            AREA,
            notes=("huishoudens",),
            told=0,
        ),
    )
    households = (
        _over_time(edition, "huishouden", "Meldingen over huishoudens met en zonder kinderen", "meldingen", breakdown="huishouden", told=2),
        *(
            _stacked(edition, f"huishouden_{kind}", f"Meldingen met en zonder kinderen, per {kind}", kind)
            for kind in ("gemeente", "stadsdeel")
        ),
        _now(
            edition,
            "per_1000_stadsdeel",
            "Meldingen per 1.000 huishoudens, per stadsdeel",
            "meldingen_per_1000_huishoudens",
            "stadsdeel",
            ("huishoudens", "centrum"),
            Shape.TILES,
        ),
    )
    reporters = tuple(
        figure
        for kind, name in (("met_kinderen", "met kinderen"), ("zonder_kinderen", "zonder kinderen"))
        for figure in (
            _groups(edition, f"melders_{kind}", f"Melders over huishoudens {name}", "meldingen", "huishouden|melder_groep", kind),
            _groups(
                edition,
                f"vormen_{kind}",
                f"Vormen van geweld in meldingen over huishoudens {name}",
                "aandeel_meldingen_vorm",
                "huishouden|vorm_groep",
                kind,
                ("meer_dan_100",),
            ),
        )
    )
    return (
        Chapter("instroom", "Instroom", "Hoeveel meldingen en adviesvragen er kwamen, en waarvandaan.", inflow),
        Chapter("huishoudens", "Huishoudens met en zonder kinderen", "Over welke huishoudens gemeld is.", households),
        Chapter("melders", "Wie melden, en welk geweld", "Wie er meldden en welke vormen van geweld zij meldden.", reporters),
        _terms(edition),
        _stock(edition),
        *_capacity(edition),
        Chapter("uitstroom", "Uitstroom", "Aan wie huishoudens zijn overgedragen.", (*_outflow_over_time(edition), *_receivers(edition))),
        _repeated(edition),
        _effect(edition),
        _annexes(edition),
    )


def _stacked(edition: ReportEdition, code: str, title: str, area_kind: str) -> Figure:
    asked = Asked(("meldingen",), (str(edition.year),), area_kind=area_kind, breakdown="huishouden")
    return Figure(code, title, Shape.STACKED, asked, AREA, CATEGORY, notes=("centrum",) if area_kind == "stadsdeel" else ("buiten",))


DIRECTING = "regiehoudend"
"""What groups of receivers belong to that direct what follows, in the code list."""


def _receivers(edition: ReportEdition) -> tuple[Figure, ...]:
    """Who was handed over to, as the printed report has it: in all, not yet involved, and involved already."""
    time = periods.years(edition.year, RECEIVERS_YEARS)
    groups = _codes("ontvanger_groep", (DIRECTING,))
    receivers = _codes("ontvanger", groups)
    involved = Asked(
        ("overdrachten",),
        (str(edition.year),),
        breakdown="ontvanger_groep|betrokken",
        categories=tuple(f"{group}|{known}" for group in groups for known in ("ja", "nee")),
    )
    tables = [
        Figure(
            "overdrachten_partij",
            "Overdrachten aan regiehoudende partijen",
            Shape.TABLE,
            Asked(("overdrachten",), time, breakdown="ontvanger", categories=receivers),
            CATEGORY,
            notes=("regie",),
        )
    ]
    for known, name in (("nee", "nog niet betrokken"), ("ja", "al betrokken")):
        crossed = Asked(("overdrachten",), time, breakdown="ontvanger|betrokken", categories=tuple(f"{r}|{known}" for r in receivers))
        title = f"Overdrachten aan regiehoudende partijen die {name} waren"
        tables.append(Figure(f"overdrachten_partij_{known}", title, Shape.TABLE, crossed, FIRST))
    return (
        Figure("betrokken", "Of de ontvanger al betrokken was", Shape.STACKED, involved, FIRST, SECOND, notes=("regie",)),
        _now(edition, "overdrachten_gemeente", "Overdrachten per gemeente", "overdrachten", "gemeente", ("geen_clientsysteem", "buiten")),
        *tables,
    )


def _annexes(edition: ReportEdition) -> Chapter:
    time = periods.years(edition.year, YEARS)
    now = (str(edition.year),)
    handed_over = _codes("ontvanger_groep", (DIRECTING, "overige_hulpverlening"))
    figures = (
        Figure(
            "bijlage_overdrachten",
            "Overdrachten per gemeente en groep ontvangers",
            Shape.TABLE,
            Asked(
                ("overdrachten",),
                now,
                area_kind="gemeente",
                breakdown="ontvanger_groep",
                categories=handed_over,
            ),
            AREA,
            CATEGORY,
            notes=("geen_clientsysteem",),
        ),
        Figure("bijlage_melders", "Meldingen per melder", Shape.TABLE, Asked(("meldingen",), time[-2:], breakdown="melder"), CATEGORY),
        *_of_stadsdelen(time),
    )
    return Chapter("bijlagen", "Bijlagen", "De uitgebreide tabellen.", figures, is_annex=True)


def _of_stadsdelen(time: tuple[str, ...]) -> tuple[Figure, ...]:
    return (
        Figure(
            "bijlage_stadsdeel",
            "Meldingen per stadsdeel",
            Shape.TABLE,
            Asked(("meldingen",), time, area_kind="stadsdeel"),
            AREA,
            notes=("centrum",),
        ),
        Figure(
            "bijlage_buurt",
            "Meldingen per wijk en buurt",
            Shape.TABLE,
            Asked(("meldingen",), time[-1:], area_kind="wijk"),
            AREA,
            notes=("buurten",),
            within=Asked(("meldingen",), time[-1:], area_kind="buurt"),
        ),
    )


def _gemeente(edition: ReportEdition) -> tuple[Chapter, ...]:
    time = periods.years(edition.year, YEARS)
    inflow = [
        _over_time(edition, "instroom_totaal", "Meldingen en adviesvragen", "meldingen", "adviesvragen", notes=("anoniem",), told=2),
        _now(
            edition,
            "per_1000_gemeente",
            "Meldingen per 1.000 huishoudens, naast de andere gemeenten",
            "meldingen_per_1000_huishoudens",
            "gemeente",
            ("huishoudens",),
        ),
        _over_time(edition, "huishouden", "Meldingen over huishoudens met en zonder kinderen", "meldingen", breakdown="huishouden", told=2),
    ]
    if edition.gemeente and edition.gemeente == areas.divided():
        inflow.append(_stacked(edition, "huishouden_stadsdeel", "Meldingen met en zonder kinderen, per stadsdeel", "stadsdeel"))
    reporters = (
        _groups(edition, "melders_groep", "Melders", "meldingen", "melder_groep"),
        _groups(edition, "vormen", "Vormen van geweld", "aandeel_meldingen_vorm", "vorm_groep", notes=("meer_dan_100",)),
    )
    effect = _effect(edition)
    found = [
        Chapter("instroom", "Instroom", "Hoeveel meldingen en adviesvragen er over deze gemeente kwamen.", tuple(inflow)),
        Chapter("melders", "Wie melden, en welk geweld", "Wie er meldden en welke vormen van geweld zij meldden.", reporters),
        _terms(edition),
        Chapter("uitstroom", "Uitstroom", "Aan wie huishoudens uit deze gemeente zijn overgedragen.", _outflow_over_time(edition)),
        _repeated(edition),
        effect,
    ]
    if edition.gemeente and edition.gemeente == areas.divided():
        found.append(Chapter("bijlagen", "Bijlagen", "De uitgebreide tabellen.", _of_stadsdelen(time), is_annex=True))
    return tuple(found)


def _half_year(edition: ReportEdition) -> tuple[Chapter, ...]:
    halves = periods.halves(edition.year, edition.half, YEARS)
    inflow = (
        Figure(
            "instroom_totaal",
            "Meldingen en adviesvragen in hetzelfde halfjaar van elk jaar",
            Shape.LINES,
            Asked(("meldingen", "adviesvragen"), halves, "halfjaar"),
            INDICATOR,
            told=2,
        ),
        Figure(
            "instroom_maanden",
            "Meldingen en adviesvragen per maand",
            Shape.LINES,
            Asked(("meldingen", "adviesvragen"), periods.months(edition.year, edition.last_month, MONTHS), "maand"),
            INDICATOR,
            told=2,
            against=0,
        ),
        _of_areas(edition, "meldingen_gemeente", "Meldingen per gemeente en kwartaal", "gemeente", ("buiten",)),
        _of_areas(edition, "meldingen_stadsdeel", "Meldingen per stadsdeel en kwartaal", "stadsdeel", ("centrum",)),
        _over_time(edition, "huishouden", "Meldingen over huishoudens met en zonder kinderen", "meldingen", breakdown="huishouden", told=2),
        _over_time(edition, "melders_groep", "Groepen melders", "meldingen", breakdown="melder_groep", shape=Shape.MULTIPLES, told=0),
    )
    return (
        Chapter("instroom", "Instroom", "Hoeveel meldingen en adviesvragen er kwamen, en waarvandaan.", inflow),
        _terms(edition),
        _stock(edition),
        *_capacity(edition),
        Chapter("uitstroom", "Uitstroom", "Aan wie huishoudens zijn overgedragen.", _outflow_over_time(edition)),
        _repeated(edition),
    )


def _of_areas(edition: ReportEdition, code: str, title: str, area_kind: str, notes: tuple[str, ...]) -> Figure:
    time = _time(edition)
    return Figure(code, title, Shape.MULTIPLES, Asked(("meldingen",), time.periods, time.kind, area_kind), AREA, notes=notes, told=0)
