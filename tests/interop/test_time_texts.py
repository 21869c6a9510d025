"""`eta` and `expires` are read as a running Celery 5.7 worker reads them: 2,000 generated texts, refused ones too."""

import base64
import datetime
import json
import random
import time

import pytest

from harness.celery_peer import CeleryWorker
from harness.lab import Lab
from harness.ledger import Ledger, result
from harness.waiting import eventually

TEXTS = 2_000
BODY = base64.b64encode(json.dumps([["tea"], {}, {"callbacks": None, "errbacks": None, "chain": None,
                                                  "chord": None}]).encode()).decode()


class Texts:
    """Times in every form of ISO 8601, about a third with something wrong. The same ones for the same seed."""

    def __init__(self, seed: int):
        self._random = random.Random(seed)

    def one(self) -> str:
        text = self._date()
        if self._random.random() < 0.75:
            text += self._pick("TTTTT tx_") + self._time_of_day()
            text += self._pick("", "", "Z", "z", "+03:00", "-0530", "+03", "+23:59", "-00:00", wrong=("+3", "+01:60", "ZZ"))
        return self._spoilt(text) if self._random.random() < 0.1 else text

    def _pick(self, *choices, wrong=()):
        if wrong and self._random.random() < 0.05:
            return self._random.choice(wrong)
        return self._random.choice(choices[0] if len(choices) == 1 else choices)

    def _number(self, low: int, high: int, width: int) -> str:
        beyond = self._random.random() < 0.02
        return str(high + 1 if beyond else self._random.randint(low, high)).zfill(width)

    def _date(self) -> str:
        year, dash = str(self._random.choice([1999, 2020, 2040, 2044, 2100])), self._pick("-", "")
        forms = (lambda: year + dash + self._number(1, 12, 2) + dash + self._number(1, 28, 2),
                 lambda: year + "-" + self._number(1, 12, 2),
                 lambda: year,
                 lambda: year + dash + "W" + self._number(1, 53, 2) + self._pick("", dash + self._number(1, 7, 1)),
                 lambda: year + dash + self._number(1, 365, 3))
        return self._random.choices(forms, [6, 1, 1, 3, 2])[0]()

    def _time_of_day(self) -> str:
        colon = self._pick(":", ":", "")
        if self._random.random() < 0.05:
            return "24" + colon + "00"
        parts = [self._number(0, 23, 2), self._number(0, 59, 2), self._number(0, 59, 2)]
        parts = parts[: self._random.choice([1, 2, 3, 3])]
        digits = "".join(self._random.choices("0123456789", k=self._random.randint(1, 10)))
        fraction = self._pick(".", ",") + digits if len(parts) == 3 and self._random.random() < 0.5 else ""
        return colon.join(parts) + fraction

    def _spoilt(self, text: str) -> str:
        at = self._random.randrange(len(text))
        return text[:at] + self._pick(" -+:_TZW.,x09") + text[at + self._random.randint(0, 1):]


def envelope(id: str, **times) -> str:
    headers = {"lang": "py", "task": "lab.note", "id": id, "root_id": id, "parent_id": None, "group": None,
               "retries": 0, "timelimit": [None, None], "argsrepr": "", "kwargsrepr": "", "origin": "test",
               "ignore_result": False, "eta": None, "expires": None, **times}
    return json.dumps({"body": BODY, "content-encoding": "utf-8", "content-type": "application/json",
                       "headers": headers,
                       "properties": {"correlation_id": id, "delivery_mode": 2, "delivery_tag": id, "priority": 0,
                                      "delivery_info": {"exchange": "", "routing_key": "lab"},
                                      "body_encoding": "base64"}})


@pytest.fixture
def lab(tmp_path, redis_server, closing):
    return closing(Lab(tmp_path / "lab", redis_server.url, program="time_lab"))


def read_by_celery(redis_server, messages) -> tuple[dict[str, dict], set[str]]:
    """id -> {"eta", "expires"} in unix seconds, of the messages that Celery's worker took as tasks; and which of them
    it revoked, since they had expired."""
    client = redis_server.client
    client.lpush("main-queue", *(envelope(f"celery-{id}", **times) for id, times in messages.items()))
    client.lpush("main-queue", envelope("celery-last"))
    worker = CeleryWorker("5.7", redis_server.url, app="times_app")
    try:
        eventually(lambda: client.hexists("lab:times", "celery-last"), "Celery to read them all", timeout=60)
    finally:
        worker.close()
    times = {id.decode().removeprefix("celery-"): json.loads(read) for id, read in client.hgetall("lab:times").items()}
    ledger = Ledger(client, [f"celery-{id}" for id in messages])
    return times, {id.removeprefix("celery-") for id, state in ledger.results.items() if state == "REVOKED"}


def read_by_us(redis_server, lab, messages) -> tuple[dict[str, float], dict[str, str]]:
    """Due times of what is delayed, in unix seconds; reasons of what is dead. The rest has run or was revoked."""
    redis_server.client.lpush("lab", *(envelope(id, **times) for id, times in messages.items()))
    lab.worker()
    eventually(lambda: redis_server.client.llen("lab") == 0, "us to read them all", timeout=60)
    ids = list(messages)

    def settled():
        ledger = Ledger(redis_server.client, ids, queues=("lab",))
        return not set(ids) - set(ledger.delayed) - set(ledger.dead) - set(ledger.results)

    eventually(settled, "us to put each where it belongs", timeout=60)
    delayed = {task["id"]: datetime.datetime.fromisoformat(task["due"]).timestamp()
               for task in json.loads(lab.command("delayed", "list", "--json"))}
    dead = {letter["id"]: letter["reason"] for letter in json.loads(lab.command("dead", "list", "--json"))}
    return delayed, dead


def test_2000_texts_mean_the_same(redis_server, lab):
    texts = Texts(seed=57)
    messages = {f"{field}-{n}": {field: texts.one()} for n in range(TEXTS // 2) for field in ("eta", "expires")}
    theirs, revoked = read_by_celery(redis_server, messages)
    delayed, dead = read_by_us(redis_server, lab, messages)
    now = time.time()
    differences = []
    for id, times in messages.items():
        field, text = next(iter(times.items()))
        read = theirs.get(id, {}).get(field)
        if id in revoked:
            same = result(redis_server.client, id)["status"] == "REVOKED"
        elif id not in theirs:
            same = f"headers.{field}" in dead.get(id, "")
        elif field == "eta" and read > now:
            same = abs(delayed.get(id, 0) - read) < 1e-3
        else:
            same = result(redis_server.client, id)["status"] == "SUCCESS"
        if not same:
            differences.append((id, text, read, delayed.get(id), dead.get(id)))
    assert not differences, f"{len(differences)} of {TEXTS}: {differences[:10]}"
    refused = len(messages) - len(theirs.keys() & messages.keys()) - len(revoked)
    assert TEXTS // 20 < refused < TEXTS // 2, f"{refused} refused: both kinds have to be among them"


def test_an_empty_text_is_no_time(redis_server, lab):
    """Celery's client never sends one; a worker of 5.7 falls over it."""
    redis_server.client.lpush("lab", envelope("empty", eta="", expires=""))
    lab.worker()
    eventually(lambda: redis_server.client.exists("celery-task-meta-empty"), "its result")
    assert result(redis_server.client, "empty")["status"] == "SUCCESS"
