"""The laboratory program (tests/programs/lab.cpp) from the tests' side."""

import collections
import os
import pathlib

from .worker import Worker


class Lab:
    """Its workers, its tasks' traces, and the named pipes that its holding tasks wait on."""

    def __init__(self, folder: pathlib.Path, url: str):
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.url = url
        self._trace = folder / "trace"
        self._trace.touch()
        self._workers: list[Worker] = []

    @property
    def environment(self) -> dict[str, str]:
        return {"LAB_TRACE": str(self._trace)}

    def worker(self, *, through=None, **options) -> Worker:
        url = through.url if through else self.url
        worker = Worker(self.folder / "worker", url, program="lab", env=self.environment,
                        **{"queues": "lab", **options})
        self._workers.append(worker)
        return worker

    def starts(self) -> collections.Counter:
        """How often each task's handler began, whatever became of it."""
        return self._events("start")

    def ends(self) -> collections.Counter:
        return self._events("end")

    def _events(self, event: str) -> collections.Counter:
        lines = (line.split() for line in self._trace.read_text().splitlines())
        return collections.Counter(id for kind, id in lines if kind == event)

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
