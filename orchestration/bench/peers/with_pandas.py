"""The main figures of ``bench/floor.py`` with pandas, by itself: ``python with_pandas.py FOLDER RESULT``."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

AMSTERDAM = "Europe/Amsterdam"


def count_main_figures(files: Path) -> dict[str, Any]:
    """Name → series of values by two keys."""

    def read(name: str, *columns: str) -> pd.DataFrame:
        return pd.read_csv(files / f"{name}.csv", sep=";", dtype="str", usecols=list(columns), engine="pyarrow", keep_default_na=False)

    def days(frame: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
        """Of rows that ended, how long they took."""
        ended = frame[frame[end] != ""]
        return ended.assign(dagen=(pd.to_datetime(ended[end]) - pd.to_datetime(ended[start])).dt.days)

    meldingen = read("meldingen", "melding_nummer", "casus_nummer", "ontvangen_op", "hoedanigheid", "gemeente_code")
    moments = pd.to_datetime(meldingen["ontvangen_op"], utc=True).dt.tz_convert(AMSTERDAM)
    meldingen["maand"], meldingen["jaar"] = moments.dt.strftime("%Y-%m"), moments.dt.strftime("%Y")
    by_melding = meldingen[["melding_nummer", "maand"]]
    vormen = read("melding_vormen", "melding_nummer", "vorm").merge(by_melding, on="melding_nummer")
    assessed = days(read("veiligheidsbeoordelingen", "melding_nummer", "gestart_op", "besluit_op"), "gestart_op", "besluit_op")
    waited = assessed.merge(by_melding, on="melding_nummer")
    diensten = days(read("diensten", "soort", "gestart_op", "afgesloten_op"), "gestart_op", "afgesloten_op")
    overdrachten, adviesvragen = read("overdrachten", "overgedragen_op", "ontvanger"), read("adviesvragen", "gestart_op", "kanaal")
    households = meldingen[["jaar", "casus_nummer"]].merge(read("casussen", "casus_nummer", "huishouden_nummer"), on="casus_nummer")
    size: Callable[..., pd.Series] = lambda frame, *keys: frame.groupby(list(keys)).size()  # noqa: E731
    return {
        "meldingen": size(meldingen, "maand", "gemeente_code"),
        "melders": size(meldingen, "maand", "hoedanigheid"),
        "vormen": size(vormen, "maand", "vorm"),
        "wachttijd": waited.assign(wat="gemiddeld").groupby(["maand", "wat"])["dagen"].mean(),
        "mediaan": waited.assign(wat="mediaan").groupby(["maand", "wat"])["dagen"].median(),
        "diensten": diensten.assign(jaar=diensten["gestart_op"].str[:4]).groupby(["jaar", "soort"])["dagen"].mean(),
        "overdrachten": size(overdrachten.assign(maand=overdrachten["overgedragen_op"].str[:7]), "maand", "ontvanger"),
        "adviesvragen": size(adviesvragen.assign(maand=adviesvragen["gestart_op"].str[:7]), "maand", "kanaal"),
        "huishoudens": households.assign(wat="").groupby(["jaar", "wat"])["huishouden_nummer"].nunique(),
    }


if __name__ == "__main__":
    found = count_main_figures(Path(sys.argv[1]))
    lines = sorted((name, one, other, value) for name, values in found.items() for (one, other), value in values.items())
    Path(sys.argv[2]).write_text("".join(f"{name};{one};{other};{value:.6f}\n" for name, one, other, value in lines), encoding="utf-8")
