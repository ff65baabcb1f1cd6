"""On which tables the figures of a subject rest, as dbt's manifest has it."""

from orchestration.transform import catalogue, dbt

DIMENSION = "dim_"
ALIKE = {"int_periode", "int_gebied", "int_figuur", "int_venster", "stg_peildatum", "stg_buiten_venster"}
"""How models begin, and how they are called, that give days, areas and lists: they read every entity, and no row of theirs is counted."""
LONG = "model.veilig_thuis.indicatoren"

OF_INDICATORS = """
    select distinct f.indicator::varchar as indicator, coalesce(d.onderwerp, f.onderwerp)::varchar as onderwerp
    from veilig_thuis.intermediate.int_figuur as f
    left join veilig_thuis.intermediate.int_figuur_deel as parts on parts.figuur_id = f.figuur_id
    left join veilig_thuis.intermediate.int_figuur as d on d.figuur_id = parts.deel_id
"""
"""Query of each indicator and the subjects whose rows its figures are counted from, in the build attached as ``veilig_thuis``."""


def rests_on() -> dict[str, frozenset[str]]:
    """Subject (``int_bijdrage_<subject>``) → names of the models and entities that its figures rest on.

    Those whose rows are counted; what is made of the subject on the way to the long table; and what no subject stands above: days, areas,
    lists.
    """
    found = {subject: {name_of(key) for key in above} for subject, above in graphs().items()}
    counted = set[str]().union(*found.values())
    for key in _above(LONG, everything=True):
        if name_of(key) not in counted:
            below = {name_of(above) for above in _above(key, everything=True)}
            of = [subject for subject in found if f"{catalogue.SUBJECT}{subject}" in below] or found
            for subject in of:
                found[subject].add(name_of(key))
    return {subject: frozenset(names) for subject, names in found.items()}


def graphs() -> dict[str, dict[str, list[str]]]:
    """Subject → everything whose rows its figures are counted from, by dbt's own name, each with what it reads of that. Sources read
    nothing."""
    dbt.parse()
    return {
        node["name"].removeprefix(catalogue.SUBJECT): _above(key)
        for key, node in dbt.nodes().items()
        if node["name"].startswith(catalogue.SUBJECT)
    }


def name_of(key: str) -> str:
    """The name of a model or an entity."""
    return key.rsplit(".", maxsplit=1)[-1]


def _above(model: str, *, everything: bool = False) -> dict[str, list[str]]:
    known, seen, waiting = dbt.nodes(), dict[str, list[str]](), [model]
    while waiting:
        if (key := waiting.pop()) in seen:
            continue
        reads = known[key]["depends_on"].get("nodes", []) if key in known else []
        seen[key] = [k for k in reads if everything or not _is_of_all(k)]
        waiting += seen[key]
    return seen


def _is_of_all(key: str) -> bool:
    return key.startswith("seed.") or name_of(key).startswith(DIMENSION) or name_of(key) in ALIKE
