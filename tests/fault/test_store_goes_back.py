"""Redis comes back as it was some time ago: a replica that was behind, a file whose end was lost."""

import pytest

from harness.lab import Lab
from harness.ledger import Ledger, assert_clean, drained, reserved_count
from harness.waiting import eventually

LEASE = 1.0


def go_back(redis_server):
    """To the last SAVE."""
    redis_server.kill()
    redis_server.start()


@pytest.mark.parametrize(("program", "tasks"), [("lab", ["lab.hold", "lab.hold"]), ("time_lab", ["lab.alone"])])
def test_what_it_holds_for_a_worker_that_knows_nothing_of_it_runs_again(program, tasks, redis_server, celery, closing,
                                                                        tmp_path):
    lab = closing(Lab(tmp_path / "lab", redis_server.url, program))
    pipes = [lab.pipe(str(number)) for number, _ in enumerate(tasks)]
    worker = lab.worker(concurrency=2, lease=LEASE)
    ids = [celery.send(task, str(pipe), queue="lab") for task, pipe in zip(tasks, pipes)]
    eventually(lambda: all(lab.starts()[id] == 1 for id in ids), "every start")
    redis_server.client.save()
    for pipe in pipes:
        lab.release(pipe)
    eventually(lambda: drained(redis_server.client, ("lab",)), "every end")
    go_back(redis_server)
    assert sorted(Ledger(redis_server.client, ids, ("lab",)).reserved) == sorted(ids)
    eventually(lambda: all(lab.starts()[id] == 2 for id in ids), "every task to start again, without a restart")
    for pipe in pipes:
        lab.release(pipe)
    eventually(lambda: drained(redis_server.client, ("lab",)), "every end once more")
    assert celery.result(ids[0]) == {"state": "SUCCESS", "value": "released"}
    assert worker.process.running()
    assert_clean(redis_server.client)


def test_what_it_has_forgotten_that_a_worker_holds_ends_without_harm(redis_server, celery, lab):
    redis_server.client.save()
    pipe = lab.pipe("held")
    worker = lab.worker(concurrency=1, lease=LEASE)
    id = celery.send("lab.hold", str(pipe), queue="lab")
    eventually(lambda: lab.starts()[id] == 1, "the start")
    go_back(redis_server)
    worker.process.wait_line("goes on under a new registration")
    lab.release(pipe)
    worker.process.wait_line("changed nothing")
    again = celery.send("lab.note", "again", queue="lab")
    assert celery.result(again)["state"] == "SUCCESS"
    assert reserved_count(redis_server.client) == 0
