"""Waiting for something that has no event to offer, and nothing else: processes are waited for by their log lines."""

import threading
import time
from typing import TypeVar
from collections.abc import Callable

T = TypeVar("T")

_INTERVAL = 0.01
_never = threading.Event()


def eventually(look: Callable[[], T], what: str, timeout: float = 30.0) -> T:
    """Looks until `look` returns something true and returns that. `what` completes the sentence 'waited for ...'."""
    deadline = time.monotonic() + timeout
    while not (found := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {timeout:.0f} s for {what}; last seen: {found!r}")
        _never.wait(_INTERVAL)
    return found


def watch(seconds: float, step: Callable[[], None]) -> None:
    """Calls `step` again and again for that long: for what has to hold all the time, not just in the end."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        step()
        _never.wait(_INTERVAL)
