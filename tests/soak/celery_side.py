"""Celery's part of the soak: as a module for `celery -A` a worker, as a program a client.

    celery_side.py RATE SEED    so many calls a second until it is killed, a line of JSON for each that was acknowledged

LAB_URL names the Redis, LAB_TRACE the file for traces, which has the form of tests/programs/soak.cpp.
"""

import gc
import json
import os
import random
import sys
import threading
import time

from celery import Celery

_pace = threading.Event()

app = Celery("soak", broker=os.environ["LAB_URL"], backend=os.environ["LAB_URL"])
app.conf.broker_transport_options = {"visibility_timeout": 6, "socket_timeout": 5}
app.conf.redis_socket_timeout = 5
app.conf.worker_prefetch_multiplier = 1
app.conf.broker_connection_retry_on_startup = True
app.conf.broker_connection_max_retries = None
app.conf.task_acks_late = True
app.conf.task_ignore_result = False


def _trace(event, request):
    line = f"{event} {request.id} {request.retries} {os.getpid()} {time.monotonic():.6f} {request.task} -\n"
    with open(os.environ["LAB_TRACE"], "a", encoding="utf-8") as file:
        file.write(line)


def _work(request, ms):
    _trace("start", request)
    _pace.wait(ms / 1000)
    _trace("end", request)


@app.task(name="soak.shared", bind=True)
def shared(self, ms):
    _work(self.request, ms)


@app.task(name="soak.python", bind=True)
def python(self, ms):
    _work(self.request, ms)


def _random_call(chance):
    """(task, milliseconds, options)"""
    ms = chance.randrange(20)
    kind = chance.randrange(10)
    if kind == 0:
        return "soak.exclusive", ms, {"queue": "soak"}
    if kind == 1:
        return "soak.retry", ms, {"queue": "soak"}
    if kind == 2:
        return "soak.early", ms, {"queue": "soak"}
    if kind == 3:
        return "soak.late", ms, {"queue": "soak", "countdown": chance.uniform(0.1, 3)}
    if kind == 4:
        return "soak.shared", ms, {"queue": "shared"}
    if kind == 5:
        return "soak.python", ms, {"queue": "python"}
    return "soak.late", ms, {"queue": "soak"}


def main(rate, seed):
    chance = random.Random(seed)
    # Without a result backend: a client that has one subscribes to the result of whatever it sends.
    sender = Celery("soak", broker=os.environ["LAB_URL"])
    sender.conf.broker_transport_options = {"socket_timeout": 5, "socket_connect_timeout": 5}
    while True:
        task, ms, options = _random_call(chance)
        begun = time.monotonic()
        try:
            # Not repeated: what was not answered may have been sent.
            id = sender.send_task(task, kwargs={"ms": ms}, retry=False, **options).id
            print(json.dumps({"id": id, "task": task, "begun": begun, "answered": time.monotonic()}), flush=True)
        except Exception as error:  # whatever the store's trouble is called today
            print(f"not sent: {error!r}", flush=True)
        _pace.wait(1 / rate)


if __name__ == "__main__":
    gc.disable()
    main(int(sys.argv[1]), int(sys.argv[2]))
