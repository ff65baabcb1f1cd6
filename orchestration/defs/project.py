"""Where dbt's project is, for Dagster. Apart from the rest, so that importing it costs nothing but a check for the manifest."""

from dagster_dbt import DbtProject

from orchestration.build import dbt

if not dbt.MANIFEST.exists():
    dbt.parse()

warehouse = DbtProject(project_dir=dbt.DBT_PROJECT, profiles_dir=dbt.DBT_PROJECT, target="build")
