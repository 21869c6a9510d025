"""A Python program sends the shop's task as it always did, and reads the result from our worker."""

import time

import pytest

from harness.ledger import assert_clean, dead_letters, reserved_count
from harness.waiting import eventually

TASK = "backend.worker.test_celery"


@pytest.fixture
def worker(redis_server, start_worker):
    return start_worker(redis_server)


def test_plain_call_to_the_routed_queue(celery, worker, redis_server):
    id = celery.send(TASK, "чай")
    assert celery.result(id) == {"state": "SUCCESS", "value": "test task return чай"}
    eventually(lambda: worker.outcomes(id) == [(id, "succeeded")], "the worker's log line")
    assert_clean(redis_server.client)


def test_call_by_name(celery, worker):
    id = celery.send(TASK, kwargs={"word": "by name"})
    assert celery.result(id) == {"state": "SUCCESS", "value": "test task return by name"}


def test_countdown_waits_in_redis_and_not_in_the_worker(celery, worker, redis_server):
    begun = time.time()
    id = celery.send(TASK, "later", countdown=2)
    eventually(lambda: redis_server.client.zcard("samovar:delayed") == 1, "the task among the delayed ones")
    assert reserved_count(redis_server.client) == 0
    assert celery.result(id) == {"state": "SUCCESS", "value": "test task return later"}
    assert time.time() - begun >= 2, "ran before its time"
    assert_clean(redis_server.client)


def test_eta(celery, worker, redis_server):
    begun = time.time()
    id = celery.send(TASK, "at a time", eta_in=1.5)
    assert celery.result(id) == {"state": "SUCCESS", "value": "test task return at a time"}
    assert time.time() - begun >= 1.5, "ran before its time"
    assert_clean(redis_server.client)


@pytest.mark.parametrize("priority", [0, 3, 5, 9])
def test_every_priority_is_served(celery, worker, priority):
    id = celery.send(TASK, str(priority), priority=priority)
    assert celery.result(id) == {"state": "SUCCESS", "value": f"test task return {priority}"}


def test_more_urgent_priorities_are_served_first(celery, redis_server, start_worker):
    sent = {priority: celery.send(TASK, str(priority), priority=priority) for priority in (9, 6, 3, 0)}
    worker = start_worker(redis_server, concurrency=1)
    for id in sent.values():
        assert celery.result(id)["state"] == "SUCCESS"
    worker.wait_outcomes(4)
    assert [id for id, _ in worker.outcomes()] == [sent[p] for p in (0, 3, 6, 9)]


def test_not_yet_expired(celery, worker):
    id = celery.send(TASK, "in time", expires=600)
    assert celery.result(id) == {"state": "SUCCESS", "value": "test task return in time"}


def test_expired_in_the_queue_is_revoked_without_running(celery, redis_server, start_worker):
    id = celery.send(TASK, "too late", expires=-1)
    worker = start_worker(redis_server)
    result = celery.result(id)
    assert result["state"] == "REVOKED"
    assert result["value"]["type"] == "TaskRevokedError"
    assert worker.outcomes(id) == []
    assert_clean(redis_server.client)


def test_wrong_arguments_are_the_callers_fault(celery, worker, redis_server):
    id = celery.send(TASK, kwargs={"wort": "misspelt"})
    result = celery.result(id)
    assert result["state"] == "FAILURE"
    assert result["value"]["type"] == "TypeError"
    assert "word" in result["value"]["text"]
    assert [letter["id"] for letter in dead_letters(redis_server.client)] == [id]


def test_task_that_nobody_knows(celery, worker, redis_server):
    id = celery.send("shop.no_such_task", queue="main-queue")
    result = celery.result(id)
    assert (result["state"], result["value"]["type"]) == ("FAILURE", "NotRegistered")
    [letter] = dead_letters(redis_server.client)
    assert (letter["id"], letter["task"], letter["queue"]) == (id, "shop.no_such_task", "main-queue")
