"""What the registration got wrong, late or double, and put right: between the two full deliveries, and in each night of changes.

Rows of published years are changed, deleted and entered again, but never so that a published figure moves: what is changed does not count
in one, is swapped within one, or lies in a year of which nothing was published.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from orchestration.demo.allocation import Getallen, kies
from orchestration.demo.days import NOOIT, dag, jaar_van
from orchestration.demo.registration import EIGEN_NUMMER, OUDERS, Registratie
from orchestration.demo.targets import Doelen

Masker = npt.NDArray[np.bool_]


def leg_correcties_aan(reg: Registratie, eerste: int, tweede: int, nachten: int) -> None:
    """Add the corrections to the registration: from day ``eerste`` to ``tweede``, and on each of the ``nachten`` days after it."""
    _tussen_de_leveringen(reg, eerste, tweede)
    for nacht in range(nachten):
        op = tweede + 1 + nacht
        _nachtelijke_velden(reg, op)
        _verwisselde_overdrachten(reg, eerste, tweede, op)
        _nachtelijke_verwijderingen(reg, op, laatste=nacht == nachten - 1)
        _opnieuw_ingevoerd(reg, op)


def _huidig(tabel: pd.DataFrame, op: int) -> Masker:
    """Rows that stand in the registration on the day before ``op`` and after it, in this form."""
    return ((tabel["van"] < op) & (tabel["tot"] == NOOIT)).to_numpy()


def _trek(reg: Registratie, masker: Masker, aantal: int) -> Getallen:
    """At most ``aantal`` random positions of those in the mask."""
    return kies(reg.rng, masker.astype(np.float64), min(aantal, int(masker.sum())))


def _per(reg: Registratie, entiteit: str, deel: float) -> int:
    """A share of an entity's rows, at least one."""
    return max(1, round(len(reg.tabellen[entiteit]) * deel))


def _dagen(rijen: Getallen, op: int) -> Getallen:
    return np.full(len(rijen), op, np.int64)


def _kolom(tabel: pd.DataFrame, naam: str) -> npt.NDArray[np.int64]:
    return tabel[naam].to_numpy()


def _jaar_vrij(doelen: Doelen, jaren: Getallen, *indicatoren: str) -> Masker:
    """Years of which none of these indicators was published."""
    vast = {int(periode[:4]) for indicator in indicatoren for periode in doelen.perioden(indicator)}
    return ~np.isin(jaren, list(vast))


# --- between the two full deliveries -----------------------------------------------------------------------------------------------


def _tussen_de_leveringen(reg: Registratie, eerste: int, tweede: int) -> None:
    """What the first delivery still had otherwise: gaps filled, codes corrected, double and mistaken rows deleted."""

    def wijzig(entiteit: str, deel: float, kolom: str, oud: str | int, masker: Masker | bool = True) -> None:
        tabel = reg.tabellen[entiteit]
        rijen = _trek(reg, _huidig(tabel, eerste + 1) & masker, _per(reg, entiteit, deel))
        reg.corrigeer(entiteit, rijen, {kolom: np.full(len(rijen), oud)}, reg.rng.integers(eerste + 1, tweede - 14, len(rijen)))

    wijzig("meldingen", 0.004, "buurt_code", "")
    wijzig("meldingen", 0.003, "urgentie", 3)
    wijzig("meldingen", 0.002, "eerdere_incidenten", -1)
    wijzig("betrokkenen", 0.001, "geslacht", "O")
    wijzig("betrokkenen", 0.0006, "bsn", "000000000", (reg.tabellen["betrokkenen"]["geboortedatum"] != "99999999").to_numpy())
    wijzig("adviesvragen", 0.002, "kanaal", "anders")
    wijzig("huisverboden", 0.004, "aanvrager", "politie")
    wijzig("monitormomenten", 0.003, "structurele_veiligheid", "")
    _onnauwkeurige_geboortedata(reg, eerste + 1, _per(reg, "betrokkenen", 0.002), int(reg.rng.integers(eerste + 1, tweede - 14)))
    for entiteit, deel in (("melding_aarden", 0.0006), ("veiligheidscontacten", 0.001), ("adviesvraag_vormen", 0.0006)):
        rijen = _trek(reg, _huidig(reg.tabellen[entiteit], eerste + 1), _per(reg, entiteit, deel))
        reg.verwijder(entiteit, rijen, reg.rng.integers(eerste + 1, tweede - 14, len(rijen)))
    _dubbel_ingevoerd(reg, eerste)


