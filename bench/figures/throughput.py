"""No-op tasks through one worker, with late acknowledgement and a stored result."""

import contextlib
import time

from harness.waiting import eventually

from .peers import Peer


def tasks_a_second(peer: Peer, tasks: int) -> float:
    """Between the first twentieth and the last, so that neither the worker's start nor its end counts."""
    peer.ask("bulk", tasks)
    with contextlib.closing(peer.start_worker()):
        eventually(lambda: peer.left() < 0.95 * tasks, "the first tasks", timeout=60)
        first, begun = peer.left(), time.monotonic()
        eventually(lambda: peer.left() < 0.05 * tasks, "the last tasks", timeout=600)
        return (first - peer.left()) / (time.monotonic() - begun)
