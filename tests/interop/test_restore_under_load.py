"""Kombu restores message by message, each in a transaction that any change of `unacked` breaks: beside workers of
ours at full speed it still comes to its end."""

import pytest

from harness.celery_peer import CeleryClient
from harness.lab import Lab
from harness.ledger import Ledger, assert_clean, drained
from harness.load import Load
from harness.waiting import eventually

TASK = "backend.worker.test_celery"
MESSAGES = 200


def closed_in_order(keeper, sweeper):
    return keeper.give_back()


def swept_after_its_keepers_death(keeper, sweeper):
    keeper.kill()
    return sweeper.sweep()


@pytest.fixture
def load(redis_server, celery, start_worker, closing):
    """Our worker, as fast as it can."""
    celery.send(TASK, "load", queue="main-queue")
    load = closing(Load(redis_server.client, "main-queue", redis_server.client.rpop("main-queue")))
    # A short lease, and so frequent renewals: with them the worker learns that Python holds messages.
    start_worker(redis_server, concurrency=64, lease=1.0, queues="main-queue", loglevel="warning", ready=False)
    load.start()
    eventually(lambda: results(redis_server) > 1_000, "the load")
    return load


def results(redis_server):
    # Bindings, workers and the like are a handful.
    return redis_server.client.dbsize()


@pytest.mark.timeout(120)
@pytest.mark.parametrize("restore", [closed_in_order, swept_after_its_keepers_death])
def test_kombu_restores_200_messages_beside_our_full_load(restore, generation, redis_server, celery, load, tmp_path,
                                                         closing, record_property):
    keeper = closing(CeleryClient(generation, redis_server.url))
    ids = celery.send_many("lab.note", MESSAGES, queue="lab")
    assert keeper.hold("lab", MESSAGES) == ids
    before = load.sent
    seconds = restore(keeper, celery)
    record_property("seconds for 200 messages", round(seconds, 2))
    assert sorted(Ledger(redis_server.client, ids, ("lab",)).queued) == sorted(ids)
    assert load.sent > before or redis_server.client.llen("main-queue"), "there was no load beside it"
    load.stop()
    lab = closing(Lab(tmp_path / "lab", redis_server.url))
    lab.worker()
    eventually(lambda: drained(redis_server.client, ("lab", "main-queue")), "every task to be done", timeout=60)
    assert lab.starts() == dict.fromkeys(ids, 1)
    done = sum(1 for _ in redis_server.client.scan_iter("celery-task-meta-*", count=10_000))
    assert done == load.sent + MESSAGES
    assert_clean(redis_server.client)