def _onnauwkeurige_geboortedata(reg: Registratie, voor: int, aantal: int, op: int) -> None:
    """Birth dates of which only the year was known at first."""
    tabel = reg.tabellen["betrokkenen"]
    datum = tabel["geboortedatum"].to_numpy().astype(str)
    rijen = _trek(reg, _huidig(tabel, voor) & (datum != "99999999") & ~np.char.endswith(datum, "00"), aantal)
    jaar = np.array([tekst[:4] for tekst in datum[rijen]], dtype="U4")
    reg.corrigeer("betrokkenen", rijen, {"geboortedatum": np.char.add(jaar, "0000")}, _dagen(rijen, op))


def _dubbel_ingevoerd(reg: Registratie, eerste: int) -> None:
    """Reports of the last weeks before the first delivery that were entered twice, and deleted in the weeks after it."""
    tabel = reg.tabellen["meldingen"]
    begin = dag(f"{int(jaar_van(np.array([eerste]))[0])}-01-01")
    kan = _huidig(tabel, eerste) & (tabel["dag"] >= begin).to_numpy()
    kan &= _jaar_vrij(reg.doelen, jaar_van(_kolom(tabel, "dag")), "meldingen")
    rijen = _trek(reg, kan, max(1, round(12 * reg.doelen.schaal)))
    nummers = _kolom(tabel, "melding")[rijen]
    nieuw = kopieer_meldingen(reg, nummers, ("melding_vormen", "betrokkenen"), None)
    posities = np.flatnonzero(np.isin(_kolom(reg.tabellen["meldingen"], "melding"), nieuw))
    reg.verwijder("meldingen", posities, reg.rng.integers(eerste + 2, eerste + 40, len(posities)))


def kopieer_meldingen(reg: Registratie, nummers: Getallen, kinderen: tuple[str, ...], op: int | None) -> Getallen:
    """Enter reports a second time under new numbers, with copies of what hangs on them; returns the new numbers.

    ``op``: the day of entry; None: the day of the original.
    """
    naar: dict[int, int] = {}
    for entiteit in ("meldingen", *kinderen):
        tabel = reg.tabellen[entiteit]
        kopie = tabel[(tabel["tot"] == NOOIT) & tabel["melding"].isin(nummers)].copy()
        if entiteit == "meldingen":
            oud = kopie["melding"].tolist()
            kopie = reg.hernummer(entiteit, kopie)
            naar = dict(zip(oud, kopie["melding"].tolist(), strict=True))
        else:
            kopie["melding"] = kopie["melding"].map(naar)
            kopie = reg.hernummer(entiteit, kopie) if entiteit in EIGEN_NUMMER else kopie
        if op is not None:
            kopie["van"] = np.maximum(kopie["van"], op)
        reg.voeg_toe(entiteit, kopie)
    return np.array(list(naar.values()), np.int64)


# --- the nights of changes ---------------------------------------------------------------------------------------------------------


