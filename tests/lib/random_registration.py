"""A small registration in which everything occurs: some 200 reports over two years, with all that hangs on them."""

import random
from datetime import date, timedelta

from orchestration import seeds
from orchestration.intake.contract import load_contract
from tests.lib.handmade import HandmadeDelivery, Row, eleven_test

PEILDATUM = date(2024, 12, 31)


def registration(nummer: int = 1, meldingen: int = 200, seed: int = 7, days: int = 900) -> HandmadeDelivery:
    """A ``volledig`` delivery of it; the same seed gives the same rows. Reports lie in ``days`` from June 2022 on (943: to the end)."""
    maker = _Maker(random.Random(seed))
    maker.make(meldingen, days)
    maker.capaciteit()
    return HandmadeDelivery(nummer, peildatum=PEILDATUM.isoformat(), rows=maker.rows)


class _Maker:
    def __init__(self, rng: random.Random) -> None:
        self.rng, self.contract = rng, load_contract()
        self.rows: dict[str, list[Row]] = {e: [] for e in self.contract.names}
        there = [r["gemeente_code"] for r in seeds.rows("areas/gemeenten.csv")]
        region = ["GM0363", "GM0384", "GM0362"] if "GM0363" in there else there[:3]
        self.gemeenten = [region[0], *region, "GM0001", ""]

    def code(self, code_list: str) -> str:
        return self.rng.choice(self.contract.code_lists[code_list])

    def chance(self, part: float) -> bool:
        return self.rng.random() < part

    def later(self, day: date, at_most: int) -> date:
        return day + timedelta(days=self.rng.randrange(at_most + 1))

    def add(self, entity: str, **fields: object) -> Row:
        row = {k: "" if v is None else str(v) for k, v in fields.items()}
        self.rows[entity].append(row)
        return row

    def make(self, meldingen: int, days: int) -> None:
        persons = [eleven_test(i * 37) for i in range(meldingen)]
        for i in range(meldingen):
            received = self.later(date(2022, 6, 1), days)
            again = self.chance(0.3) and self.rows["casussen"]
            case = self.rng.choice(self.rows["casussen"]) if again else self.casus(len(self.rows["casussen"]), received)
            received = max(received, date.fromisoformat(case["geopend_op"]))
            self.melding(f"M{i:04d}", case, received, persons)
            if self.chance(0.5):
                self.advies(f"A{i:04d}", received)

    def casus(self, i: int, day: date) -> Row:
        closed = self.later(day, 200) if self.chance(0.6) else None
        closed = closed if closed and closed <= PEILDATUM else None
        nummer = f"C{i:04d}"
        row = self.add("casussen", casus_nummer=nummer, huishouden_nummer=f"H{i % 90:04d}", geopend_op=day, afgesloten_op=closed)
        if self.chance(0.5):
            carried_out = min(self.later(day, 200), PEILDATUM)
            answers = {f"{k}_veiligheid": self.rng.choice(["ja", "nee", ""]) for k in ("directe", "structurele")}
            self.add("monitormomenten", moment_nummer=f"P{i}", casus_nummer=nummer, gepland_op=day, uitgevoerd_op=carried_out, **answers)
        if self.chance(0.3):
            self.add(
                "huisverboden",
                huisverbod_nummer=f"X{i}",
                casus_nummer=nummer,
                opgelegd_op=min(self.later(day, 60), PEILDATUM),
                aanvrager=self.code("huisverbod_aanvrager"),
            )
        return row

    def melding(self, nummer: str, casus: Row, day: date, people: list[str]) -> None:
        gemeente = self.rng.choice(self.gemeenten)
        minutes = self.rng.randrange(600)
        judged = self.chance(0.5)
        self.add(
            "meldingen",
            melding_nummer=nummer,
            casus_nummer=casus["casus_nummer"],
            ontvangen_op=f"{day}T0{minutes // 60}:{minutes % 60:02d}:00+01:00",
            hoedanigheid=self.code("melder"),
            huishouden_met_kinderen=self.rng.choice(["ja", "nee"]),
            gemeente_code=gemeente,
            stadsdeel_code=self.rng.choice("AEFKMNT") if gemeente and gemeente == self.contract.stadsdeel_gemeente else "",
            urgentie=self.rng.choice("1234"),
            eerdere_incidenten=self.rng.choice(["", "0", "1", "4"]),
            acuut_beoordeeld_op=f"{day}T{10 + self.rng.randrange(5)}:30:00+01:00" if judged else "",
            acuut_vermoeden=self.rng.choice(["ja", "nee"]) if judged else "",
        )
        for vorm in sorted({self.code("vorm") for _ in range(self.rng.randrange(3))}):
            self.add("melding_vormen", melding_nummer=nummer, vorm=vorm)
        for aard in sorted({self.code("aard") for _ in range(self.rng.randrange(3))}):
            self.add("melding_aarden", melding_nummer=nummer, aard=aard)
        for n in range(1, self.rng.randrange(1, 4)):
            born = self.later(date(1950, 1, 1), 25000).strftime("%Y%m%d")
            person = {"bsn": self.rng.choice(people), "geboortedatum": born, "geslacht": self.rng.choice("VMO")}
            self.add("betrokkenen", melding_nummer=nummer, volgnummer=n, **(person | self.sentinels(int(nummer[1:]), n)))
        decided = min(self.later(day, 20), PEILDATUM) if self.chance(0.8) else None
        outcome = {"uitkomst": self.code("vb_uitkomst"), "besluit": self.code("vb_besluit")} if decided else {}
        self.add("veiligheidsbeoordelingen", melding_nummer=nummer, gestart_op=day, besluit_op=decided, **outcome)
        if self.chance(0.3):
            self.add("veiligheidscontacten", contact_nummer=f"V{nummer}", melding_nummer=nummer, contact_op=day, met="melder")
        start = decided or day
        if self.chance(0.5):
            self.dienst(nummer, start)
        if self.chance(0.6):
            self.add(
                "overdrachten",
                overdracht_nummer=f"O{nummer}",
                casus_nummer=casus["casus_nummer"],
                melding_nummer=nummer if self.chance(0.7) else "",
                moment=self.code("overdracht_moment"),
                overgedragen_op=min(self.later(start, 100), PEILDATUM),
                ontvanger=self.code("ontvanger"),
                ontvanger_betrokken=self.rng.choice(["ja", "nee", ""]),
            )

    def sentinels(self, number: int, person: int) -> Row:
        """What stands where nobody knows, or nobody was born yet; of some reports."""
        if person != 1 or number % 9:
            return {}
        known = (
            {"bsn": "000000000"},
            {"bsn": "999999999", "geboortedatum": "99999999"},
            {"geboortedatum": "19840600"},
            {"geboortedatum": "19840000"},
        )
        return dict(known[number // 9 % len(known)])

    def dienst(self, melding: str, day: date) -> None:
        kind = self.code("dienst_soort")
        closed = self.later(day, 120) if self.chance(0.7) else None
        closed = closed if closed and closed <= PEILDATUM else None
        outcome = self.code("onderzoek_uitkomst") if kind == "onderzoek" and closed else ""
        self.add(
            "diensten",
            dienst_nummer=f"D{melding}",
            melding_nummer=melding,
            soort=kind,
            gestart_op=day,
            afgesloten_op=closed,
            uitkomst_huiselijk_geweld=outcome,
            uitkomst_kindermishandeling=outcome,
        )

    def capaciteit(self) -> None:
        """Two teams a month, of one of which the absence is not always known; of one month nothing is."""
        for month in (f"{year}-{number:02d}" for year in (2023, 2024) for number in range(1, 13)):
            if month == "2023-08":
                continue
            for team, posts in (("Spoedteam", 12), ("Overig", 4)):
                absent = "" if team == "Overig" and month < "2023-06" else f"{self.rng.randrange(150) / 10}"
                filled = f"{posts - self.rng.randrange(30) / 10:g}".replace(".", ",")
                self.add("capaciteit", maand=month, team=team, formatie_fte=posts, bezetting_fte=filled, verzuim_procent=absent)

    def advies(self, nummer: str, day: date) -> None:
        anonymous = self.chance(0.3)
        closed = day + timedelta(days=int(nummer[1:]) % 60)
        self.add(
            "adviesvragen",
            advies_nummer=nummer,
            gestart_op=day,
            afgesloten_op=closed if int(nummer[1:]) % 4 and closed <= PEILDATUM else None,
            kanaal=self.code("kanaal"),
            hoedanigheid=self.code("melder"),
            anoniem="ja" if anonymous else "nee",
            gemeente_code="" if anonymous else self.rng.choice(["GM0363", "GM0451", ""]),
        )
        if self.chance(0.5):
            self.add("adviesvraag_vormen", advies_nummer=nummer, vorm=self.code("vorm"))
