"""Our rate limits and those of Python's `limits` library, on one Redis: the same keys, values and decisions.

The Redis stands still in time unless the test moves it, and Python's process is told the same time; so nothing waits and
every step is exact. Moments are multiples of an eighth of a second, which doubles hold exactly."""

import itertools
import os
import random

import pytest

from harness.clocks import FrozenClock
from harness.limits_peers import OurLimits, PythonLimits
from harness.redis_server import RedisServer
from harness.shop import Site

STRATEGIES = ["fixed-window", "moving-window", "sliding-window-counter"]
# Of each strategy.
SEQUENCES = int(os.environ.get("LIMIT_SEQUENCES", "3400"))
ROUNDS = 14
START = 1_800_000_000.0
STEPS = [0.125, 0.25, 0.5, 0.875, 1.0, 1.5, 2.0, 4.0, 7.5]


@pytest.fixture
def world(tmp_path, closing):
    return closing(World(tmp_path))


class World:
    def __init__(self, folder):
        self.clock = FrozenClock(folder / "clock", START)
        self.redis = RedisServer(folder / "redis", env=self.clock.environment)
        self.python = PythonLimits(self.redis.url, frozen=True)
        self.ours = OurLimits(self.redis.url)
        self.wait(0)

    def wait(self, seconds: float) -> None:
        self.clock.set(self.clock.now + seconds)
        self.python.run([["now", self.clock.now]])
        self.ours.run([f"wait {round(seconds * 1000)}"])

    def close(self) -> None:
        for part in (self.python, self.ours, self.redis):
            part.close()

    def counters(self, owner: str) -> dict:
        """What the database holds for that identifier's prefix: value and life of each key, by its neutral name."""
        found = {}
        for key in self.redis.client.scan_iter(f"*/{owner}.*", count=1000):
            kind = self.redis.client.type(key)
            value = self.redis.client.lrange(key, 0, -1) if kind == b"list" else self.redis.client.get(key)
            found[key.decode().replace(f"/{owner}.", "/")] = (value, self.redis.client.pttl(key))
        return found


class Sequence:
    """One client with a limit of its own, whose calls have come to some point."""

    def __init__(self, dice: random.Random, number: int, strategy: str):
        self.dice, self.number, self.strategy = dice, number, strategy
        self.amount = dice.randint(1, 7)
        self.limit = f"{self.amount} per {dice.randint(1, 6)} second"

    def next_step(self) -> tuple[str, int]:
        action = self.dice.choices(["hit", "test", "clear"], [12, 3, 1])[0]
        return action, self.dice.choice([1, 1, 1, 1, 2, 3, self.amount, self.amount + 1])

    def for_python(self, owner: str, action: str, cost: int) -> list:
        return [self.strategy, action, cost, f"{owner}.{self.number}", self.limit]

    def for_us(self, store: str, owner: str, action: str, cost: int) -> str:
        return f"{store} {self.strategy} {action} {cost} {owner}.{self.number} {self.limit}"


