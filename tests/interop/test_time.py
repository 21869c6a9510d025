"""ETA, countdown, expires and retries, between Celery and us."""

import json

import pytest

from harness.celery_peer import CeleryClient, CeleryWorker
from harness.lab import Lab
from harness.ledger import Ledger, result
from harness.waiting import eventually


@pytest.fixture
def lab(tmp_path, redis_server, closing):
    return closing(Lab(tmp_path / "lab", redis_server.url, program="time_lab"))


def test_celerys_countdown_waits_in_the_store_and_runs(redis_server, celery, lab):
    lab.worker()
    id = celery.send("lab.note", "tea", queue="lab", countdown=1)
    assert celery.result(id) == {"state": "SUCCESS", "value": "tea"}
    assert lab.starts()[id] == 1


def test_celerys_expired_task_is_revoked_before_its_eta(redis_server, celery, lab):
    lab.worker()
    id = celery.send("lab.note", "tea", queue="lab", countdown=3000, expires=1)
    assert celery.result(id)["state"] == "REVOKED"
    found = result(redis_server.client, id)
    assert found["result"] == {"exc_type": "TaskRevokedError", "exc_message": ["expired"],
                               "exc_module": "celery.exceptions"}
    assert lab.starts()[id] == 0


def attempts_of(redis_server, lab, task):
    """Every result that the task stored, in order, without what differs from run to run."""
    seen = []
    with redis_server.client.pubsub() as results:
        results.psubscribe("celery-task-meta-*")
        id = lab.send(task)
        for message in results.listen():
            if message["type"] != "pmessage":
                continue
            stored = json.loads(message["data"])
            seen.append({name: stored.get(name) for name in ("status", "result", "parent_id", "task_id")})
            if stored["status"] in ("SUCCESS", "FAILURE"):
                return id, seen


def told(id, seen):
    """The same for both languages: the id aside, and the class of the exception that C++ and Python name differently."""
    for found in seen:
        found["parent_id"] = "itself" if found["parent_id"] == id else found["parent_id"]
        del found["task_id"]
        if not found["result"]:
            continue
        found["result"]["exc_message"] = [text.replace(id, "ID") for text in found["result"]["exc_message"]]
        if found["result"]["exc_type"] in ("runtime_error", "RuntimeError"):
            found["result"].update(exc_type="cause", exc_module="")
    return seen


@pytest.mark.parametrize("task", ["lab.gives_up_with_a_cause", "lab.gives_up_without_a_cause"])
def test_attempts_and_their_end_are_stored_as_celery_stores_them(redis_server, generation, lab, closing, task):
    theirs = closing(CeleryWorker(generation, redis_server.url, queues="lab"))
    expected = told(*attempts_of(redis_server, lab, task))
    theirs.close()
    lab.worker()
    id, seen = attempts_of(redis_server, lab, task)
    assert lab.starts()[id] == 3
    assert told(id, seen) == expected
    assert [found["status"] for found in seen] == ["RETRY", "RETRY", "FAILURE"]


def test_success_after_retries_is_one_result(redis_server, celery, lab):
    lab.worker()
    id = celery.send("lab.succeeds_at_last", queue="lab")
    assert celery.result(id) == {"state": "SUCCESS", "value": 2}
    assert result(redis_server.client, id)["parent_id"] == id
    assert lab.starts()[id] == 3


def test_what_is_delayed_runs_in_a_celery_worker_when_the_last_of_ours_has_left(redis_server, generation, lab, closing):
    ours = lab.worker()
    client = closing(CeleryClient(generation, redis_server.url))
    id = client.send("lab.note", "tea", queue="lab", countdown=3)
    eventually(lambda: Ledger(redis_server.client, queues=("lab",)).delayed == [id], "it to wait in the store")
    assert ours.process.terminate() == 0
    closing(CeleryWorker(generation, redis_server.url, queues="lab"))
    assert client.result(id) == {"state": "SUCCESS", "value": "tea"}
