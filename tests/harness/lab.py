"""The laboratory programs (tests/programs) from the tests' side."""

import collections
import json
import os
import pathlib
import subprocess

from .worker import BIN, Worker


class Lab:
    """Its workers, its tasks' traces, and the named pipes that its holding tasks wait on."""

    def __init__(self, folder: pathlib.Path, url: str, program: str = "lab"):
        self.program = program
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.url = url
        self._trace = folder / "trace"
        self._trace.touch()
        self._workers: list[Worker] = []

    @property
    def environment(self) -> dict[str, str]:
        return {"LAB_TRACE": str(self._trace)}

    def worker(self, *, through=None, env: dict[str, str] | None = None, **options) -> Worker:
        url = through.url if through else self.url
        worker = Worker(self.folder / "worker", url, program=self.program, env={**self.environment, **(env or {})},
                        **{"queues": "lab", **options})
        self._workers.append(worker)
        return worker

    def starts(self) -> collections.Counter:
        """How often each task's handler began, whatever became of it."""
        return self.events("start")

    def ends(self) -> collections.Counter:
        return self.events("end")

    def trace(self) -> list[tuple[str, str]]:
        """(event, id), in the order in which they came."""
        written = self._trace.read_text()
        # The last line may be on its way.
        return [tuple(line.split()) for line in written[: written.rfind("\n") + 1].splitlines()]

    def events(self, event: str) -> collections.Counter:
        return collections.Counter(id for kind, id in self.trace() if kind == event)

    def lateness(self) -> dict[str, list[int]]:
        """By id: by how many microseconds each of its runs started after its eta, for tasks that trace it."""
        late = collections.defaultdict(list)
        for event, id in self.trace():
            if event.startswith("late="):
                late[id].append(int(event.removeprefix("late=")))
        return late

    def command(self, *arguments: str, timeout: float = 60) -> str:
        """One command of the program, to its end; returns what it printed."""
        run = subprocess.run([BIN / self.program, *map(str, arguments)], text=True, capture_output=True, timeout=timeout,
                             env={**self.environment, "PATH": os.environ["PATH"], "REDIS_URL": self.url}, check=False)
        assert run.returncode == 0, f"{arguments} ended with {run.returncode}: {run.stderr}"
        return run.stdout.strip()

    def send(self, task: str, *options: str, **kwargs) -> str:
        """Sends through the program's own client; returns the id."""
        return self.command("call", task, "--kwargs", json.dumps(kwargs), *options)

    def pipe(self, name: str) -> pathlib.Path:
        path = self.folder / name
        os.mkfifo(path)
        return path

    def release(self, path: pathlib.Path, text: str = "released") -> None:
        """Lets the handler that waits on this pipe go on; blocks until one does wait."""
        with open(path, "w", encoding="utf-8") as pipe:
            pipe.write(text + "\n")

    def close(self) -> None:
        for worker in reversed(self._workers):
            worker.close()