def _nachtelijke_velden(reg: Registratie, op: int) -> None:
    """Fields of rows of all years that were corrected today."""
    rng = reg.rng
    meldingen = reg.tabellen["meldingen"]
    for kolom, oud, aantal in (("urgentie", 3, 5), ("buurt_code", "", 6), ("eerdere_incidenten", -1, 4)):
        masker = _huidig(reg.tabellen["meldingen"], op) & (reg.tabellen["meldingen"][kolom] != oud).to_numpy()
        rijen = _trek(reg, masker & (reg.tabellen["meldingen"]["dag"] < op - 60).to_numpy(), aantal)
        reg.corrigeer("meldingen", rijen, {kolom: np.full(len(rijen), oud)}, _dagen(rijen, op))
    _onnauwkeurige_geboortedata(reg, op, 8, op)
    casussen = reg.tabellen["casussen"]
    in_casus = meldingen.groupby("casus")["melding"].nunique().reindex(casussen["casus"]).fillna(0).to_numpy()
    gesloten = _kolom(casussen, "afgesloten")
    eerder = gesloten - 1 - rng.integers(0, 3, len(gesloten))
    zelfde_jaar = jaar_van(np.minimum(eerder, op)) == jaar_van(np.minimum(gesloten, op))
    rijen = _trek(reg, _huidig(casussen, op) & (in_casus == 1) & (gesloten < op) & zelfde_jaar & (eerder > _kolom(casussen, "geopend")), 3)
    reg.corrigeer("casussen", rijen, {"afgesloten": eerder[rijen]}, _dagen(rijen, op))
    vb = reg.tabellen["veiligheidsbeoordelingen"]
    besluit = _kolom(vb, "besluit")
    vrij = _jaar_vrij(reg.doelen, jaar_van(np.minimum(besluit, op)), "aandeel_vb_uitkomst", "aandeel_vb_onveilig")
    rijen = _trek(reg, _huidig(vb, op) & (besluit < op) & vrij & (vb["uitkomst"] != "eenmalig").to_numpy(), 3)
    reg.corrigeer("veiligheidsbeoordelingen", rijen, {"uitkomst": np.full(len(rijen), "eenmalig")}, _dagen(rijen, op))
    aarden = reg.tabellen["melding_aarden"]  # natures of old reports that were registered only now
    rijen = _trek(reg, _huidig(aarden, op), 5)
    van = _kolom(aarden, "van").copy()
    van[rijen] = op
    reg.tabellen["melding_aarden"] = aarden.assign(van=van)


def _verwisselde_overdrachten(reg: Registratie, eerste: int, tweede: int, op: int) -> None:
    """Two transfers of one year and receiver had each other's ``betrokken``; some had a date a few days early."""
    tabel = reg.tabellen["overdrachten"]
    jaar = jaar_van(_kolom(tabel, "op"))
    soort = tabel["ontvanger"].astype(str) + jaar.astype(str) + (tabel["van"] <= eerste).astype(str)
    enige_vorm = (tabel.groupby("overdracht")["van"].transform("size") == 1) & (tabel["van"] <= tweede)
    kan = _huidig(tabel, op) & (jaar < 2025) & enige_vorm.to_numpy()
    ja = np.flatnonzero(kan & (tabel["betrokken"] == "ja").to_numpy())
    nee = np.flatnonzero(kan & (tabel["betrokken"] == "nee").to_numpy())
    if len(ja) and len(nee):
        een = reg.rng.choice(ja)
        ander = nee[(soort.iloc[nee] == soort.iloc[een]).to_numpy()]
        if len(ander):
            paar = np.array([een, reg.rng.choice(ander)])
            reg.corrigeer("overdrachten", paar, {"betrokken": np.array(["nee", "ja"])}, _dagen(paar, op))
    tabel = reg.tabellen["overdrachten"]
    datum = _kolom(tabel, "op")
    eerder = datum - reg.rng.integers(1, 6, len(datum))
    rijen = _trek(reg, _huidig(tabel, op) & (jaar_van(datum) == jaar_van(eerder)) & (datum < op - 60), 3)
    reg.corrigeer("overdrachten", rijen, {"op": eerder[rijen]}, _dagen(rijen, op))


