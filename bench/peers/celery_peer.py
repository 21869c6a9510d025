"""Celery as the benchmark asks for it: `python celery_peer.py send|bulk|spaced N`, and a module for `celery -A`.

Reads REDIS_URL and BENCH_TRACE; see bench/samovar_peer.cpp, whose words these are.
"""

import os
import sys
import time

from celery import Celery

app = Celery("bench", broker=os.environ["REDIS_URL"], backend=os.environ["REDIS_URL"])
app.conf.task_default_queue = "bench"
app.conf.task_acks_late = True
app.conf.broker_connection_retry_on_startup = True


@app.task(name="bench.noop")
def noop():
    pass


@app.task(name="bench.note")
def note():
    with open(os.environ["BENCH_TRACE"], "a", encoding="ascii") as trace:
        trace.write(f"{time.monotonic():.9f}\n")


def send_one_by_one(count):
    """Celery has no way to send many at once; this is the quickest there is, over one connection."""
    with app.producer_pool.acquire(block=True) as producer:
        noop.apply_async(producer=producer)
        begun = time.monotonic()
        for _ in range(count):
            noop.apply_async(producer=producer)
        print(count / (time.monotonic() - begun))


def send_spaced(count):
    with app.producer_pool.acquire(block=True) as producer:
        for _ in range(count):
            time.sleep(0.02)
            print(f"{time.monotonic():.9f}")
            note.apply_async(producer=producer)


if __name__ == "__main__":
    # What is sent here is not read here: without a result backend Celery does not subscribe to each task.
    app.conf.result_backend = None
    {"send": send_one_by_one, "bulk": send_one_by_one, "spaced": send_spaced}[sys.argv[1]](int(sys.argv[2]))
