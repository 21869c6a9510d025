"""The ledger: what became of every call that was acknowledged to its sender, and what no fault explains."""

import collections
import dataclasses
import itertools
import pathlib

import redis

from harness.ledger import Ledger, task_id

from .faults import FOR_EVER, Fault

_FINAL = {"SUCCESS", "FAILURE", "REVOKED"}
# Celery's consumer takes a message by BRPOP before it notes it anywhere: what it took when it died, or when the store
# did not let it write, is gone. And nobody else knows which of its runs had ended.
CELERY_LOSES = {"soak.python", "soak.shared"}
_CELERY_SECONDS = 15
# Between the end of a handler and the store's knowing of it.
_COMPLETING = 1
# While the store says no, a completion is tried again after pauses that grow up to this.
_LONGEST_PAUSE = 10
# From its reservation to its start, behind long tasks.
_HELD = 10


@dataclasses.dataclass
class Run:
    id: str
    attempt: int
    pid: int
    task: str
    slot: str
    begun: float
    ended: float | None = None


def set_aside(client: redis.Redis) -> set[str]:
    """What dead workers had acknowledged before they could have started it."""
    return {task_id(value) for key in client.scan_iter("samovar:aside:*") for value in client.hvals(key)}


def runs_of(trace: pathlib.Path) -> list[Run]:
    """In the order in which they began."""
    runs: list[Run] = []
    going: dict[tuple[str, int], Run] = {}
    for line in trace.read_text().splitlines():
        event, id, attempt, pid, time, task, slot = line.split()
        if event == "start":
            runs.append(Run(id, int(attempt), int(pid), task, slot, float(time)))
            going[id, int(pid)] = runs[-1]
        else:
            going[id, int(pid)].ended = float(time)
    return sorted(runs, key=lambda run: run.begun)


