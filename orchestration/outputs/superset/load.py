"""Make Superset's own tables, its administrator and the dashboards.

Superset's Python runs this. Files and password come by standard input.
"""

import json
import sys
from pathlib import Path


def main() -> None:
    """Everything again does no harm: what is ours is as in the files afterwards, and what others made is left alone."""
    import superset
    from flask_migrate import upgrade
    from superset.app import create_app

    given = json.load(sys.stdin)
    app = create_app()
    with app.app_context():
        from superset.extensions import appbuilder, db, security_manager

        upgrade(directory=str(Path(superset.__file__).parent / "migrations"))
        appbuilder.add_permissions(update_perms=True)
        security_manager.sync_role_definitions()
        user = security_manager.find_user(username=given["user"])
        if user is None:
            role = security_manager.find_role("Admin")
            user = security_manager.add_user(given["user"], "Beheer", "Veilig Thuis", "beheer@localhost", role, given["password"])
        _load(given["files"], user)
        db.session.commit()


def _load(files: dict[str, str], user: object) -> None:
    from superset.commands.exceptions import CommandInvalidError, ImportFailedError
    from superset.commands.importers.v1.assets import ImportAssetsCommand
    from superset.connectors.sqla.models import SqlaTable
    from superset.extensions import db
    from superset.utils.core import override_user

    with override_user(user):
        command = ImportAssetsCommand(files)
        try:
            command.run()
        except ImportFailedError as error:  # what it found stands in what it came from
            found = error.__cause__
            print(found.normalized_messages() if isinstance(found, CommandInvalidError) else found, file=sys.stderr)
            raise
        for table in db.session.query(SqlaTable).filter_by(is_managed_externally=True):
            table.fetch_metadata()  # columns, with their texts, as the database has them


if __name__ == "__main__":
    main()
