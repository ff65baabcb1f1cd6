"""Who may read a release beside its owner: a group for what leaves, a group for the exact figures, and nobody else.

Readers pass through the data folder and the release (mode 0711) and can list neither. What figures are traced with and what the audit used
stay for the owner alone, as do landing, vault and key.
"""

import grp
import os
from pathlib import Path

from orchestration.errors import UserError
from orchestration.files import FILE_MODE, FOLDER_MODE
from orchestration.language import say
from orchestration.release import public, store, trace
from orchestration.settings import Settings

PASSED, ENTERED, READ = 0o711, 0o750, 0o640
INTERN = store.DATABASE.parent
CLOSED = (trace.FOLDER, public.WITHIN)
"""In ``intern/`` and yet for the owner alone."""


class RightsError(UserError):
    """A group that may read is not there, or could read more than a release."""


def hold(settings: Settings) -> dict[Path, int]:
    """The folder of a release that each group may read, with the group's number; empty when no group is set.

    Raises ``RightsError`` for a group that does not exist, that this user may not give files to, or that could read the key or anything
    else in the data folder.
    """
    named = {INTERN: settings.groep_intern, public.FOLDER: settings.groep_publiek}
    groups = {folder: _number(name) for folder, name in named.items() if name}
    beside = [p for p in settings.root.iterdir() if p != settings.releases] if groups and settings.root.exists() else []
    for path in sorted({*beside, settings.key_path} if groups else ()):
        if path.exists() and _open_to(path, set(groups.values())):
            raise RightsError(
                say(
                    "With VT_GROEP_INTERN or VT_GROEP_PUBLIEK others may pass through the data folder, and {path} is open to them "
                    "(mode {mode}). Close it: chmod go= {path}",
                    path=path,
                    mode=f"{path.stat().st_mode & 0o777:o}",
                )
            )
    return groups


def _number(name: str) -> int:
    try:
        number = grp.getgrnam(name).gr_gid
    except KeyError:
        raise RightsError(
            say("There is no group {name} (VT_GROEP_INTERN, VT_GROEP_PUBLIEK): groupadd {name}, or name another.", name=name)
        ) from None
    if os.geteuid() != 0 and number not in {os.getegid(), *os.getgroups()}:
        raise RightsError(
            say("This user may give no files to group {name}: make it a member (usermod -aG {name} <user>) and start again.", name=name)
        )
    return number


def _open_to(path: Path, groups: set[int]) -> bool:
    """Whether everyone, or one of these groups, may do anything with it."""
    found = path.stat()
    return bool(found.st_mode & 0o007 or (found.st_gid in groups and found.st_mode & 0o070))


def give(settings: Settings, folder: Path) -> None:
    """Give all in a release folder its rights; DuckDB and others made some of it by the umask of the process. Raises as ``hold``."""
    groups = hold(settings)
    for path in folder.rglob("*"):
        below = path.relative_to(folder)
        group = groups.get(Path(below.parts[0]))
        if group is None or any(below.is_relative_to(closed) for closed in CLOSED):
            path.chmod(FOLDER_MODE if path.is_dir() else FILE_MODE)
            continue
        os.chown(path, -1, group)
        path.chmod(ENTERED if path.is_dir() else READ)
    if groups:
        for passed in (settings.root, settings.releases, folder):
            passed.chmod(PASSED)
