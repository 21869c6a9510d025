"""Kombu gives 200 messages back while a worker of ours runs at full speed beside it."""

import contextlib
import pathlib
import time

from harness.celery_peer import CeleryClient
from harness.load import Load
from harness.redis_server import RedisServer
from harness.waiting import eventually
from harness.worker import Worker

TASK = "backend.worker.test_celery"


def seconds(generation: str, folder: pathlib.Path) -> float:
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(contextlib.closing(RedisServer(folder / f"restoring-{generation}")))
        keeper = stack.enter_context(contextlib.closing(CeleryClient(generation, server.url)))
        keeper.send(TASK, "load", queue="load")
        load = stack.enter_context(contextlib.closing(Load(server.client, "load", server.client.rpop("load"))))
        stack.enter_context(contextlib.closing(Worker(
            folder / "worker", server.url, concurrency=64, lease=None, queues="load", loglevel="warning",
            ready=False)))
        load.start()
        eventually(lambda: server.client.dbsize() > 1_000, "the load")
        keeper.send_many(TASK, 200, queue="held")
        keeper.hold("held", 200)
        # As with messages that wait for their turn in a Python worker: ours learn of them with a renewal.
        time.sleep(4)
        return keeper.give_back()
