"""This machine as a service or a container sees it: the same programs, another user, and nothing to write in but what is named."""

import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from orchestration.settings import PROJECT

INSTALLED = Path("/opt/veilig-thuis")
"""Where the examples have the checkout; it is at its own path too, which its environment knows."""


@dataclass
class Machine:
    """A root of its own, read-only, with a ``/tmp`` and the folders that are named."""

    folder: Path
    """Where it is put together; removed by whoever made it."""
    writable: dict[str, Path]
    """Path as the machine has it → the folder of this one that it is."""
    users: dict[str, int] = field(default_factory=dict)
    """Users beside those of this machine, by name."""

    def run(
        self, command: list[str], uid: int, environment: dict[str, str], umask: int = 0o022, cwd: str = "/"
    ) -> subprocess.CompletedProcess[str]:
        """Run ``command`` as ``uid``, with this environment and nothing else in it."""
        return subprocess.run(self.command(command, uid, environment, umask, cwd), capture_output=True, text=True, check=False)

    def command(self, command: list[str], uid: int, environment: dict[str, str], umask: int = 0o022, cwd: str = "/") -> list[str]:
        """What ``run`` runs, for a process that stays."""
        root = self.folder / "root"
        root.mkdir(exist_ok=True)
        as_user = ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", "--no-new-privs", "--bounding-set=-all"]
        inside = f"umask {umask:03o}; cd {shlex.quote(cwd)}; exec {shlex.join(command)}"
        names = [f"{k}={v}" for k, v in environment.items()]
        enter = ["exec", "chroot", str(root), *as_user, "env", "-i", *names, "/bin/sh", "-c", inside]
        return ["unshare", "--mount", "sh", "-euc", f"umask 022; {self._put_together(root)}\n{shlex.join(enter)}"]

    def _put_together(self, root: Path) -> str:
        def mount(path: str, source: object = None, *, read_only: bool = True) -> str:
            here, there = shlex.quote(str(source or path)), shlex.quote(f"{root}{path}")
            only = f"; mount -o remount,bind,ro {there}" if read_only else ""
            return f"mkdir -p {there}; mount --rbind {here} {there}{only}"

        at = shlex.quote(str(root))
        lines = [f"mount -t tmpfs -o mode=755 tmpfs {at}", f"cp -a /etc {at}/etc"]
        for path in (Path("/") / name for name in ("bin", "sbin", "lib", "lib64", "usr")):
            if path.is_symlink():
                lines.append(f"cp -a {path} {at}{path}")
            elif path.is_dir():
                lines.append(mount(str(path)))
        # before the checkout, which may lie in it
        lines.append(f"mkdir {at}/tmp; mount -t tmpfs -o mode=1777 tmpfs {at}/tmp")
        if not Path(sys.base_prefix).is_relative_to("/usr"):
            lines.append(mount(sys.base_prefix))
        lines += [mount(str(PROJECT)), mount(str(INSTALLED), PROJECT)]
        lines += [mount("/proc", read_only=False), mount("/dev", read_only=False)]
        for name, uid in self.users.items():
            lines.append(f"echo {name}:x:{uid}:{uid}::/home/{name}:/usr/sbin/nologin >> {at}/etc/passwd")
        lines += [mount(path, source, read_only=False) for path, source in self.writable.items()]
        lines.append(f"mount -o remount,ro {at}")
        return "\n".join(lines)


def needs(program: str, package: str) -> None:
    """Install what is missing where this is root on Debian; skip elsewhere, but not in CI."""
    if shutil.which(program) is None:
        done = subprocess.run([PROJECT / "scripts" / "install_package", package, program], capture_output=True, text=True, check=False)
        if done.returncode:
            assert "CI" not in os.environ, done.stderr
            pytest.skip(done.stderr.strip().splitlines()[-1])


def needs_root() -> None:
    """Skip where a root of its own cannot be put together, but not in CI."""
    needs("unshare", "util-linux")
    needs("setpriv", "util-linux")
    why = "this needs root on Linux, who may mount: sudo .venv/bin/pytest tests/deployment"
    tried = os.geteuid() == 0 and subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode == 0
    if not tried:
        assert "CI" not in os.environ, why
        pytest.skip(why)
