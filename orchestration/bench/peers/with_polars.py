"""The main figures of ``bench/floor.py`` with Polars, by itself and lazily: ``python with_polars.py FOLDER RESULT``."""

import sys
from pathlib import Path

import polars as pl

AMSTERDAM = "Europe/Amsterdam"


def count_main_figures(files: Path) -> pl.DataFrame:
    """Name, two keys and value, in order."""

    def read(name: str) -> pl.LazyFrame:
        return pl.scan_csv(files / f"{name}.csv", separator=";", infer_schema=False)

    def days(start: str, end: str) -> pl.Expr:
        return (pl.col(end).str.to_date() - pl.col(start).str.to_date()).dt.total_days()

    def figure(name: str, rows: pl.LazyFrame, one: pl.Expr, other: pl.Expr, value: pl.Expr) -> pl.LazyFrame:
        keys = [one.fill_null("").alias("een"), other.fill_null("").alias("ander")]
        return rows.group_by(keys).agg(value.cast(pl.Float64).alias("waarde")).select(pl.lit(name).alias("cijfer"), pl.all())

    moment = pl.col("ontvangen_op").str.to_datetime("%Y-%m-%dT%H:%M:%S%z", time_zone="UTC").dt.convert_time_zone(AMSTERDAM)
    meldingen = read("meldingen").with_columns(maand=moment.dt.strftime("%Y-%m"), jaar=moment.dt.strftime("%Y"))
    by_melding = meldingen.select("melding_nummer", "maand")
    vormen = read("melding_vormen").join(by_melding, on="melding_nummer")
    waited = read("veiligheidsbeoordelingen").filter(pl.col("besluit_op").is_not_null()).join(by_melding, on="melding_nummer")
    diensten = read("diensten").filter(pl.col("afgesloten_op").is_not_null())
    households = meldingen.select("jaar", "casus_nummer").join(read("casussen"), on="casus_nummer")
    maand, count = pl.col("maand"), pl.len()
    waiting, lasted = days("gestart_op", "besluit_op"), days("gestart_op", "afgesloten_op")
    return (
        pl.concat(
            [
                figure("meldingen", meldingen, maand, pl.col("gemeente_code"), count),
                figure("melders", meldingen, maand, pl.col("hoedanigheid"), count),
                figure("vormen", vormen, maand, pl.col("vorm"), count),
                figure("wachttijd", waited, maand, pl.lit("gemiddeld"), waiting.mean()),
                figure("mediaan", waited, maand, pl.lit("mediaan"), waiting.median()),
                figure("diensten", diensten, pl.col("gestart_op").str.slice(0, 4), pl.col("soort"), lasted.mean()),
                figure("overdrachten", read("overdrachten"), pl.col("overgedragen_op").str.slice(0, 7), pl.col("ontvanger"), count),
                figure("adviesvragen", read("adviesvragen"), pl.col("gestart_op").str.slice(0, 7), pl.col("kanaal"), count),
                figure("huishoudens", households, pl.col("jaar"), pl.lit(""), pl.col("huishouden_nummer").n_unique()),
            ]
        )
        .sort("cijfer", "een", "ander")
        .collect()
    )


if __name__ == "__main__":
    found = count_main_figures(Path(sys.argv[1]))
    lines = (f"{name};{one};{other};{value:.6f}\n" for name, one, other, value in found.iter_rows())
    Path(sys.argv[2]).write_text("".join(lines), encoding="utf-8")
