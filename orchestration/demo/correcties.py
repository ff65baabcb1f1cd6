"""Corrections."""

from orchestration.demo.registratie import Registratie


def leg_correcties_aan(registratie: Registratie, eerste: int, tweede: int, nachten: int) -> None:
    """Nothing yet."""
