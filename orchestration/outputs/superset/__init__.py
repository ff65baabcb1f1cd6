"""Apache Superset on this machine: its PostgreSQL, what it is told, the dashboards that are kept as files.

``superset_config.py`` and ``load.py`` are run by Superset's own Python, which has nothing of the project's environment.
"""
