"""Workers of ours, as programs: build/bin/localtea, and the laboratory program of tests/programs."""

import itertools
import os
import pathlib
import re
import subprocess

from .process import Process

ROOT = pathlib.Path(__file__).resolve().parents[2]
# LOCALTEA_BIN points the tests at another build, such as the one with sanitizers.
BIN = pathlib.Path(os.environ.get("LOCALTEA_BIN", ROOT / "build" / "bin"))

_numbers = itertools.count()
_OUTCOME = re.compile(r"Task (\S+)\[([^\]]+)\] (succeeded|failed|is tried again|was rejected) in ")


def shop_environment(folder: pathlib.Path, redis_url: str) -> dict[str, str]:
    """A complete configuration; nothing of the machine's own leaks in."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PROJECT_NAME": "LocalTea",
        "SECRET_KEY": "tests-only-secret-of-forty-characters-000",
        "CSRF_SECRET_KEY": "tests-only-csrf-secret-of-forty-chars-00",
        "DATABASE_URL": f"sqlite:///{folder}/shop.db",
        "REDIS_URL": redis_url,
        "MAIL_BACKEND": "file",
        "DEBUG": "true",
        # A test's customers all have one address.
        "RATE_LIMIT_ENABLED": "false",
    }


class Worker:
    """One worker process; `url` is what it connects to, which may be a proxy."""

    def __init__(self, folder: pathlib.Path, url: str, *, program: str = "localtea",
                 name: str | None = None, concurrency: int = 4, lease: float | None = 1.0,
                 queues: str = "main-queue,celery", env: dict[str, str] | None = None,
                 options: tuple[str, ...] = (), loglevel: str = "info", ready: bool = True,
                 wrapper: tuple[str, ...] = ()):
        self.name = name or f"w{os.getpid()}-{next(_numbers)}"
        self.concurrency = concurrency
        folder.mkdir(parents=True, exist_ok=True)
        command = [BIN / program, "worker", f"--loglevel={loglevel}", "-n", self.name, "-c", str(concurrency), "-Q", queues]
        command += ["--lease", str(lease)] if lease else []
        self.process = Process([*wrapper, *command, *options], {**shop_environment(folder, url), **(env or {})}, folder)
        if ready:
            self.process.wait_line(r" ready: ")

    def outcomes(self, task_id: str | None = None) -> list[tuple[str, str]]:
        """(task id, outcome) for each time that a handler ended, from the log."""
        found = (match for line in self.process.lines if (match := _OUTCOME.search(line)))
        return [(m[2], m[3]) for m in found if task_id in (None, m[2])]

    def wait_outcomes(self, count: int, timeout: float = 60.0) -> None:
        self.process.wait_lines(_OUTCOME.pattern, count, timeout)

    def kill(self) -> None:
        self.process.kill()

    def close(self) -> None:
        self.process.close()


def run_command(folder: pathlib.Path, url: str, *arguments: str, program: str = "localtea",
                timeout: float = 60.0, env: dict[str, str] | None = None) -> subprocess.CompletedProcess:
    """One command of the program, to its end."""
    folder.mkdir(parents=True, exist_ok=True)
    return subprocess.run([BIN / program, *arguments], env={**shop_environment(folder, url), **(env or {})},
                          cwd=folder, text=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout,
                          check=False)
