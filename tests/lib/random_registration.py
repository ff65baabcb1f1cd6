"""A small registration in which everything occurs: some 200 reports over two years, with all that hangs on them."""

import random
from datetime import date, timedelta

from orchestration.intake.contract import load_contract
from tests.lib.handmade import Aanlevering, Rij, elfproef

PEILDATUM = date(2024, 12, 31)


def registratie(nummer: int = 1, meldingen: int = 200, seed: int = 7) -> Aanlevering:
    """A ``volledig`` delivery of it; the same seed gives the same rows."""
    maker = _Maker(random.Random(seed))
    maker.maak(meldingen)
    return Aanlevering(nummer, peildatum=PEILDATUM.isoformat(), rijen=maker.rijen)


class _Maker:
    def __init__(self, rng: random.Random) -> None:
        self.rng, self.contract = rng, load_contract()
        self.rijen: dict[str, list[Rij]] = {e: [] for e in self.contract.namen}

    def code(self, lijst: str) -> str:
        return self.rng.choice(self.contract.codelijsten[lijst])

    def kans(self, deel: float) -> bool:
        return self.rng.random() < deel

    def later(self, dag: date, hoogstens: int) -> date:
        return dag + timedelta(days=self.rng.randrange(hoogstens + 1))

    def erbij(self, entiteit: str, **velden: object) -> Rij:
        row = {k: "" if v is None else str(v) for k, v in velden.items()}
        self.rijen[entiteit].append(row)
        return row

    def maak(self, meldingen: int) -> None:
        persons = [elfproef(i * 37) for i in range(meldingen)]
        for i in range(meldingen):
            received = self.later(date(2022, 6, 1), 900)
            again = self.kans(0.3) and self.rijen["casussen"]
            case = self.rng.choice(self.rijen["casussen"]) if again else self.casus(len(self.rijen["casussen"]), received)
            received = max(received, date.fromisoformat(case["geopend_op"]))
            self.melding(f"M{i:04d}", case, received, persons)
            if self.kans(0.5):
                self.advies(f"A{i:04d}", received)

    def casus(self, i: int, dag: date) -> Rij:
        closed = self.later(dag, 200) if self.kans(0.6) else None
        closed = closed if closed and closed <= PEILDATUM else None
        nummer = f"C{i:04d}"
        row = self.erbij("casussen", casus_nummer=nummer, huishouden_nummer=f"H{i % 90:04d}", geopend_op=dag, afgesloten_op=closed)
        if self.kans(0.5):
            carried_out = min(self.later(dag, 200), PEILDATUM)
            answers = {f"{k}_veiligheid": self.rng.choice(["ja", "nee", ""]) for k in ("directe", "structurele")}
            self.erbij("monitormomenten", moment_nummer=f"P{i}", casus_nummer=nummer, gepland_op=dag, uitgevoerd_op=carried_out, **answers)
        if self.kans(0.3):
            self.erbij(
                "huisverboden",
                huisverbod_nummer=f"X{i}",
                casus_nummer=nummer,
                opgelegd_op=min(self.later(dag, 60), PEILDATUM),
                aanvrager=self.code("huisverbod_aanvrager"),
            )
        return row

    def melding(self, nummer: str, casus: Rij, dag: date, personen: list[str]) -> None:
        gemeente = self.rng.choice(["GM0363", "GM0363", "GM0384", "GM0362", "GM0001", ""])
        minutes = self.rng.randrange(600)
        judged = self.kans(0.5)
        self.erbij(
            "meldingen",
            melding_nummer=nummer,
            casus_nummer=casus["casus_nummer"],
            ontvangen_op=f"{dag}T0{minutes // 60}:{minutes % 60:02d}:00+01:00",
            hoedanigheid=self.code("melder"),
            huishouden_met_kinderen=self.rng.choice(["ja", "nee"]),
            gemeente_code=gemeente,
            stadsdeel_code=self.rng.choice("AEFKMNT") if gemeente == "GM0363" else "",
            urgentie=self.rng.choice("1234"),
            eerdere_incidenten=self.rng.choice(["", "0", "1", "4"]),
            acuut_beoordeeld_op=f"{dag}T{10 + self.rng.randrange(5)}:30:00+01:00" if judged else "",
            acuut_vermoeden=self.rng.choice(["ja", "nee"]) if judged else "",
        )
        for vorm in sorted({self.code("vorm") for _ in range(self.rng.randrange(3))}):
            self.erbij("melding_vormen", melding_nummer=nummer, vorm=vorm)
        for aard in sorted({self.code("aard") for _ in range(self.rng.randrange(3))}):
            self.erbij("melding_aarden", melding_nummer=nummer, aard=aard)
        for n in range(1, self.rng.randrange(1, 4)):
            born = self.later(date(1950, 1, 1), 25000).strftime("%Y%m%d")
            person = {"bsn": self.rng.choice(personen), "geboortedatum": born, "geslacht": self.rng.choice("VMO")}
            self.erbij("betrokkenen", melding_nummer=nummer, volgnummer=n, **person)
        decided = min(self.later(dag, 20), PEILDATUM) if self.kans(0.8) else None
        outcome = {"uitkomst": self.code("vb_uitkomst"), "besluit": self.code("vb_besluit")} if decided else {}
        self.erbij("veiligheidsbeoordelingen", melding_nummer=nummer, gestart_op=dag, besluit_op=decided, **outcome)
        if self.kans(0.3):
            self.erbij("veiligheidscontacten", contact_nummer=f"V{nummer}", melding_nummer=nummer, contact_op=dag, met="melder")
        start = decided or dag
        if self.kans(0.5):
            self.dienst(nummer, start)
        if self.kans(0.6):
            self.erbij(
                "overdrachten",
                overdracht_nummer=f"O{nummer}",
                casus_nummer=casus["casus_nummer"],
                melding_nummer=nummer if self.kans(0.7) else "",
                moment=self.code("overdracht_moment"),
                overgedragen_op=min(self.later(start, 100), PEILDATUM),
                ontvanger=self.code("ontvanger"),
                ontvanger_betrokken=self.rng.choice(["ja", "nee", ""]),
            )

    def dienst(self, melding: str, dag: date) -> None:
        kind = self.code("dienst_soort")
        closed = self.later(dag, 120) if self.kans(0.7) else None
        closed = closed if closed and closed <= PEILDATUM else None
        outcome = self.code("onderzoek_uitkomst") if kind == "onderzoek" and closed else ""
        self.erbij(
            "diensten",
            dienst_nummer=f"D{melding}",
            melding_nummer=melding,
            soort=kind,
            gestart_op=dag,
            afgesloten_op=closed,
            uitkomst_huiselijk_geweld=outcome,
            uitkomst_kindermishandeling=outcome,
        )

    def advies(self, nummer: str, dag: date) -> None:
        anonymous = self.kans(0.3)
        self.erbij(
            "adviesvragen",
            advies_nummer=nummer,
            gestart_op=dag,
            kanaal=self.code("kanaal"),
            hoedanigheid=self.code("melder"),
            anoniem="ja" if anonymous else "nee",
            gemeente_code="" if anonymous else self.rng.choice(["GM0363", "GM0451", ""]),
        )
        if self.kans(0.5):
            self.erbij("adviesvraag_vormen", advies_nummer=nummer, vorm=self.code("vorm"))
