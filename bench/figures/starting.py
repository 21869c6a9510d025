"""From the worker's start as a process to the start of its first task."""

import contextlib
import statistics
import time

from harness.waiting import eventually

from .peers import Peer


def first_start(peer: Peer) -> float:
    """When the next noting task starts, which is sent here."""
    known = len(peer.starts())
    peer.ask("spaced", 1)
    return eventually(lambda: peer.starts()[known:], "the first task's start", timeout=60)[0]


def milliseconds(peer: Peer, times: int) -> float:
    """Median. The task waits in its queue before the worker is started."""
    took = []
    for _ in range(times):
        known = len(peer.starts())
        peer.ask("spaced", 1)
        begun = time.monotonic()
        with contextlib.closing(peer.start_worker()):
            started = eventually(lambda: peer.starts()[known:], "the first task's start", timeout=60)[0]
        took.append((started - begun) * 1_000)
        peer.clear()
    return statistics.median(took)
