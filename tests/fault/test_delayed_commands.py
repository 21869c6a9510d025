"""What waits for its time: listed, cancelled and run by hand, and where it goes when workers leave."""

import json

import pytest

from harness.lab import Lab
from harness.ledger import Ledger, assert_clean, result
from harness.waiting import eventually


@pytest.fixture
def lab(tmp_path, redis_server, closing):
    return closing(Lab(tmp_path / "lab", redis_server.url, program="time_lab"))


def send_later(lab, seconds):
    return lab.send("lab.note", "--countdown", str(seconds), word="later")


def listed(lab):
    return json.loads(lab.command("delayed", "list", "--json"))


def state(redis_server, id):
    return result(redis_server.client, id)["status"]


def test_listed_cancelled_and_run_now(redis_server, lab):
    lab.worker()
    ids = [send_later(lab, seconds) for seconds in (3000, 1000, 2000)]
    tasks = listed(lab)
    assert [task["id"] for task in tasks] == [ids[1], ids[2], ids[0]], "the earliest first"
    assert {(task["task"], task["queue"], task["retries"]) for task in tasks} == {("lab.note", "lab", 0)}
    assert lab.command("delayed", "cancel", ids[0]) == f"{ids[0]} is cancelled"
    assert state(redis_server, ids[0]) == "REVOKED"
    lab.command("delayed", "run-now", ids[2])
    eventually(lambda: state(redis_server, ids[2]) == "SUCCESS", "the one that was hurried")
    assert [task["id"] for task in listed(lab)] == [ids[1]]
    assert lab.starts() == {ids[2]: 1}


@pytest.mark.parametrize("generation", ["5.2", "5.6"])
def test_celery_sees_what_was_cancelled_as_revoked(redis_server, celery, lab):
    lab.worker()
    id = celery.send("lab.note", "x", queue="lab", countdown=1000)
    eventually(lambda: [task["id"] for task in listed(lab)] == [id], "the worker to put it off")
    lab.command("delayed", "cancel", id)
    assert celery.result(id)["state"] == "REVOKED"
    assert_clean(redis_server.client)


def test_what_is_delayed_stays_when_one_of_two_workers_leaves(redis_server, lab):
    promoter, other = lab.worker(lease=None), lab.worker(lease=None)
    id = send_later(lab, 1000)
    holder = redis_server.client.get("samovar:promoter")
    assert promoter.process.terminate() == 0
    assert redis_server.client.get("samovar:promoter") not in (None, holder), "handed over, not just dropped"
    later = send_later(lab, 1)
    eventually(lambda: state(redis_server, later) == "SUCCESS", "the successor to promote at once")
    assert Ledger(redis_server.client, queues=("lab",)).delayed == [id]
    assert other.process.terminate() == 0
    assert Ledger(redis_server.client, queues=("lab",)).queued == [id], "the last one leaves it to Celery workers"
