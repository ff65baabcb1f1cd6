"""On which tables the figures of a subject rest, as dbt's manifest has it."""

from orchestration.transform import catalogue, dbt

EVERYWHERE = ("dim_", "int_periode", "int_gebied", "int_figuur", "int_venster", "stg_peildatum", "stg_buiten_venster")
"""How models begin that give days, areas and lists: they read every entity, and no row of theirs is counted."""

OF_INDICATORS = """
    select distinct f.indicator::varchar as indicator, coalesce(d.onderwerp, f.onderwerp)::varchar as onderwerp
    from veilig_thuis.intermediate.int_figuur as f
    left join veilig_thuis.intermediate.int_figuur_deel as parts on parts.figuur_id = f.figuur_id
    left join veilig_thuis.intermediate.int_figuur as d on d.figuur_id = parts.deel_id
"""
"""Query of each indicator and the subjects whose rows its figures are counted from, in the build attached as ``veilig_thuis``."""


def rests_on() -> dict[str, frozenset[str]]:
    """Subject (``int_bijdrage_<subject>``) → names of the models and the entities whose rows its figures are counted from."""
    return {subject: frozenset(name_of(key) for key in above) for subject, above in graphs().items()}


def graphs() -> dict[str, dict[str, list[str]]]:
    """Subject → everything that its figures rest on, by dbt's own name, each with what it reads of that. Sources read nothing."""
    dbt.parse()
    return {
        node["name"].removeprefix(catalogue.SUBJECT): _above(key)
        for key, node in dbt.nodes().items()
        if node["name"].startswith(catalogue.SUBJECT)
    }


def name_of(key: str) -> str:
    """The name of a model or an entity."""
    return key.rsplit(".", maxsplit=1)[-1]


def _above(subject: str) -> dict[str, list[str]]:
    known, seen, waiting = dbt.nodes(), dict[str, list[str]](), [subject]
    while waiting:
        if (key := waiting.pop()) in seen:
            continue
        reads = known[key]["depends_on"].get("nodes", []) if key in known else []
        seen[key] = [k for k in reads if not name_of(k).startswith(EVERYWHERE) and not k.startswith("seed.")]
        waiting += seen[key]
    return seen