class Audit:
    """`aside`: what reapers have set aside; `python`: the pids of Celery's worker."""

    def __init__(self, faults: list[Fault], calls: dict[str, dict], runs: list[Run], ledger: Ledger, aside: set[str],
                 python: set[int]):
        self._faults = faults
        self._calls = calls
        self._runs = runs
        self._ledger = ledger
        self._aside = aside
        self._python = python
        self.excused: collections.Counter = collections.Counter()

    def _losses(self, begun: float, ended: float) -> list[Fault]:
        """Faults that lost something of that time."""
        return [fault for fault in self._faults
                if fault.lost_from is not None and fault.lost_from <= ended and fault.ended >= begun]

    def lost(self) -> dict[str, str]:
        """What is wrong, by the call's id."""
        begun_runs = collections.defaultdict(list)
        for run in self._runs:
            begun_runs[run.id].append(run)
        found = {}
        for id, call in self._calls.items():
            if self._ledger.places[id] or self._ledger.results.get(id) in _FINAL:
                continue
            if why := self._why_lost(call, begun_runs[id]):
                self.excused[why] += 1
            else:
                found[id] = f"{self._about(id)} is lost (result: {self._ledger.results.get(id, 'PENDING')})"
        return found

    def _why_lost(self, call: dict, runs: list[Run]) -> str | None:
        if self._losses(call["begun"], call["answered"]):
            return "lost by the store"
        # Acknowledged before it ran, in a time that the store forgot: whether it ran is known to nobody.
        if call["task"] == "soak.early" and any(
                self._losses(run.begun - 1, (run.ended or run.begun) + _COMPLETING) for run in runs):
            return "acknowledged early, its end lost by the store"
        if call["task"] in CELERY_LOSES and any(
                (fault.store or fault.pids & self._python)
                and fault.ended >= call["begun"] and fault.begun <= call["answered"] + _CELERY_SECONDS
                for fault in self._faults):
            return "lost by Celery's consumer"
        if call["task"] == "soak.early" and self._died_with_its_worker(call, runs):
            return "acknowledged early, its worker killed"
        return None

    def _died_with_its_worker(self, call: dict, runs: list[Run]) -> bool:
        """What was acknowledged early may end with its worker: as it ran, or with the acknowledgement made but its
        handler not yet begun, which is what the reaper has set aside."""
        if runs:
            return any(self._fault_of(run.pid, run.begun, self._completed_by(run)) for run in runs)
        return call["id"] in self._aside and any(fault.pids and fault.ended >= call["begun"] for fault in self._faults)

    def _completed_by(self, run: Run) -> float:
        """When the store has its completion at the latest. One that did not end was ended by what happened to its
        process after it had begun."""
        if run.ended is None:
            return float("inf")
        refused = [fault.ended + _LONGEST_PAUSE for fault in self._faults
                   if fault.store and fault.begun <= run.ended + _COMPLETING and fault.ended >= run.ended]
        return max([run.ended + _COMPLETING, *refused])

    def _fault_of(self, pid: int, begun: float, ended: float) -> Fault | None:
        """One that made others take this process for dead between then and then."""
        return next((fault for fault in self._faults
                     if pid in fault.pids and fault.begun <= ended and fault.ended >= begun), None)

    def doubles(self) -> list[str]:
        attempts = collections.defaultdict(list)
        for run in self._runs:
            attempts[run.id, run.attempt].append(run)
        found = []
        for runs in attempts.values():
            for first, second in itertools.pairwise(runs):
                if why := self._why_twice(first, second):
                    self.excused[why] += 1
                else:
                    found.append(f"{self._about(first.id)} ran twice: {first}, {second}")
        return found

    def _why_twice(self, first: Run, second: Run) -> str | None:
        if self._fault_of(first.pid, first.begun, second.begun):
            return "ran again: its worker was away"
        # What was forgotten is that the first run had taken it, or that it ended. A store that lost everything has
        # nothing that could run again.
        ended = (first.ended or first.begun) + _COMPLETING
        if any(fault.lost_from != FOR_EVER and fault.begun <= second.begun
               for fault in self._losses(first.begun - _HELD, ended)):
            return "ran again: the store forgot the first run"
        if first.pid in self._python and any(fault.store and fault.begun <= second.begun and fault.ended >= first.begun
                                             for fault in self._faults):
            return "ran again: Celery's worker lost its connection"
        return None

    def overlaps(self) -> list[str]:
        """Runs of the exclusive task at the same time."""
        runs = [run for run in self._runs if run.task == "soak.exclusive"]
        found = []
        for first, second in itertools.pairwise(runs):
            if first.ended is None or second.begun >= first.ended:
                continue
            if self._fault_of(first.pid, first.begun, second.begun) or self._losses(first.begun, second.begun):
                self.excused["ran beside another: its worker was away"] += 1
            else:
                found.append(f"{first} and {second} at the same time")
        return found

    def slots(self) -> list[str]:
        """Slots of beat that were sent twice."""
        sent = collections.defaultdict(set)
        for run in self._runs:
            if run.slot != "-":
                sent[run.slot].add(run.id)
        lost = any(fault.lost_from is not None for fault in self._faults)
        return [] if lost else [f"slot {slot} was sent as {ids}" for slot, ids in sent.items() if len(ids) > 1]

    def left(self) -> list[str]:
        """What is still somewhere although everything had the time to end."""
        return [f"{self._about(id)} is still {name}" for name in ("queued", "reserved", "delayed")
                for id in getattr(self._ledger, name)]

    def _about(self, id: str) -> str:
        call = self._calls.get(id)
        return f"{id} ({call['task']}, sent at {call['answered']:.2f})" if call else f"{id} (not acknowledged to its sender)"

    def end(self) -> list[str]:
        """What is wrong when everything has ended, beside what is lost."""
        return [*self.left(), *self.doubles(), *self.overlaps(), *self.slots()]

    def summary(self) -> str:
        return f"{len(self._runs)} runs, {len(self._faults)} faults, {len(set(self._ledger.dead))} dead letters"
