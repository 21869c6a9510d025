"""Long tasks hold their own slots, and nobody else's work."""

import random
import time

from harness.ledger import assert_clean
from harness.waiting import eventually

NOOPS = 1_000
LONG = 8


def send_shuffled(celery, pipes):
    """The ids of the no-ops and of the long tasks; which comes when is up to chance."""
    order = [None] * NOOPS + pipes
    random.shuffle(order)
    noops, long = [], []
    for pipe in order:
        if pipe:
            long.append(celery.send("lab.hold", str(pipe), queue="lab"))
        else:
            noops += celery.send_many("lab.note", 1, first=len(noops), queue="lab")
    return noops, long


def test_no_short_task_waits_for_a_long_one_once_an_idle_worker_joins(redis_server, celery, lab, record_property):
    pipes = [lab.pipe(f"long-{n}") for n in range(LONG)]
    noops, long = send_shuffled(celery, pipes)
    first = [lab.worker(concurrency=2) for _ in range(2)]
    eventually(lambda: sum(lab.starts()[id] for id in long) == 4, "long tasks in all four slots")
    # More slots than there are long tasks left, or nobody could run the short ones.
    lab.worker(concurrency=LONG)
    joined = time.monotonic()
    # Nobody releases a long task before: a short one that waits for one would wait for ever. Two seconds are promised;
    # the test allows for a busy machine.
    eventually(lambda: lab.starts().keys() >= set(noops), "every short task's start", timeout=20)
    record_property("seconds until every short task had started", round(time.monotonic() - joined, 2))
    assert lab.ends().total() == 0
    for pipe in pipes:
        lab.release(pipe)
    for id in long:
        assert celery.result(id) == {"state": "SUCCESS", "value": "released"}
    assert set(lab.starts().values()) == {1}
    assert all(worker.process.running() for worker in first)
    assert_clean(redis_server.client)
