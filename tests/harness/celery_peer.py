"""Celery as a neighbour: its client and its worker, in the generation that the test asks for."""

import json
import os
import pathlib
import subprocess

from .process import Process, die_with_parent
from .worker import ROOT

HERE = pathlib.Path(__file__).resolve().parent
# Debian's, and two from the registry (scripts/fetch_celery).
PYTHON = {"5.2": pathlib.Path("/usr/bin/python3"), "5.6": ROOT / "build" / "celery" / "bin" / "python",
          "5.7": ROOT / "build" / "celery-5.7" / "bin" / "python"}


def _environment(url: str, **more: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "LAB_URL": url, "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8",
            "C_FORCE_ROOT": "1", **more}


class CeleryClient:
    """A Python program that sends tasks and reads results."""

    def __init__(self, generation: str, url: str):
        self._python = PYTHON[generation]
        self._environment = _environment(url)
        self._child = subprocess.Popen([self._python, HERE / "celery_app.py"], env=self._environment, text=True,
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       preexec_fn=die_with_parent)

    def _ask(self, command: str, **arguments):
        self._child.stdin.write(json.dumps({"command": command, "arguments": arguments}) + "\n")
        self._child.stdin.flush()
        line = self._child.stdout.readline()
        assert line, f"the Celery client ended with status {self._child.wait(10)}"
        answer = json.loads(line)
        assert "error" not in answer, answer["error"]
        return answer["answer"]

    def send(self, name: str, *args, kwargs: dict | None = None, **options) -> str:
        """Returns the id. Options are apply_async's; `eta_in` is seconds from now."""
        return self._ask("send", name=name, args=args, kwargs=kwargs, options=options)

    def send_many(self, name: str, count: int, first: int = 0, queue: str | None = None) -> list[str]:
        return self._ask("send_many", name=name, count=count, first=first, queue=queue)

    def result(self, id: str, timeout: float = 30) -> dict:
        """{"state", "value"} once the task has ended, or as they are at the timeout."""
        return self._ask("result", id=id, timeout=timeout)

    def workflow(self, kind: str, task: str, timeout: float = 30):
        """Sends one of WORKFLOWS: {"value"} or {"error", "text"} of its get(), or "hangs"."""
        return self._ask("workflow", kind=kind, task=task, timeout=timeout)

    def inspect(self, method: str, arguments: dict | None = None, **options) -> dict | None:
        """What each node answers, by its name; None: nobody did. Options are app.control.inspect's."""
        return self._ask("inspect", method=method, arguments=arguments or {}, options={"timeout": 2, **options})

    def broadcast(self, method: str, arguments: dict | None = None, **options) -> list[dict] | None:
        """Options are app.control.broadcast's."""
        return self._ask("broadcast", method=method, arguments=arguments or {}, options=options)

    def ping(self, timeout: float = 2) -> dict | None:
        return self.inspect("ping", timeout=timeout)

    def command(self, *arguments: str) -> str:
        """Celery's own program, to its end; returns what it printed."""
        run = subprocess.run([self._python, "-m", "celery", "-A", "celery_app", *arguments], env=self._environment,
                             cwd=HERE, text=True, capture_output=True, timeout=60, check=False)
        assert run.returncode == 0, f"celery {arguments} ended with {run.returncode}: {run.stdout}{run.stderr}"
        return run.stdout

    def hold(self, queue: str, count: int) -> list[str]:
        """Takes so many messages and acknowledges none; returns their ids."""
        return self._ask("hold", queue=queue, count=count)

    def acknowledge(self) -> None:
        """What hold() took, whoever has it by now."""
        self._ask("acknowledge")

    def give_back(self) -> float:
        """Restores what hold() took, in an orderly way; returns the seconds that it took."""
        return self._ask("give_back")

    def sweep(self) -> float:
        """Restores what others have taken; returns the seconds that it took."""
        return self._ask("sweep")

    def kill(self) -> None:
        self._child.kill()

    def close(self) -> None:
        self._child.stdin.close()
        try:
            self._child.wait(10)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._child.stdout.close()


class CeleryWorker:
    def __init__(self, generation: str, url: str, queues: str = "main-queue,lab", concurrency: int = 2,
                 visibility: int = 3600, app: str = "celery_app"):
        self.process = Process(
            [PYTHON[generation], "-m", "celery", "-A", app, "worker", "--loglevel=info", "-P", "threads",
             "-c", concurrency, "-Q", queues, "-n", f"python{generation}@lab"],
            _environment(url, LAB_VISIBILITY=str(visibility)), HERE)
        self.process.wait_line(r" ready\.", 60)

    def kill(self) -> None:
        self.process.kill()

    def close(self) -> None:
        self.process.close()
