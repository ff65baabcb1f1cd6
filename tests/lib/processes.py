"""What anyone with the same rights sees of the processes that a test starts: their environment and their command line (Linux)."""

import os
import threading
from pathlib import Path
from types import TracebackType


def _children() -> dict[int, list[int]]:
    """Process → its children, as /proc has them now."""
    found: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it ended meanwhile
            continue
        found.setdefault(parent, []).append(int(stat.parent.name))
    return found


class Watched:
    """Looks, as long as the context lasts, at every process that this one starts, directly or not."""

    def __init__(self) -> None:
        self.seen: dict[int, tuple[bytes, bytes]] = {}
        """Process → command line and environment."""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        while not self._stop.wait(0.1):
            children, todo = _children(), [os.getpid()]
            while todo:
                for pid in children.get(todo.pop(), []):
                    todo.append(pid)
                    try:
                        self.seen[pid] = (Path(f"/proc/{pid}/cmdline").read_bytes(), Path(f"/proc/{pid}/environ").read_bytes())
                    except OSError:
                        continue

    def __enter__(self) -> "Watched":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()

    def of_dbt(self) -> list[tuple[bytes, bytes]]:
        """What was seen of processes that had the build opened to them."""
        return [seen for seen in self.seen.values() if b"VT_DBT_BUILD_DB=" in seen[1]]
