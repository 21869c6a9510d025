"""Where every task is: what is true at any moment of a broker that cannot lose a message."""

import collections
import json
import re

import redis

QUEUES = ("celery", "main-queue")
_STEPS = ("", "\x06\x163", "\x06\x166", "\x06\x169")
_ID = re.compile(rb'\\?"id\\?": ?\\?"([0-9A-Za-z_-]{1,64})\\?"')
_FINAL = {"SUCCESS", "FAILURE", "REVOKED"}


_COUNT_RESERVED = """
local count = redis.call('HLEN', 'unacked')
for _, incarnation in ipairs(redis.call('ZRANGE', 'samovar:register', 0, -1)) do
    for _, field in ipairs(redis.call('HKEYS', 'samovar:held:' .. incarnation)) do
        if string.find(field, ':', 1, true) then count = count + 1 end
    end
end
return count"""


def task_id(message: bytes) -> str:
    """The id in a message's headers, also inside a reservation's JSON, where quotation marks are escaped."""
    match = _ID.search(message)
    return match[1].decode() if match else ""


class Ledger:
    """One consistent look at a database: which task is queued, delayed, reserved, dead, and which has a result."""

    def __init__(self, client: redis.Redis, ids: list[str] = (), queues: tuple[str, ...] = QUEUES):
        lists = [queue + step for queue in queues for step in _STEPS]
        replies, held = _read(client, lists, ids)
        self.queued = [task_id(m) for messages in replies[: len(lists)] for m in messages]
        self.reserved = [task_id(m) for m in replies[len(lists)]]
        self.reserved += [task_id(value) for fields in held for name, value in fields.items() if b":" in name]
        self.delayed = [task_id(m) for m in replies[len(lists) + 1]]
        self.dead = [task_id(m.split(b"\n", 1)[1]) for m in replies[len(lists) + 2]]
        documents = replies[len(lists) + 3] if ids else []
        self.results = {id: json.loads(d)["status"] for id, d in zip(ids, documents) if d is not None}
        self.places = collections.Counter([*self.queued, *self.reserved, *self.delayed, *self.dead])

    def problems(self, ids: list[str]) -> list[str]:
        """What is wrong: an id in no place without a final result, or in more than one, or twice in one."""
        found = []
        for id in ids:
            places, state = self.places[id], self.results.get(id, "PENDING")
            if places == 0 and state not in _FINAL:
                found.append(f"{id} is lost (result: {state})")
            elif places > 1:
                found.append(f"{id} is in {places} places: {self._where(id)}")
            elif places == 1 and state == "SUCCESS":
                found.append(f"{id} has its result and is still in {self._where(id)}")
        return found

    def _where(self, id: str) -> str:
        return ", ".join(name for name in ("queued", "reserved", "delayed", "dead")
                         for found in getattr(self, name) if found == id)


def _read(client: redis.Redis, lists: list[str], ids: list[str]) -> tuple[list, list[dict]]:
    incarnations, registered = set(), None
    # Which workers there are has to be known before: one that comes meanwhile makes for another look.
    while registered is None or not registered <= incarnations:
        incarnations = set(client.zrange("samovar:register", 0, -1))
        with client.pipeline(transaction=True) as look:
            look.zrange("samovar:register", 0, -1)
            for incarnation in incarnations:
                look.hgetall(b"samovar:held:" + incarnation)
            for name in lists:
                look.lrange(name, 0, -1)
            look.hvals("unacked")
            look.hvals("samovar:delayed:payload")
            look.hvals("samovar:dead:payload")
            if ids:
                look.mget([f"celery-task-meta-{id}" for id in ids])
            replies = look.execute()
        registered = set(replies[0])
    return replies[1 + len(incarnations) :], replies[1 : 1 + len(incarnations)]


def drained(client: redis.Redis, queues: tuple[str, ...] = QUEUES) -> bool:
    """Nothing waits, is delayed or is in anybody's hands. Cheap, so that looking often does not slow down the others."""
    look = client.register_script("if redis.call('EXISTS', unpack(KEYS)) > 0 then return -1 end" + _COUNT_RESERVED)
    return look(["samovar:delayed", *(queue + step for queue in queues for step in _STEPS)]) == 0


def reserved_count(client: redis.Redis) -> int:
    """Messages in the hands of Python workers and of ours."""
    return client.register_script(_COUNT_RESERVED)()


def result(client: redis.Redis, id: str) -> dict:
    """A task's result as it is stored; only its status, PENDING, while there is none."""
    stored = client.get(f"celery-task-meta-{id}")
    return json.loads(stored) if stored else {"status": "PENDING"}


def assert_all_succeeded(client: redis.Redis, ids: list[str]) -> None:
    states = Ledger(client, ids).results
    others = {id: states.get(id, "PENDING") for id in ids if states.get(id) != "SUCCESS"}
    assert not others, f"{len(others)} of {len(ids)} without success, such as {list(others.items())[:5]}"


def dead_letters(client: redis.Redis) -> list[dict]:
    """The dead letters' descriptions: id, task, queue, reason, at, size."""
    return [json.loads(value.split(b"\n", 1)[0]) for value in client.hvals("samovar:dead:payload")]


def assert_clean(client: redis.Redis) -> None:
    """Nothing is left behind by tasks that are done."""
    ledger = Ledger(client)
    left = {name: getattr(ledger, name) for name in ("queued", "reserved", "delayed") if getattr(ledger, name)}
    assert not left, f"left behind: {left}"
    assert client.zcard("unacked_index") == 0, "unacked_index has entries without a message"

