"""The figures as JSON-stat 2.0: a collection with a cube for each indicator, breakdown, kind of area and kind of period.

A cube has the dimensions meting (the figure; of a share what stands above and below the line too), periode, gebied, and categorie where
there is a breakdown. The status of a figure stands at its cell; what is not in the table has neither status nor value. What JSON-stat has
no place for stands in the extension of the cube: the days of its periods, at which cells a break lies, and how good its figures are.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import duckdb

from orchestration.formats.edition import Edition
from orchestration.formats.open_csv import plain
from orchestration.sql import text

CUBE = "indicator, categorie_soort, gebied_soort, periode_soort, eenheid"
"""What a cube is of: the same for all of its cells."""
MEASURES = ("waarde", "teller", "noemer")
OF_CUBE = ("kwaliteit", "kwaliteit_reden", "peildatum", "verouderd_vanaf", "voorlopig")
"""Columns that are the same for all of its cells too, and that may be empty."""


def write(con: duckdb.DuckDBPyConnection, parquet: Path, path: Path, columns: Mapping[str, str], note: str, edition: Edition) -> None:
    """Write the file at ``path``; ``columns`` with their texts."""
    above, below = (text(columns[m]) for m in MEASURES[1:])
    of_cube = ", ".join(f"any_value({c}) as {c}" for c in OF_CUBE)
    said_of_cube = ", ".join(f"'{c}': {c}" for c in OF_CUBE)
    sizes = "len(periodes) * len(gebieden) * len(categorieen)"
    cubes = con.execute(
        f"""
        with figures as (from read_parquet({text(parquet)})),
        axes as (
            select {CUBE}, min(indicator_naam) as indicator_naam, list_sort(list(distinct periode)) as periodes,
                list_sort(list(distinct gebied)) as gebieden, list_sort(list(distinct categorie)) as categorieen,
                list_distinct(list({{'key': gebied, 'value': gebied_naam}} order by gebied)) as namen,
                list_distinct(list({{'key': categorie, 'value': categorie_naam}} order by categorie)) as categorie_namen,
                list_distinct(list({{'key': periode, 'value': [periode_start, periode_eind]}} order by periode)) as dagen,
                list_distinct(list({{'key': vergelijkbaarheid, 'value': vergelijkbaarheid_reden}} order by vergelijkbaarheid)
                    filter (vergelijkbaarheid is not null)) as redenen,
                {of_cube},
                count(teller) + count(noemer) > 0 as met_delen, max(length(split_part({plain("waarde")}, '.', 2))) as decimals
            from figures group by all
        ),
        places as (
            select {CUBE}, waarde, teller, noemer, status, vergelijkbaarheid, {sizes} as cells,
                ((list_position(periodes, periode) - 1) * len(gebieden) + list_position(gebieden, gebied) - 1) * len(categorieen)
                    + list_position(categorieen, categorie) - 1 as place
            from figures join axes using ({CUBE})
        ),
        said as (
            select {CUBE}, map(list(place::varchar order by place), list(status order by place)) as status,
                map(list(place::varchar order by place) filter (vergelijkbaarheid is not null),
                    list(vergelijkbaarheid order by place) filter (vergelijkbaarheid is not null)) as breaks
            from places group by {CUBE}
        ),
        measured as (
            select {CUBE}, map(list(place::varchar order by place), list(number order by place)) as value from (
                select {CUBE}, place, waarde as number from places
                union all select {CUBE}, cells + place, teller::double from places
                union all select {CUBE}, 2 * cells + place, noemer::double from places
            ) where number is not null group by {CUBE}
        )
        select json_object(
            'version', '2.0', 'class', 'dataset', 'label', indicator_naam,
            'id', if(categorie_soort = '', ['meting', 'periode', 'gebied'], ['meting', 'periode', 'gebied', 'categorie']),
            'size', list_concat([if(met_delen, 3, 1), len(periodes), len(gebieden)], if(categorie_soort = '', [], [len(categorieen)])),
            'role', {{'time': ['periode'], 'geo': ['gebied'], 'metric': ['meting']}},
            'dimension', json_merge_patch(json_object(
                'meting', {{'label': 'Meting', 'category': {{
                    'index': if(met_delen, ['waarde', 'teller', 'noemer'], ['waarde']),
                    'label': if(met_delen, map {{'waarde': indicator_naam, 'teller': {above}, 'noemer': {below}}},
                        map {{'waarde': indicator_naam}}),
                    'unit': if(met_delen, map {{'waarde': {{'label': eenheid, 'decimals': coalesce(decimals, 0)}},
                        'teller': {{'label': 'aantal', 'decimals': 0}}, 'noemer': {{'label': 'aantal', 'decimals': 0}}}},
                        map {{'waarde': {{'label': eenheid, 'decimals': coalesce(decimals, 0)}}}})}}}},
                'periode', {{'label': {text(columns["periode"])}, 'category': {{'index': periodes}}}},
                'gebied', {{'label': {text(columns["gebied"])}, 'category': {{'index': gebieden, 'label': map_from_entries(namen)}}}}),
                if(categorie_soort = '', '{{}}'::json,
                    json_object('categorie', {{'label': {text(columns["categorie"])},
                        'category': {{'index': categorieen, 'label': map_from_entries(categorie_namen)}}}}))),
            'value', coalesce(measured.value, map([]::varchar[], []::double[])), 'status', said.status,
            'extension', {{'indicator': indicator, 'categorie_soort': categorie_soort, 'gebied_soort': gebied_soort,
                'periode_soort': periode_soort, 'eenheid': eenheid, {said_of_cube},
                'dagen': map_from_entries(dagen), 'vergelijkbaarheid': coalesce(breaks, map([]::varchar[], []::varchar[])),
                'vergelijkbaarheid_reden': map_from_entries(coalesce(redenen, [])),
                'categorie_naam': if(categorie_soort = '', categorie_namen[1].value, null)}})::varchar
        from axes join said using ({CUBE}) left join measured using ({CUBE})
        order by {CUBE}
        """
    ).fetchall()
    head = {"version": "2.0", "class": "collection", "label": f"{edition.description.title} {edition.name}"}
    told = {"updated": edition.day} if edition.day else {}
    rest = {"source": edition.description.publisher, "note": [note]}
    begin = json.dumps(head | told | rest, ensure_ascii=False)
    path.write_text(f'{begin[:-1]}, "link": {{"item": [\n' + ",\n".join(c for (c,) in cubes) + "\n]}}\n", encoding="utf-8")


def rows(path: Path, columns: Mapping[str, str]) -> str:
    """What stands in the file, as a query: a row for each cell that has a status or a value."""
    said = ", ".join(f"(d->>'$.extension.{c}')::{columns[c]} as {c}" for c in (*CUBE.split(", "), *OF_CUBE))
    return f"""(
        with cubes as materialized (
            select row_number() over () as n, {said}, d->>'$.dimension.meting.category.label.waarde' as indicator_naam,
                from_json(d->'$.dimension.periode.category.index', '["VARCHAR"]') as periodes,
                from_json(d->'$.dimension.gebied.category.index', '["VARCHAR"]') as gebieden,
                coalesce(from_json(d->'$.dimension.categorie.category.index', '["VARCHAR"]'), ['']) as categorieen,
                (d->'$.dimension.gebied.category.label')::map(varchar, varchar) as namen,
                (d->'$.dimension.categorie.category.label')::map(varchar, varchar) as categorie_namen,
                d->>'$.extension.categorie_naam' as enige_categorie_naam,
                (d->'$.extension.dagen')::map(varchar, date[]) as dagen,
                (d->'$.extension.vergelijkbaarheid')::map(varchar, varchar) as breaks,
                (d->'$.extension.vergelijkbaarheid_reden')::map(varchar, varchar) as redenen,
                len(periodes) * len(gebieden) * len(categorieen) as cells,
                map_entries((d->'$.status')::map(varchar, varchar)) as said, map_entries((d->'$.value')::map(varchar, double)) as measured
            from (select unnest(from_json(json_extract(content, '$.link.item'), '["JSON"]')) as d from read_text({text(path)}))
        ),
        said as (select n, entry.key::bigint as place, entry.value as status from (select n, unnest(said) as entry from cubes)),
        measured as (
            select n, place, max(value) filter (meting = 0) as waarde, max(value) filter (meting = 1)::bigint as teller,
                max(value) filter (meting = 2)::bigint as noemer, max(meting) > 2 as beside
            from (
                select n, key::bigint // cells as meting, key::bigint % cells as place, value
                from (select n, cells, unnest(measured, recursive := true) from cubes)
            ) group by all
        )
        select {{columns}} from (
            select cubes.* exclude (n, said, measured, cells, dagen, breaks, redenen),
                waarde, teller, noemer, if(beside, null, status) as status,
                periodes[1 + place // (len(gebieden) * len(categorieen))] as periode,
                gebieden[1 + place // len(categorieen) % len(gebieden)] as gebied, categorieen[1 + place % len(categorieen)] as categorie,
                namen[gebied] as gebied_naam, coalesce(categorie_namen[categorie], enige_categorie_naam) as categorie_naam,
                dagen[periode][1] as periode_start, dagen[periode][2] as periode_eind,
                breaks[place::varchar] as vergelijkbaarheid, redenen[vergelijkbaarheid] as vergelijkbaarheid_reden
            from cubes left join (from said full join measured using (n, place)) using (n)
        ))""".replace("{columns}", ", ".join(columns))
