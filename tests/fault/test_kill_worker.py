"""kill -9 of a worker at any moment: nothing is lost, and nothing runs again that was not running."""

import random
import signal

import pytest

from harness.ledger import Ledger, assert_all_succeeded, assert_clean, dead_letters, drained
from harness.waiting import eventually

TASK = "backend.worker.test_celery"
CONCURRENCY = 4


def audit(redis_server, ids):
    problems = Ledger(redis_server.client, ids).problems(ids)
    assert not problems, problems[:5]


@pytest.mark.parametrize(
    ("tasks", "kills", "lease"),
    [
        pytest.param(10_000, 20, 1.0, id="10000-tasks-20-kills"),
        pytest.param(200, 1, None, id="default-lease"),
    ],
)
def test_every_task_of_killed_workers_has_its_result(redis_server, celery, start_worker, tasks, kills, lease):
    random.seed(f"{tasks}-{kills}")
    ids = []
    executions = 0
    share = tasks // (kills + 1)
    name = "phoenix"
    for kill in range(kills):
        # Sent as it goes: a worker may have done far more than its share before its killer has looked.
        ids += celery.send_many(TASK, share)
        # Half of the restarts take the dead one's name at once.
        if kill % 2:
            name = f"phoenix-{kill}"
        worker = start_worker(redis_server, name=name, concurrency=CONCURRENCY, lease=lease)
        worker.wait_outcomes(random.randrange(0, share + 1))
        worker.kill()
        executions += len(worker.outcomes())
        audit(redis_server, ids)
    ids += celery.send_many(TASK, tasks - len(ids))
    last = start_worker(redis_server, name=name, concurrency=CONCURRENCY, lease=lease)
    eventually(lambda: drained(redis_server.client), "every task to be done", timeout=120)
    assert_all_succeeded(redis_server.client, ids)
    audit(redis_server, ids)
    assert_clean(redis_server.client)
    assert dead_letters(redis_server.client) == []
    assert last.process.terminate() == 0
    executions += len(last.outcomes())
    # At most what each slot was doing is done again, and what it had done in two calls under way.
    assert tasks <= executions <= tasks + 3 * kills * CONCURRENCY


def run_workers_until_a_dead_letter(redis_server, lab):
    """Starts workers, one after the other, as a supervisor would."""
    for _ in range(6):
        worker = lab.worker(concurrency=2)
        eventually(lambda: not worker.process.running() or dead_letters(redis_server.client),
                   "the worker's death or the dead letter")
        if dead_letters(redis_server.client):
            return
    raise AssertionError("the poison was never recognised")


def assert_poisoned(redis_server, celery, poison):
    [letter] = dead_letters(redis_server.client)
    assert (letter["id"], letter["task"]) == (poison, "lab.abort")
    assert "died" in letter["reason"]
    assert celery.result(poison)["state"] == "FAILURE"


def test_task_that_aborts_its_worker_leaves_one_dead_letter_after_the_third_time(redis_server, celery, lab):
    poison = celery.send("lab.abort", queue="lab")
    run_workers_until_a_dead_letter(redis_server, lab)
    assert_poisoned(redis_server, celery, poison)
    assert lab.starts()[poison] == 3
    assert_clean(redis_server.client)


def test_neighbours_of_a_task_that_aborts_its_worker_are_not_blamed(redis_server, celery, lab):
    poison = celery.send("lab.abort", queue="lab")
    neighbours = [celery.send("lab.note", str(n), queue="lab") for n in range(50)]
    run_workers_until_a_dead_letter(redis_server, lab)
    lab.worker(concurrency=2)
    for id in neighbours:
        assert celery.result(id)["state"] == "SUCCESS"
    assert_poisoned(redis_server, celery, poison)
    # The first death, in company, shows nobody's fault; it only makes suspects.
    assert lab.starts()[poison] in (3, 4)
    assert_clean(redis_server.client)


def test_what_had_not_started_when_its_worker_was_killed_is_not_suspected(redis_server, celery, lab):
    concurrency = 2
    # Short tasks let the worker reserve many, of which none starts behind those that hold all of its slots.
    before = [celery.send("lab.note", str(n), queue="lab") for n in range(300)]
    pipes = [lab.pipe(f"hold-{n}") for n in range(concurrency)]
    holding = [celery.send("lab.hold", str(pipe), queue="lab") for pipe in pipes]
    behind = [celery.send("lab.note", str(n), queue="lab") for n in range(300)]
    victim = lab.worker(concurrency=concurrency)
    eventually(lambda: all(lab.starts()[id] for id in holding), "all slots to be held")
    victim.kill()
    [held] = redis_server.client.keys("samovar:held:*")
    reserved = [field for field in redis_server.client.hkeys(held) if field.count(b":") == 2]
    assert len(reserved) > 10 * concurrency
    lab.worker(concurrency=concurrency)
    eventually(lambda: redis_server.client.hlen("samovar:suspects"), "the suspects")
    # One for each slot, and of tasks shorter than a round trip two more.
    assert redis_server.client.hlen("samovar:suspects") <= 3 * concurrency
    for pipe in pipes:
        lab.release(pipe)
    for id in [*before, *holding, *behind]:
        assert celery.result(id)["state"] == "SUCCESS"
    assert_clean(redis_server.client)


def test_task_of_a_dead_worker_runs_elsewhere_while_its_neighbour_keeps_its_own(redis_server, celery, lab):
    pipes = [lab.pipe("first"), lab.pipe("second")]
    first = lab.worker(concurrency=1)
    ids = [celery.send("lab.hold", str(pipes[0]), queue="lab")]
    eventually(lambda: lab.starts()[ids[0]] == 1, "the first task's start")
    second = lab.worker(concurrency=1)
    ids.append(celery.send("lab.hold", str(pipes[1]), queue="lab"))
    eventually(lambda: lab.starts()[ids[1]] == 1, "the second task's start")
    first.kill()
    third = lab.worker(concurrency=1)
    eventually(lambda: lab.starts()[ids[0]] == 2, "the dead worker's task to start again")
    for pipe in pipes:
        lab.release(pipe)
    for id in ids:
        assert celery.result(id) == {"state": "SUCCESS", "value": "released"}
    assert lab.starts()[ids[1]] == 1
    assert second.process.running() and third.process.running()
    assert_clean(redis_server.client)


def test_what_a_cold_shutdown_drops_is_told(celery, lab):
    worker = lab.worker(concurrency=1)
    id = celery.send("lab.hold_early", str(lab.pipe("held")), queue="lab")
    eventually(lambda: lab.starts()[id], "the task to run")
    worker.process.signal(signal.SIGTERM)
    worker.process.wait_line("warm shutdown")
    worker.process.signal(signal.SIGTERM)
    worker.process.wait(20)
    worker.process.wait_line("1 tasks that were acknowledged before they ran end here, and do not run again")


def test_killed_while_tasks_are_delayed_they_run_once_at_their_time(redis_server, celery, lab):
    worker = lab.worker()
    ids = [celery.send("lab.note", str(n), queue="lab", countdown=2) for n in range(20)]
    eventually(lambda: redis_server.client.zcard("samovar:delayed") == 20, "the delayed tasks")
    worker.kill()
    lab.worker()
    for id in ids:
        assert celery.result(id)["state"] == "SUCCESS"
    assert set(lab.starts().values()) == {1}
    assert_clean(redis_server.client)
