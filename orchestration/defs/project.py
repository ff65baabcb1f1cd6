"""Where dbt's project is, for Dagster. Apart from the rest: importing it costs a look whether the manifest is of today."""

from dagster_dbt import DbtProject

from orchestration.transform import dbt

dbt.parse()

warehouse = DbtProject(
    project_dir=dbt.DBT_PROJECT,
    target_path=dbt.MANIFEST.parent.relative_to(dbt.DBT_PROJECT),
    profiles_dir=dbt.DBT_PROJECT,
    target="build",
)
