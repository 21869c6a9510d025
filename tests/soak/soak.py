"""One soak: the fleet works, faults happen for so many seconds, and the ledger has to balance in the end."""

import collections
import pathlib
import threading
import time

from harness.celery_peer import CeleryClient
from harness.ledger import Ledger, drained, result
from harness.waiting import eventually

from .audit import CELERY_LOSES, Audit, runs_of, set_aside
from .faults import Schedule
from .fleet import OWN_QUEUES, QUEUES, VISIBILITY, Fleet, Member
from .store import Store, now

_PATIENCE = 90
_PYTHON_SILENT = 20
# So long Celery's worker may have a message between taking it from the queue and noting it.
_IN_HAND = 2


class Soak:
    def __init__(self, folder: pathlib.Path, seconds: float, seed: int):
        self._folder = folder
        self._seconds = seconds
        self._seed = seed
        self._pause = threading.Event()
        self._store = Store(folder / "redis")
        self._fleet = Fleet(folder / "fleet", self._store.server.port, seed)
        self._schedule = Schedule(seed, self._fleet, self._store, self._pace, self._look)
        self._problems: list[str] = []
        self._accounted: set[str] = set()
        self._not_drained = 0.0
        self._excused: collections.Counter = collections.Counter()

    def _pace(self, seconds: float) -> None:
        """The schedule is one of times: this is what it waits with."""
        until = now() + seconds
        while (left := until - now()) > 0:
            self._fleet.supervise()
            self._look_after_python()
            self._pause.wait(min(left, 0.1))

    def _look_after_python(self) -> None:
        """Asks every second while it has room for another task."""
        python = self._fleet.python
        python.supervise()
        if python.is_ready() and now() - python.asked > _PYTHON_SILENT:
            self._schedule.replace_python()

    def _check(self, what: str, look) -> bool:
        """Whether it came to be in time; a problem if it did not."""
        begun = now()

        def looked():
            self._look_after_python()
            return look()

        try:
            eventually(looked, what, _PATIENCE)
        except AssertionError as error:
            self._problems.append(str(error))
            return False
        if now() - begun > 5:
            print(f"waited {now() - begun:.0f} s for {what}", flush=True)
        return True

    def run(self) -> bool:
        """Prints the account; whether it balances."""
        eventually(self._fleet.ready, "the fleet", 60)
        self._begun = now()
        while now() - self._begun < self._seconds:
            self._schedule.next()
            print(self._schedule.faults[-1].text(self._begun), flush=True)
        self._store.heal()
        self._fleet.heal()
        self._check("everybody to be there again", self._fleet.ready)
        self._memory()
        for client in self._fleet.clients:
            client.kill()
            client.collect()
        self._probe_beats()
        celery = CeleryClient("5.6", self._store.server.url)
        self._probe_workers(celery)
        self._not_drained = now()
        self._check("everything to be done", lambda: self._drained(celery))
        celery.close()
        return self._account()

    def _probe_workers(self, celery: CeleryClient) -> None:
        """Each queue is consumed by everybody who should: a queue of each worker's own, and the shared ones."""
        queues = (*OWN_QUEUES, "soak", "shared", "python")
        probes = {celery.send("soak.python" if queue == "python" else "soak.shared", kwargs={"ms": 1}, queue=queue): queue
                  for queue in queues}
        for id, queue in probes.items():
            self._check(f"a task from {queue}", lambda id=id: result(self._store.client, id)["status"] == "SUCCESS")

    def _drained(self, celery: CeleryClient) -> bool:
        if drained(self._store.client, QUEUES):
            # In nobody's hands either, who has not noted it yet.
            return now() - self._not_drained > _IN_HAND
        self._not_drained = now()
        # A Celery worker looks for what dead ones have left every 100 s; that is too long for the end of a soak.
        newest = self._store.client.zrange("unacked_index", -1, -1, withscores=True)
        if newest and newest[0][1] < time.time() - VISIBILITY:
            # Held for 300 s after a process that could not give it back.
            self._store.client.delete("unacked_mutex")
            celery.sweep()
        return False

    def _ticks(self) -> int:
        return sum(run.task == "soak.tick" for run in runs_of(self._fleet.trace))

    def _probe_beats(self) -> None:
        """Each of them sends when the other one does not run."""
        for absent, other in (self._fleet.beats, reversed(self._fleet.beats)):
            self._check(f"{absent.name} to be ready", lambda: absent.is_ready() and absent.process.running())
            absent.process.pause()
            before = self._ticks()
            self._check(f"ticks from {other.name}", lambda: self._ticks() > before + 2)
            absent.process.resume()
        for beat in self._fleet.beats:
            if beat.process.terminate() != 0:
                self._problems.append(f"{beat.name} did not end well: {beat.process.lines[-5:]}")

    def _memory(self) -> None:
        for member in (*self._fleet.workers, *self._fleet.clients[:1]):
            if member.process.running() and member.rss_at_first and member.rss() > 2 * member.rss_at_first + 20_000:
                self._problems.append(f"{member.name} grew from {member.rss_at_first} to {member.rss()} kB")

    def _look(self) -> Audit:
        """Accounts for every call since the last look: now everything that the store has had is still there."""
        for client in self._fleet.clients:
            client.collect()
        calls = {id: call for id, call in self._fleet.acknowledged().items() if id not in self._accounted}
        audit = self._audit(calls)
        lost = audit.lost()
        self._excused += audit.excused
        if in_hand := {id: calls[id] for id in lost if calls[id]["task"] in CELERY_LOSES}:
            self._pause.wait(_IN_HAND)
            still = self._audit(in_hand).lost()
            lost = {id: text for id, text in lost.items() if id not in in_hand or id in still}
        self._problems += lost.values()
        self._accounted |= set(calls)
        audit.excused.clear()
        return audit

    def _audit(self, calls: dict[str, dict]) -> Audit:
        ledger = Ledger(self._store.client, list(calls), QUEUES)
        return Audit(self._schedule.faults, calls, runs_of(self._fleet.trace), ledger, set_aside(self._store.client),
                     self._fleet.python.pids)

    def _account(self) -> bool:
        audit = self._look()
        self._problems += audit.end()
        self._excused += audit.excused
        self._problems += [end for member in self._ours() for end in member.ends]
        balanced = not self._problems
        if not balanced:
            names = {pid: member.name for member in self._fleet.members for pid in member.pids}
            print(f"times above are seconds since {self._begun:.2f}; processes: {names}")
            print("\n".join(self._problems[:40]))
        print(f"{len(self._accounted)} calls, {audit.summary()}; excused: "
              + (", ".join(f"{count} {why}" for why, count in sorted(self._excused.items())) or "nothing"))
        print(f"soak of {now() - self._begun:.0f} s, SEED={self._seed}: "
              + ("balanced" if balanced else f"{len(self._problems)} problems"), flush=True)
        return balanced

    def _ours(self) -> list[Member]:
        return [*self._fleet.workers, *self._fleet.beats, self._fleet.clients[0]]

    def close(self) -> None:
        """What everybody wrote stays in the folder, a file for each process."""
        self._fleet.close()
        self._store.close()
        for member in self._fleet.members:
            for process in member.processes:
                (self._folder / f"{member.name}-{process.pid}.log").write_text(process.text)
