"""Python and C++ workers on one queue: nothing is lost, nothing is doubled, and each repairs its own dead."""

import json
import re

from harness.celery_peer import CeleryClient
from harness.ledger import assert_all_succeeded, assert_clean, drained, Ledger, reserved_count
from harness.waiting import eventually, watch

TASK = "backend.worker.test_celery"
TASKS = 5_000

_SUCCEEDED = re.compile(r"Task (\S+)\[([0-9a-f-]+)\] succeeded")


def run_by(process):
    """Ids of the tasks that a worker says it has done."""
    return [match[2] for line in process.lines if (match := _SUCCEEDED.search(line))]


def test_one_queue_for_both_loses_and_doubles_nothing(generation, redis_server, celery, start_celery_worker,
                                                      start_worker):
    ids = celery.send_many(TASK, TASKS)
    python = start_celery_worker(redis_server, concurrency=4)
    eventually(lambda: run_by(python.process), "the Python worker's first task")
    # One slot, so that the Python worker, slower by far, still gets its share.
    ours = start_worker(redis_server, concurrency=1)
    eventually(lambda: drained(redis_server.client), "every task to be done", timeout=120)
    assert_all_succeeded(redis_server.client, ids)
    problems = Ledger(redis_server.client, ids).problems(ids)
    assert not problems, problems[:5]
    by_python, by_us = run_by(python.process), [id for id, _ in ours.outcomes()]
    assert by_python and by_us
    assert sorted(by_python + by_us) == sorted(ids)
    assert_clean(redis_server.client)


def test_our_death_is_repaired_by_us_while_python_holds_its_own(redis_server, celery, start_celery_worker, lab):
    """Celery restores by the age of a reservation; ours must not look old to it, nor its own to us."""
    theirs, ours = lab.pipe("theirs"), lab.pipe("ours")
    start_celery_worker(redis_server, queues="python")
    held_by_python = celery.send("lab.wait_for_file", str(theirs), queue="python")
    first = lab.worker(concurrency=1)
    held_by_us = celery.send("lab.hold", str(ours), queue="lab")
    eventually(lambda: reserved_count(redis_server.client) == 2, "both reservations")
    eventually(lambda: lab.starts()[held_by_us] == 1, "our task's start")
    lab.worker(concurrency=1)
    first.kill()
    eventually(lambda: lab.starts()[held_by_us] == 2, "our task to start again")
    lab.release(ours)
    lab.release(theirs, "python's own")
    assert celery.result(held_by_us) == {"state": "SUCCESS", "value": "released"}
    assert celery.result(held_by_python) == {"state": "SUCCESS", "value": "python's own\n"}
    eventually(lambda: reserved_count(redis_server.client) == 0, "the acknowledgements")


def test_dead_python_workers_task_is_restored_by_celerys_rules(redis_server, celery, start_celery_worker, lab):
    pipe = lab.pipe("held")
    first = start_celery_worker(redis_server, queues="python", concurrency=1)
    id = celery.send("lab.wait_for_file", str(pipe), queue="python")
    first.process.wait_line(rf"Task lab.wait_for_file\[{id}\] received")
    ours = lab.worker()
    first.kill()
    # Longer than a lease, after which a dead worker of ours would be repaired.
    watch(2, lambda: None)
    assert Ledger(redis_server.client, [id], ("python",)).reserved == [id]
    # Celery's own sweep, which its workers make every hundred seconds.
    celery.sweep()
    assert Ledger(redis_server.client, [id], ("python",)).queued == [id]
    start_celery_worker(redis_server, queues="python", concurrency=1)
    lab.release(pipe, "second life")
    assert celery.result(id, timeout=60) == {"state": "SUCCESS", "value": "second life\n"}
    # Celery stores a result before it acknowledges.
    eventually(lambda: drained(redis_server.client, ("python",)), "the acknowledgement")
    assert ours.process.running()


def test_python_acknowledges_late_what_was_restored_and_runs_here(generation, redis_server, celery, lab, closing):
    pipe = lab.pipe("held")
    id = celery.send("lab.hold", str(pipe), queue="lab")
    slow = closing(CeleryClient(generation, redis_server.url))
    assert slow.hold("lab", 1) == [id]
    celery.sweep()
    lab.worker(concurrency=1)
    eventually(lambda: lab.starts()[id] == 1, "the restored task's start")
    slow.acknowledge()
    assert Ledger(redis_server.client, [id], ("lab",)).reserved == [id]
    lab.release(pipe)
    assert celery.result(id) == {"state": "SUCCESS", "value": "released"}
    assert lab.starts()[id] == 1
    eventually(lambda: reserved_count(redis_server.client) == 0, "the acknowledgement")


def test_two_messages_with_one_delivery_tag_are_two_tasks(redis_server, celery, lab):
    pipes = [lab.pipe("first"), lab.pipe("second")]
    ids = [celery.send("lab.hold", str(pipe), queue="lab") for pipe in pipes]
    second, first = map(json.loads, redis_server.client.lrange("lab", 0, -1))
    second["properties"]["delivery_tag"] = first["properties"]["delivery_tag"]
    redis_server.client.lset("lab", 0, json.dumps(second))
    worker = lab.worker(concurrency=2)
    eventually(lambda: [lab.starts()[id] for id in ids] == [1, 1], "both tasks' start")
    lab.release(pipes[0])
    assert celery.result(ids[0]) == {"state": "SUCCESS", "value": "released"}
    eventually(lambda: Ledger(redis_server.client, ids, ("lab",)).reserved == [ids[1]], "the first one's end")
    worker.kill()
    lab.worker(concurrency=1)
    eventually(lambda: lab.starts()[ids[1]] == 2, "the second task to start again")
    lab.release(pipes[1])
    assert celery.result(ids[1]) == {"state": "SUCCESS", "value": "released"}
    eventually(lambda: drained(redis_server.client, ("lab",)), "the acknowledgement")
    assert lab.starts()[ids[0]] == 1


def test_python_sweeps_by_a_short_timeout_and_leaves_ours_alone(redis_server, celery, start_celery_worker, lab):
    """Every Python process sweeps by its own visibility timeout, were it one second."""
    pipe = lab.pipe("held")
    lab.worker(concurrency=1)
    id = celery.send("lab.hold", str(pipe), queue="lab")
    eventually(lambda: lab.starts()[id] == 1, "the task's start")
    for _ in range(2):
        sweeper = start_celery_worker(redis_server, queues="elsewhere", visibility=1)
        # It sweeps as it starts to consume; whoever answers does consume.
        eventually(lambda: any(name.startswith("python") for name in celery.ping(timeout=1) or {}),
                   "the sweeper's answer")
        sweeper.kill()
    assert Ledger(redis_server.client, [id], ("lab",)).reserved == [id]
    lab.release(pipe)
    assert celery.result(id) == {"state": "SUCCESS", "value": "released"}
    assert lab.starts()[id] == 1
    assert_clean(redis_server.client)
