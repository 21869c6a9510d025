"""From the call of `delay` to the handler's start, with an idle worker."""

import contextlib
import statistics

from harness.waiting import eventually

from .peers import Peer


def milliseconds(peer: Peer, tasks: int) -> tuple[float, float]:
    """p50 and p99."""
    with contextlib.closing(peer.start_worker()):
        # The first ones wait for the worker to be up, and warm the way.
        warm = len(peer.ask("spaced", 10))
        eventually(lambda: len(peer.starts()) == warm, "the worker", timeout=60)
        sent = peer.ask("spaced", tasks)
        eventually(lambda: len(peer.starts()) == warm + tasks, "every start")
    waits = sorted((start - at) * 1_000 for at, start in zip(sent, peer.starts()[warm:]))
    cuts = statistics.quantiles(waits, n=100, method="inclusive")
    return cuts[49], cuts[98]
