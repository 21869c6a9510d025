"""What cannot be run ends in the dead letters with its reason and its bytes, and the worker goes on."""

import base64
import json
import pickle
import uuid

import pytest

from harness.ledger import assert_clean, dead_letters
from harness.waiting import eventually
from harness.worker import run_command

QUEUE = "main-queue"
TASK = "backend.worker.test_celery"


def message(*, task=TASK, body: bytes | None = None, content_type="application/json", encoding="utf-8", **headers):
    """A message as kombu writes it; `body` are the bytes before base64."""
    id = str(uuid.uuid4())
    body = json.dumps([["word"], {}, {"callbacks": None, "errbacks": None, "chain": None, "chord": None}]).encode() \
        if body is None else body
    envelope = {
        "body": base64.b64encode(body).decode(),
        "content-encoding": encoding,
        "content-type": content_type,
        "headers": {"lang": "py", "task": task, "id": id, "root_id": id, "parent_id": None, "group": None,
                    "eta": None, "expires": None, "retries": 0, "timelimit": [None, None], **headers},
        "properties": {"correlation_id": id, "reply_to": str(uuid.uuid4()), "delivery_mode": 2,
                       "delivery_info": {"exchange": "", "routing_key": QUEUE}, "priority": 0,
                       "body_encoding": "base64", "delivery_tag": str(uuid.uuid4())},
    }
    return id, json.dumps(envelope).encode()


BAD = {
    "unknown task": lambda: message(task="shop.no_such_task"),
    "wrong arguments": lambda: message(body=b'[[1, 2, 3], {}, {}]'),
    "unknown argument": lambda: message(body=b'[[], {"no_such": 1}, {}]'),
    "pickle": lambda: message(body=pickle.dumps([["word"], {}, {}]), content_type="application/x-python-serialize",
                              encoding="binary"),
    "yaml": lambda: message(body=b"- [word]", content_type="application/x-yaml"),
    "body is not JSON": lambda: message(body=b"[[oops"),
    "body is not a list of three": lambda: message(body=b'{"args": []}'),
    "body is too deep": lambda: message(body=b"[" * 100_000 + b"]" * 100_000),
    "body is not UTF-8": lambda: message(body=b'[["\xff\xfe"], {}, {}]'),
    "not JSON": lambda: ("", b"tea, please"),
    "no object": lambda: ("", b"[1, 2, 3]"),
    "empty": lambda: ("", b""),
    "object without headers": lambda: ("", b'{"body": ""}'),
    "too deep": lambda: ("", b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    "100,000 open brackets": lambda: ("", b"{" * 100_000),
    "20 MiB": lambda: ("", message(body=b'[["' + b"x" * (15 << 20) + b'"], {}, {}]')[1]),
}


@pytest.mark.parametrize("kind", BAD)
def test_dead_letter_with_its_reason_and_bytes(kind, redis_server, celery, start_worker, tmp_path):
    worker = start_worker(redis_server)
    id, raw = BAD[kind]()
    redis_server.client.lpush(QUEUE, raw)
    letters = eventually(lambda: dead_letters(redis_server.client), "the dead letter")
    assert len(letters) == 1
    [letter] = letters
    assert letter["reason"], "says nothing about why"
    assert letter["queue"] == QUEUE
    assert letter["size"] == len(raw)
    if id:
        assert letter["id"] == id
        result = celery.result(id)
        assert result["state"] == "FAILURE"
    [stored] = redis_server.client.hvals("samovar:dead:payload")
    assert stored.split(b"\n", 1)[1] == raw, "the original bytes changed"

    good = celery.send(TASK, "still here")
    assert celery.result(good) == {"state": "SUCCESS", "value": "test task return still here"}
    assert worker.process.running()
    assert_clean(redis_server.client)


def test_dead_letters_on_the_command_line(redis_server, celery, start_worker, tmp_path):
    start_worker(redis_server)
    id = celery.send("shop.no_such_task", queue=QUEUE)
    eventually(lambda: dead_letters(redis_server.client), "the dead letter")

    listed = run_command(tmp_path / "cli", redis_server.url, "dead", "list", "--json")
    assert listed.returncode == 0, listed.stderr
    [letter] = json.loads(listed.stdout)
    assert set(letter) == {"id", "task", "queue", "reason", "at", "size"}
    assert (letter["id"], letter["task"], letter["queue"]) == (id, "shop.no_such_task", QUEUE)

    retried = run_command(tmp_path / "cli", redis_server.url, "dead", "retry", id)
    assert retried.returncode == 0, retried.stderr
    # Nobody knows the task yet, so it dies once more, and is one dead letter still.
    eventually(lambda: [d["at"] for d in dead_letters(redis_server.client)] not in ([], [letter["at"]]),
               "its second death")
    assert len(dead_letters(redis_server.client)) == 1

    dropped = run_command(tmp_path / "cli", redis_server.url, "dead", "drop", id)
    assert dropped.returncode == 0, dropped.stderr
    assert dead_letters(redis_server.client) == []
    assert_clean(redis_server.client)


def test_command_line_that_is_wrong_says_so(redis_server, tmp_path):
    for arguments in (["worker", "--no-such-option"], ["no-such-command"], ["worker", "-c", "0"],
                      ["worker", "--lease", "soon"], ["dead", "polish"]):
        result = run_command(tmp_path / "cli", redis_server.url, *arguments)
        assert result.returncode == 2, f"{arguments}: {result.returncode} {result.stderr}"
        assert result.stderr.strip(), arguments


@pytest.mark.parametrize("url", ["http://127.0.0.1/0", "redis://127.0.0.1:port/0", "redis://127.0.0.1/first"])
def test_redis_url_that_is_wrong_names_the_variable(url, tmp_path):
    result = run_command(tmp_path / "cli", url, "worker")
    assert result.returncode == 2
    assert "REDIS_URL" in result.stderr