def same(strategy: str, python: list | None, ours: list | None) -> bool:
    if python is None or ours is None or python[:2] != ours[:2]:
        return python == ours
    if strategy == "fixed-window":
        # Python reads whole seconds, which Redis has rounded.
        return python[2] == int(ours[2] + 0.5)
    if strategy == "moving-window":
        return abs(python[2] - ours[2]) < 0.001
    # A window that has just begun is reported by Python as over at once. Shares of a second are rounded either way.
    return abs(python[2] - ours[2]) < 0.002 or min(python[2], ours[2]) < 0.002


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_random_sequences_agree_at_every_step(world, strategy):
    """Each sequence runs four times: by Python, by us, by both in turn on one counter, and by us in memory."""
    dice = random.Random(f"{strategy} 1")
    sequences = [Sequence(dice, number, strategy) for number in range(SEQUENCES)]
    for turn in range(ROUNDS):
        moved = [(sequence, *sequence.next_step()) for sequence in sequences if dice.random() < 0.6]
        by_python = {sequence.number for sequence, *_ in moved if dice.random() < 0.5}
        shared_python = [(s, a, c) for s, a, c in moved if s.number in by_python]
        shared_ours = [(s, a, c) for s, a, c in moved if s.number not in by_python]

        answers = iter(world.python.run([s.for_python("python", a, c) for s, a, c in moved]
                                        + [s.for_python("shared", a, c) for s, a, c in shared_python]))
        expected = dict(zip([s.number for s, *_ in moved], itertools.islice(answers, len(moved))))
        seen = [("shared, Python's turn", *move, answer) for move, answer in zip(shared_python, answers)]
        for name, moves, store, owner in [("ours", moved, "redis", "ours"), ("memory", moved, "memory", "ours"),
                                          ("shared, our turn", shared_ours, "redis", "shared")]:
            lines = world.ours.run([s.for_us(store, owner, a, c) for s, a, c in moves])
            seen += [(name, *move, answer) for move, answer in zip(moves, lines)]

        for name, sequence, action, cost, answer in seen:
            wanted = expected[sequence.number]
            agree = wanted == answer if name.endswith("Python's turn") else same(strategy, wanted, answer)
            assert agree, f"round {turn}: {name} {action} {cost} of {sequence.limit}: {answer}, Python alone {wanted}"
        world.wait(dice.choice(STEPS))

    python = world.counters("python")
    assert len(python) > 10, "nothing is left to compare"
    assert world.counters("ours") == python
    assert world.counters("shared") == python


def test_a_version_2_instance_shares_keys_without_the_prefix(world, closing):
    old = closing(OurLimits(world.redis.url, prefix=""))
    old.run(["redis fixed-window hit 1 anna 3 per 1 minute"])
    assert world.redis.client.get("LIMITER/anna/3/1/minute") == b"1"


def test_every_text_is_read_as_python_reads_it(world):
    dice = random.Random(1)
    pieces = [["3", "20", "07", "0", " 5 ", "x"], ["/", " per ", "PER", "per", " / "], ["", "", "2", "30 ", "0"],
              ["minute", "minutes", "Hour", "day ", "month", "years", "second", "fortnight", ""]]

    def limit() -> list[str]:
        return [dice.choice(choices) for choices in pieces]

    def text() -> str:
        words = limit()
        for _ in range(dice.choice([0, 0, 1, 2])):
            words += [dice.choice([";", ",", "|", " ; ", "; ", "-"]), *limit()]
        if dice.random() < 0.3:
            del words[dice.randrange(len(words))]
        return "".join(words)

    texts = ["3/minute", "5 per 2 hours; 100/day", "", *(text() for _ in range(10_000))]
    expected = dict(zip(texts, world.python.run([["parse", text] for text in texts])))
    assert len([answer for answer in expected.values() if answer]) > 500
    assert len([answer for answer in expected.values() if not answer]) > 500
    ours = world.ours.run([f"parse {text}" for text in expected])
    for (text, wanted), answer in zip(expected.items(), ours):
        assert answer == wanted, f"{text!r}"


def test_slowapi_and_our_api_share_every_count(redis_server, tmp_path, closing):
    python = closing(PythonLimits(redis_server.url))
    site = closing(Site(tmp_path, redis_server.url, RATE_LIMIT_ENABLED="true"))
    site.start_api()

    def theirs():
        return python.run([["login"]])[0]

    def ours():
        return site.client.log_in("nobody")

    assert [theirs()[0], ours().status, theirs()[0]] == [200, 401, 200]
    assert [ours().status, theirs()[0]] == [429, 429]
    status, headers, body = theirs()
    refused = ours()
    assert (refused.status, refused.text) == (status, body)
    assert refused.headers["x-ratelimit-limit"] == headers["x-ratelimit-limit"]
    assert refused.headers["x-ratelimit-remaining"] == headers["x-ratelimit-remaining"]
    # Each refused call has counted against the shorter limit, on either side, and none against the longer.
    counts = {key: redis_server.client.get(f"LIMITS:LIMITER/127.0.0.1//api/v1/user/login/{key}")
              for key in ("3/1/minute", "20/1/hour")}
    assert counts == {"3/1/minute": b"7", "20/1/hour": b"3"}
