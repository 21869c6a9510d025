"""Chains, chords and links that real Celery sends: refused by name before anything runs, and nobody waits for ever."""

import pytest

from harness.ledger import dead_letters
from harness.waiting import eventually

REFUSED = {"chain": "chain", "chord": "chord", "group in a chain": "chain", "chord in a chain": "chain",
           "link": "callbacks", "link_error": "errbacks", "link_list": "callbacks"}


@pytest.mark.parametrize("task", ["lab.note", "lab.early"])
@pytest.mark.parametrize("kind", REFUSED)
def test_refused_before_it_runs(kind, task, celery, lab, redis_server):
    lab.worker()
    outcome = celery.workflow(kind, task)
    assert outcome != "hangs"
    assert outcome["error"] == "NotImplementedError"
    assert outcome["text"].startswith(REFUSED[kind] + ": ")
    count = 2 if kind == "chord" else 1
    letters = eventually(lambda: [*dead_letters(redis_server.client)][count - 1:], "the dead letters")
    assert letters[0]["reason"].startswith(f"NotImplementedError: {REFUSED[kind]}: ")
    assert letters[0]["task"] == task
    assert not lab.starts(), "a handler ran"
    assert celery.result(celery.send(task, "alone", queue="lab")) == {"state": "SUCCESS", "value": "alone"}


def test_a_group_alone_runs(celery, lab, redis_server):
    lab.worker()
    assert celery.workflow("group", "lab.note") == {"value": ["one", "two"]}
    assert dead_letters(redis_server.client) == []
