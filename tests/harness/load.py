"""A queue that never runs empty: tasks as Celery wrote them, each with an id of its own."""

import itertools
import threading
import uuid
from collections.abc import Iterator

import redis

from .ledger import task_id

_CHUNK = 1_000


def renewed(message: bytes) -> bytes:
    """The same message as another task."""
    return message.replace(task_id(message).encode(), str(uuid.uuid4()).encode())


class Load:
    """Fills `queue` from a thread of its own, from start() until stop()."""

    def __init__(self, client: redis.Redis, queue: str, sample: bytes):
        self.sent = 0
        self._client = client
        self._queue = queue
        self._sample = sample
        # Made beforehand: a machine with two cores has other things to do while the load is on.
        self._ready = [self._chunk() for _ in range(100)]
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._feed, daemon=True)

    def _chunk(self) -> list[bytes]:
        return [renewed(self._sample) for _ in range(_CHUNK)]

    def _chunks(self) -> Iterator[list[bytes]]:
        return itertools.chain(self._ready, iter(self._chunk, None))

    def _feed(self) -> None:
        for chunk in self._chunks():
            self._client.lpush(self._queue, *chunk)
            self.sent += len(chunk)
            while self._client.llen(self._queue) > _CHUNK:
                if self._stopping.wait(0.002):
                    return
            if self._stopping.is_set():
                return

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def close(self) -> None:
        if self._thread.is_alive():
            self.stop()