def _nachtelijke_verwijderingen(reg: Registratie, op: int, *, laatste: bool) -> None:
    """Rows that turn out to be mistaken are deleted today, on their own or with all that hangs on them."""
    doelen = reg.doelen
    gemelde = (
        "meldingen",
        *(f"aandeel_meldingen_{s}" for s in ("vorm", "politie", "professionals", "inwoners", "huishouden")),
        "aandeel_hermeldingen",
    )
    meldingen = reg.tabellen["meldingen"]
    meldjaar = pd.Series(jaar_van(_kolom(meldingen, "dag")), index=_kolom(meldingen, "melding")).groupby(level=0).first()

    def weg(entiteit: str, aantal: int, masker: Masker | bool = True) -> None:
        tabel = reg.tabellen[entiteit]
        rijen = _trek(reg, _huidig(tabel, op) & masker, aantal)
        reg.verwijder(entiteit, rijen, _dagen(rijen, op))

    weg("melding_aarden", 4)
    vormen = reg.tabellen["melding_vormen"]
    vrij = _jaar_vrij(doelen, meldjaar.reindex(vormen["melding"]).to_numpy(), "aandeel_meldingen_vorm")
    weg("melding_vormen", 2, vrij & (vormen.groupby("melding")["vorm"].transform("size") > 1).to_numpy())
    weg("betrokkenen", 3, (reg.tabellen["betrokkenen"]["volgnummer"] > 2).to_numpy())
    weg("veiligheidscontacten", 3)
    weg("monitormomenten", 2)
    diensten = reg.tabellen["diensten"]
    vrij = _jaar_vrij(doelen, jaar_van(np.minimum(_kolom(diensten, "afgesloten"), op)), "aandeel_diensten_binnen_termijn")
    weg("diensten", 1, vrij)
    adviezen = reg.tabellen["adviesvragen"]
    weg(
        "adviesvragen",
        1,
        _jaar_vrij(doelen, jaar_van(_kolom(adviezen, "gestart")), "adviesvragen") & (adviezen["gestart"] < op - 60).to_numpy(),
    )
    weg("huisverboden", 1)
    if laatste:
        weg("casussen", 1, _zonder_uitstroom(reg, reg.tabellen["casussen"], op, gemelde))
    else:
        weg("meldingen", 1, _zonder_uitstroom(reg, reg.tabellen["meldingen"], op, gemelde))


def _zonder_uitstroom(reg: Registratie, tabel: pd.DataFrame, op: int, gemelde: tuple[str, ...]) -> Masker:
    """Reports, or cases, that no publication counted: of a free year, in a case without transfer that was not closed in a counted year."""
    doelen = reg.doelen
    meldingen, vb, casussen = (reg.tabellen[e] for e in ("meldingen", "veiligheidsbeoordelingen", "casussen"))
    laatste_vrije = np.isin(jaar_van(_kolom(meldingen, "dag")), [_laatste_vrije_jaar(doelen, gemelde)])
    besluit = vb.groupby("melding")["besluit"].max().reindex(meldingen["melding"]).fillna(NOOIT).to_numpy().astype(np.int64)
    besloten_vrij = _jaar_vrij(
        doelen, jaar_van(np.minimum(besluit, op)), "vb_doorlooptijd_gemiddeld", "aandeel_vb_uitkomst", "aandeel_vb_onveilig"
    )
    diensten = set(reg.tabellen["diensten"]["melding"].tolist())
    bezwaar = ~(laatste_vrije & besloten_vrij) | meldingen["melding"].isin(diensten).to_numpy()
    met_bezwaar = set(meldingen.loc[bezwaar, "casus"].tolist()) | set(reg.tabellen["overdrachten"]["casus"].tolist())
    gesloten = jaar_van(np.minimum(_kolom(casussen, "afgesloten"), op))
    met_bezwaar |= set(casussen.loc[~_jaar_vrij(doelen, gesloten, "casussen_uitgestroomd"), "casus"].tolist())
    return ~tabel["casus"].isin(met_bezwaar).to_numpy()


def _laatste_vrije_jaar(doelen: Doelen, indicatoren: tuple[str, ...]) -> int:
    """The last full year of which none of these was published (0: there is none)."""
    vast = {periode[:4] for indicator in indicatoren for periode in doelen.perioden(indicator)}
    return max((jaar for jaar in range(2016, 2025) if str(jaar) not in vast), default=0)


def _opnieuw_ingevoerd(reg: Registratie, op: int) -> None:
    """Reports and transfers of published years, deleted today and entered again under another number: the figures stay as they are."""
    tabel = reg.tabellen["meldingen"]
    rijen = _trek(reg, _huidig(tabel, op) & (tabel["dag"] < op - 60).to_numpy(), 2)
    kinderen = tuple(e for e, ouders in OUDERS.items() if ("melding", "meldingen") in ouders)
    kopieer_meldingen(reg, _kolom(tabel, "melding")[rijen], kinderen, op)
    reg.verwijder("meldingen", rijen, _dagen(rijen, op))
    tabel = reg.tabellen["overdrachten"]
    rijen = _trek(reg, _huidig(tabel, op) & (tabel["op"] < op - 60).to_numpy(), 2)
    reg.voeg_toe("overdrachten", reg.hernummer("overdrachten", tabel.iloc[rijen]).assign(van=op))
    reg.verwijder("overdrachten", rijen, _dagen(rijen, op))
