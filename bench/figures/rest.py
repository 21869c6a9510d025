"""A worker that has nothing to do."""

import contextlib
import os
import pathlib
import time

from harness.process import Process

from .peers import Peer
from .starting import first_start


def _family(pid: int) -> list[int]:
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in _family(int(child)))]


def _memory(pid: int) -> float:
    """Resident megabytes. Pages that processes share count in each."""
    pages = sum(int(pathlib.Path(f"/proc/{each}/statm").read_text().split()[1]) for each in _family(pid))
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _seconds_of_processor(pid: int) -> float:
    fields = (pathlib.Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split() for each in _family(pid))
    return sum(int(each[11]) + int(each[12]) for each in fields) / os.sysconf("SC_CLK_TCK")


def _watched(worker: Process, seconds: float) -> tuple[float, float]:
    # What starting has left to do is not rest.
    time.sleep(3)
    begun, before = time.monotonic(), _seconds_of_processor(worker.pid)
    time.sleep(seconds)
    used = (_seconds_of_processor(worker.pid) - before) / (time.monotonic() - begun)
    return _memory(worker.pid), used * 100


def megabytes_and_percent(peer: Peer, seconds: float) -> tuple[float, float]:
    """Resident memory, and the share of one core, of the worker and its children. It has run one task before."""
    with contextlib.closing(peer.start_worker()) as worker:
        first_start(peer)
        return _watched(worker, seconds)
