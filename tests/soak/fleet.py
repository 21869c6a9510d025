"""Everybody who uses the store in the soak, each through a proxy of its own; who ends is started again."""

import json
import pathlib
from collections.abc import Callable

from harness.celery_peer import PYTHON
from harness.clocks import SteppedClock
from harness.process import Process
from harness.proxy import FaultProxy
from harness.worker import BIN, shop_environment

from .store import now

HERE = pathlib.Path(__file__).resolve().parent
LEASE = 2.0
# After so many seconds Celery's side gives what its dead workers held to others; also written in tests/programs/soak.cpp
# and celery_side.py.
VISIBILITY = 6
RATE = 25
OWN_QUEUES = ("own1", "own2", "own3")
QUEUES = ("soak", "shared", "python", *OWN_QUEUES)


class Member:
    """One place of the fleet: its process is replaced, as a supervisor does."""

    def __init__(self, name: str, start: Callable[["Member"], Process], port: int, ready: str, folder: pathlib.Path):
        self.name = name
        self.clock = SteppedClock(folder)
        self.proxy = FaultProxy(port)
        self.processes: list[Process] = []
        self.ends: list[str] = []
        self.acknowledged: list[dict] = []
        self._start = start
        self._ready = ready
        self._killed = False
        self._read = 0
        self.rss_at_first = 0
        self.start()

    def start(self) -> None:
        self.process = self._start(self)
        self.processes.append(self.process)
        self.started = self.asked = now()
        self._killed, self._read, self.rss_at_first = False, 0, 0

    @property
    def pids(self) -> set[int]:
        return {process.pid for process in self.processes}

    def kill(self) -> None:
        self.process.kill()
        self._killed = True

    def supervise(self) -> None:
        """Notes what it wrote and how it is, and starts it again if it ended."""
        self.collect()
        if any(command[0].upper() == b"BRPOP" for command in self.proxy.take_commands()):
            self.asked = now()
        if not self.rss_at_first and now() - self.started > 8 and self.process.running():
            self.rss_at_first = self.rss()
        # A supervisor waits a second between two starts.
        if self.process.running() or now() - self.started < 1:
            return
        # A store that says no to the first sign-in of a process ends it: there is nothing to wait for yet.
        if not self._killed and self.is_ready():
            self.ends.append(f"{self.name} ended by itself; its last lines: {self.process.lines[-5:]}")
        self.start()

    def collect(self) -> None:
        lines = self.process.lines[self._read :]
        self._read += len(lines)
        self.acknowledged += [json.loads(line) for line in lines if line.startswith("{")]

    def is_ready(self) -> bool:
        return not self._ready or any(self._ready in line for line in self.process.lines)

    def rss(self) -> int:
        """Kilobytes."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))

    def close(self) -> None:
        self.process.close()
        self.proxy.close()


class Fleet:
    def __init__(self, folder: pathlib.Path, port: int, seed: int):
        self._folder = folder
        self.trace = folder / "trace"
        folder.mkdir(parents=True)
        self.trace.touch()
        self.members: list[Member] = []
        self.workers = [self._add(f"worker{n}", port, self._worker(queue), " ready: ")
                        for n, queue in enumerate(OWN_QUEUES, start=1)]
        self.beats = [self._add(f"beat{n}", port, self._beat, "beat ready") for n in (1, 2)]
        self.clients = [self._add("client", port, self._client(seed), ""),
                        self._add("celery client", port, self._celery_client(seed), "")]
        self.python = self._add("celery worker", port, self._celery_worker, " ready.")

    def _add(self, name: str, port: int, start: Callable[[Member], Process], ready: str) -> Member:
        member = Member(name, start, port, ready, self._folder / name)
        self.members.append(member)
        return member

    def _ours(self, member: Member, *arguments: object) -> Process:
        environment = {**shop_environment(self._folder, member.proxy.url), "LAB_TRACE": str(self.trace),
                       **member.clock.environment}
        return Process([BIN / "soak", *arguments], environment, self._folder)

    def _worker(self, own_queue: str) -> Callable[[Member], Process]:
        return lambda member: self._ours(member, "worker", "--loglevel=info", "-n", own_queue, "-c", 4, "--lease", LEASE,
                                         "-Q", f"soak,shared,{own_queue}")

    def _beat(self, member: Member) -> Process:
        return self._ours(member, "beat", "--lease", LEASE)

    def _client(self, seed: int) -> Callable[[Member], Process]:
        return lambda member: self._ours(member, "client", RATE, seed)

    def _python(self, member: Member, *arguments: object) -> Process:
        url = member.proxy.url
        environment = {**shop_environment(self._folder, url), "LAB_URL": url, "LAB_TRACE": str(self.trace),
                       "PYTHONDONTWRITEBYTECODE": "1", "C_FORCE_ROOT": "1", "PYTHONPATH": str(HERE)}
        return Process([PYTHON["5.6"], *arguments], environment, self._folder)

    def _celery_client(self, seed: int) -> Callable[[Member], Process]:
        return lambda member: self._python(member, HERE / "celery_side.py", RATE, seed)

    def _celery_worker(self, member: Member) -> Process:
        return self._python(member, "-m", "celery", "-A", "celery_side", "worker", "--loglevel=info", "-P", "threads",
                            "-c", 2, "-Q", "python,shared", "-n", "python@soak")

    def supervise(self) -> None:
        for member in self.members:
            member.supervise()

    def connect_to(self, port: int) -> None:
        """As when a name resolves to another address: new connections go there, the old ones end."""
        for member in self.members:
            member.proxy.target_port = port
            member.proxy.cut_all()

    def heal(self) -> None:
        for member in self.members:
            member.process.resume()
            member.proxy.thaw()
            member.proxy.refuse(False)

    def ready(self) -> bool:
        self.supervise()
        return all(member.process.running() and member.is_ready() for member in self.members)

    def acknowledged(self) -> dict[str, dict]:
        """By id: what the senders were told is sent, by task, and when they began and had the answer."""
        return {call["id"]: call for member in self.clients for call in member.acknowledged}

    def close(self) -> None:
        for member in reversed(self.members):
            member.close()
