"""A PostgreSQL server of the test's own: a fresh cluster in a folder of its own, on a free port of 127.0.0.1."""

import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile

from .process import Process
from .redis_server import free_port

USER = "shop"
PASSWORD = "p@ss/word"


def _programs() -> pathlib.Path:
    versions = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    assert versions, "no PostgreSQL server is installed (apt-get install postgresql)"
    return versions[-1].parent


def _command(*words) -> list[str]:
    """PostgreSQL refuses to run as root."""
    become = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.getuid() == 0 else []
    return [*become, *map(str, words)]


class PostgresServer:
    def __init__(self):
        # Not in the test's folder, which an unprivileged user may not enter.
        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="postgres-"))
        self.port = free_port()
        password_file = self._folder / "password"
        password_file.write_text(PASSWORD)
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            for path in (self._folder, password_file):
                os.chown(path, nobody.pw_uid, nobody.pw_gid)
        data = self._folder / "data"
        subprocess.run(_command(_programs() / "initdb", "-D", data, "-U", USER, "--pwfile", password_file,
                                "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync"),
                       cwd=self._folder, check=True, capture_output=True, stdin=subprocess.DEVNULL)
        self._process = Process(_command(_programs() / "postgres", "-D", data, "-k", self._folder, "-p", self.port,
                                         "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off",
                                         "-c", "logging_collector=off"), cwd=self._folder)
        self._process.wait_line("database system is ready to accept connections", 60)

    @property
    def url(self) -> str:
        return f"postgresql://{USER}:p%40ss%2Fword@127.0.0.1:{self.port}/postgres"

    def query(self, statement: str) -> list[tuple[str, ...]]:
        """What one or more statements return, every value as text."""
        done = subprocess.run([_programs() / "psql", "-XqAt", "-F", "\t", "-v", "ON_ERROR_STOP=1", self.url],
                              input=statement, text=True, capture_output=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return [tuple(line.split("\t")) for line in done.stdout.splitlines()]

    def close(self) -> None:
        self._process.close()
        shutil.rmtree(self._folder, ignore_errors=True)
