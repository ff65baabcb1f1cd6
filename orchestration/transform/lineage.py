"""On which tables the figures of a subject rest, as dbt's manifest has it."""

from orchestration.transform import catalogue, dbt

EVERYWHERE = ("dim_", "int_periode", "int_gebied", "int_figuur", "int_venster", "stg_peildatum", "stg_buiten_venster")
"""How models begin that give days, areas and lists: they read every entity, and no row of theirs is counted."""


def rests_on() -> dict[str, frozenset[str]]:
    """Subject (``int_bijdrage_<subject>``) → names of the models and the entities whose rows its figures are counted from."""
    dbt.parse()
    subjects = {n["name"]: key for key, n in dbt.nodes().items() if n["name"].startswith(catalogue.SUBJECT)}
    return {name.removeprefix(catalogue.SUBJECT): frozenset(_above(key)) for name, key in subjects.items()}


def _above(node: str) -> set[str]:
    known, seen, waiting = dbt.nodes(), set[str](), [node]
    while waiting:
        name = waiting[-1].split(".")[-1]
        key = waiting.pop()
        if name in seen or name.startswith(EVERYWHERE):
            continue
        seen.add(name)
        waiting += known[key]["depends_on"].get("nodes", []) if key in known else []
    return seen
