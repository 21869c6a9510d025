"""Tasks with an ETA: each starts at its time, whoever dies meanwhile, and whatever a worker's own clock says.

The numbers are small by default. DUE_TASKS=100000 DUE_SECONDS=60 measures what the engine promises: without faults,
each start within 50 ms of its time in 99 of 100 cases. The figures are printed (pytest -s).
"""

import os
import random

import pytest

from harness.clocks import SteppedClock
from harness.lab import Lab
from harness.ledger import Ledger, assert_clean
from harness.waiting import eventually

TASKS = int(os.environ.get("DUE_TASKS", "3000"))
SECONDS = int(os.environ.get("DUE_SECONDS", "5"))
LEAD = max(2, TASKS // 10_000)
FULL = "DUE_TASKS" in os.environ
CONCURRENCY = 4


def new_lab(tmp_path, server, closing):
    return closing(Lab(tmp_path / "lab", server.url, program="time_lab"))


def wait_until_all_ran(lab, server):
    eventually(lambda: server.client.zcard("samovar:delayed") == 0, "the last ETA", timeout=SECONDS + LEAD + 60)
    eventually(lambda: len(lab.lateness()) == TASKS, "every task to run", timeout=120)


def report(lab, what):
    """p50, p99 and the most that a first start was late, in milliseconds."""
    late = sorted(min(runs) / 1000 for runs in lab.lateness().values())
    figures = {"p50": late[len(late) // 2], "p99": late[len(late) * 99 // 100], "max": late[-1]}
    again = sum(len(runs) - 1 for runs in lab.lateness().values())
    print(f"\n{what}: {len(late)} tasks over {SECONDS} s, {again} ran again, late by",
          ", ".join(f"{name} {value:.1f} ms" for name, value in figures.items()))
    return figures


def assert_none_early(lab):
    early = {id: min(runs) for id, runs in lab.lateness().items() if min(runs) < 0}
    assert not early, f"{len(early)} started early, such as {list(early.items())[:3]} (microseconds)"


def assert_none_twice(lab):
    twice = [id for id, runs in lab.lateness().items() if len(runs) > 1]
    assert not twice, f"{len(twice)} ran twice, such as {twice[:3]}"


def test_each_starts_once_at_its_time(tmp_path, redis_server, closing):
    lab = new_lab(tmp_path, redis_server, closing)
    for _ in range(2):
        lab.worker(concurrency=CONCURRENCY, lease=None, loglevel="warning", ready=False)
    eventually(lambda: redis_server.client.exists("samovar:promoter"), "a promoter")
    lab.command("schedule", TASKS, SECONDS, LEAD, timeout=120)
    wait_until_all_ran(lab, redis_server)
    figures = report(lab, "without faults")
    assert_none_early(lab)
    assert_none_twice(lab)
    assert not FULL or figures["p99"] < 50
    assert_clean(redis_server.client)


def test_none_is_lost_or_early_when_workers_are_killed_and_redis_restarts(tmp_path, durable_redis, closing):
    random.seed(7)
    lab = new_lab(tmp_path, durable_redis, closing)

    def start():
        return lab.worker(concurrency=CONCURRENCY, lease=1.0, loglevel="warning", ready=False)

    workers = [start() for _ in range(2)]
    eventually(lambda: durable_redis.client.exists("samovar:promoter"), "a promoter")
    lab.command("schedule", TASKS, SECONDS, LEAD, timeout=300)
    kills = 0
    for share in (1, 2, 3, 4):
        eventually(lambda: len(lab.lateness()) >= TASKS * share // 5, "a part of them", timeout=SECONDS + LEAD + 120)
        if share == 3:
            durable_redis.kill()
            durable_redis.start()
            continue
        workers.pop(random.randrange(2)).kill()
        kills += 1
        workers.append(start())
    wait_until_all_ran(lab, durable_redis)
    eventually(lambda: not Ledger(durable_redis.client, queues=("lab",)).reserved, "the acknowledgements", timeout=60)
    report(lab, f"{kills} kill -9 and one kill -9 of Redis")
    assert_none_early(lab)
    again = sum(len(runs) - 1 for runs in lab.lateness().values())
    assert again <= kills * CONCURRENCY, "only what was running at a kill runs again"
    assert_clean(durable_redis.client)


@pytest.mark.parametrize("ahead", [300, -300])
def test_worker_whose_clock_is_five_minutes_off_starts_nothing_early_or_twice(tmp_path, redis_server, closing, ahead):
    lab = new_lab(tmp_path, redis_server, closing)
    clock = SteppedClock(tmp_path / "clock")
    clock.step(ahead)
    lab.worker(concurrency=CONCURRENCY, lease=1.0, loglevel="warning", env=clock.environment, ready=False)
    eventually(lambda: redis_server.client.exists("samovar:promoter"), "a promoter")
    ids = [lab.send("lab.due", "--countdown", "1") for _ in range(5)]
    eventually(lambda: len(lab.lateness()) == len(ids), "every task to run")
    # The handler measures by the worker's own wrong clock.
    assert all(min(runs) - ahead * 1_000_000 >= 0 for runs in lab.lateness().values())
    assert_none_twice(lab)


@pytest.mark.parametrize("ahead", [7200, -7200])
def test_step_of_a_workers_clock_between_two_renewals_expires_and_puts_off_nothing(tmp_path, redis_server, celery,
                                                                                   closing, ahead):
    lab = new_lab(tmp_path, redis_server, closing)
    clock = SteppedClock(tmp_path / "clock")
    lab.worker(lease=60, env=clock.environment)
    clock.step(ahead)
    expiring = celery.send("lab.note", "x", queue="lab", expires=600)
    retried = celery.send("lab.succeeds_at_last", queue="lab")
    assert [celery.result(id)["state"] for id in (expiring, retried)] == ["SUCCESS", "SUCCESS"]
    expired = celery.send("lab.note", "x", queue="lab", expires=-60)
    assert celery.result(expired)["state"] == "REVOKED"


def test_thirty_days_away_outlive_every_process(tmp_path, durable_redis, closing):
    lab = new_lab(tmp_path, durable_redis, closing)
    lab.worker(lease=1.0)
    days = 30 * 86_400
    ids = [lab.send("lab.due", "--countdown", str(days)) for _ in range(3)]
    for worker in lab._workers:
        worker.kill()
    durable_redis.kill()
    durable_redis.start()
    assert sorted(Ledger(durable_redis.client, queues=("lab",)).delayed) == sorted(ids)
    lab.worker(lease=1.0)
    assert sorted(line.split()[1] for line in lab.command("delayed", "list").splitlines()) == sorted(ids)
    assert not lab.lateness()


def test_what_is_due_does_not_wait_for_the_lease_of_a_promoter_that_was_killed(redis_server, celery, lab):
    workers = {worker.name: worker for worker in (lab.worker(lease=60, concurrency=1) for _ in range(2))}
    promoter = redis_server.client.get("samovar:promoter")
    lease = redis_server.client.get(f"samovar:worker:{promoter.decode()}").decode()
    ids = [celery.send("lab.note", str(n), queue="lab", countdown=n) for n in (1, 3, 5)]
    eventually(lambda: redis_server.client.zcard("samovar:delayed") == len(ids), "the delayed tasks")
    next(worker for name, worker in workers.items() if name in lease).kill()
    for id in ids:
        assert celery.result(id)["state"] == "SUCCESS"
    assert redis_server.client.get("samovar:promoter") == promoter, "its lease has not ended"
