"""Redis pauses, restarts or is away for longer than a lease: what runs goes on, once, and consuming resumes."""

import random

import pytest
import redis

from harness.celery_peer import CeleryClient
from harness.clocks import SteppedClock
from harness.lab import Lab
from harness.ledger import assert_all_succeeded, assert_clean, drained, reserved_count
from harness.proxy import FaultProxy
from harness.redis_server import RedisServer
from harness.waiting import eventually, watch

LEASE = 1.0
# Between two disturbances.
TASKS = 250


@pytest.fixture
def redis_server(durable_redis):
    return durable_redis


def pause(redis_server):
    redis_server.pause()
    # Longer than a lease, by the clock of everybody: nothing happens meanwhile that could be waited for.
    watch(2.5 * LEASE, lambda: None)
    redis_server.resume()


def restart(redis_server):
    redis_server.restart()


def stop(redis_server):
    redis_server.stop()
    watch(2.5 * LEASE, lambda: None)
    redis_server.start()


def kill(redis_server):
    redis_server.kill()
    watch(2.5 * LEASE, lambda: None)
    redis_server.start()


def client_pause(redis_server):
    redis_server.client.execute_command("CLIENT", "PAUSE", int(2500 * LEASE), "ALL")


def writable(server):
    try:
        return server.client.set("writable", "1")
    except redis.ResponseError:
        return False


OUTAGES = [pause, restart, stop, kill, client_pause]


@pytest.mark.parametrize("outage", OUTAGES)
def test_running_task_runs_once(outage, redis_server, celery, lab):
    pipe = lab.pipe("held")
    workers = [lab.worker(concurrency=1), lab.worker(concurrency=1)]
    id = celery.send("lab.hold", str(pipe), queue="lab")
    eventually(lambda: lab.starts()[id] == 1, "the task's start")
    outage(redis_server)
    # Long enough for a reaper that judges by the outage to strike.
    eventually(redis_server.client.ping, "Redis")
    watch(3 * LEASE, lambda: None)
    assert lab.starts()[id] == 1
    lab.release(pipe)
    assert celery.result(id) == {"state": "SUCCESS", "value": "released"}
    assert lab.starts()[id] == 1
    eventually(lambda: reserved_count(redis_server.client) == 0, "the acknowledgement")
    assert all(worker.process.running() for worker in workers)
    assert_clean(redis_server.client)


@pytest.mark.parametrize("outage", OUTAGES)
def test_consumes_again_without_a_restart(outage, redis_server, celery, lab):
    worker = lab.worker()
    assert celery.result(celery.send("lab.note", "before", queue="lab"))["state"] == "SUCCESS"
    outage(redis_server)
    after = [celery.send("lab.note", str(n), queue="lab") for n in range(20)]
    # Five seconds are promised; the test allows for a busy machine and fails on a worker that stays deaf.
    for id in after:
        assert celery.result(id, timeout=20)["state"] == "SUCCESS"
    assert worker.process.running()
    assert_clean(redis_server.client)


def test_half_open_connection_is_noticed(redis_server, celery, lab, closing):
    proxy = closing(FaultProxy(redis_server.port))
    worker = lab.worker(through=proxy)
    assert celery.result(celery.send("lab.note", "before", queue="lab"))["state"] == "SUCCESS"
    proxy.freeze()
    id = celery.send("lab.note", "after", queue="lab")
    watch(2 * LEASE, lambda: None)
    proxy.thaw()
    assert celery.result(id, timeout=20)["state"] == "SUCCESS"
    assert lab.starts()[id] == 1
    assert worker.process.running()


def test_killed_connections_come_back(redis_server, celery, lab):
    worker = lab.worker()
    for round in range(5):
        redis_server.client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        id = celery.send("lab.note", str(round), queue="lab")
        assert celery.result(id, timeout=20)["state"] == "SUCCESS"
        assert lab.starts()[id] == 1
    assert worker.process.running()
    assert_clean(redis_server.client)


def test_delayed_task_survives_a_restart_of_redis(redis_server, celery, lab):
    lab.worker()
    id = celery.send("lab.note", "later", queue="lab", countdown=2)
    eventually(lambda: redis_server.client.zcard("samovar:delayed") == 1, "the delayed task")
    redis_server.restart()
    assert celery.result(id, timeout=20)["state"] == "SUCCESS"
    assert lab.starts()[id] == 1
    assert_clean(redis_server.client)


def kill_clients(redis_server, proxy):
    redis_server.client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")


def pause_clients(redis_server, proxy):
    redis_server.client.execute_command("CLIENT", "PAUSE", 300, "ALL")


def cut_connections(redis_server, proxy):
    proxy.cut_all()


def leave_half_open(redis_server, proxy):
    proxy.silence_all()


DISTURBANCES = [kill_clients, pause_clients, cut_connections, leave_half_open]


def test_disturbed_at_any_moment_of_many_tasks_each_runs_once(redis_server, celery, lab, closing):
    proxy = closing(FaultProxy(redis_server.port))
    chance = random.Random(seed := random.randrange(2**32))
    worker = lab.worker(through=proxy)
    disturbances = 2 * DISTURBANCES
    chance.shuffle(disturbances)
    ids = []
    for disturb in disturbances:
        ids += celery.send_many("lab.note", TASKS, first=len(ids), queue="lab")
        begun = len(ids) - chance.randrange(1, TASKS)
        eventually(lambda: len(lab.starts()) >= begun, "that many tasks to have begun")
        disturb(redis_server, proxy)
    eventually(lambda: drained(redis_server.client, ("lab",)), "every task to be done")
    assert lab.starts() == dict.fromkeys(ids, 1), f"seed {seed}"
    assert_all_succeeded(redis_server.client, ids)
    assert worker.process.running()
    assert_clean(redis_server.client)


@pytest.mark.parametrize("ahead", [3600, -3600])
def test_step_of_redis_clock_makes_nobody_run_a_task_again(tmp_path, closing, ahead):
    clock = SteppedClock(tmp_path / "clock")
    server = closing(RedisServer(tmp_path / "stepped", env=clock.environment))
    celery = closing(CeleryClient("5.6", server.url))
    lab = closing(Lab(tmp_path / "lab", server.url))
    pipe = lab.pipe("held")
    for _ in range(2):
        lab.worker(concurrency=1)
    id = celery.send("lab.hold", str(pipe), queue="lab")
    eventually(lambda: lab.starts()[id] == 1, "the task's start")
    clock.step(ahead)
    # Long enough for a reaper that judges by the step to strike.
    watch(3 * LEASE, lambda: None)
    lab.release(pipe)
    another = celery.send("lab.note", "x", queue="lab")
    for each in (id, another):
        assert celery.result(each)["state"] == "SUCCESS"
        assert lab.starts()[each] == 1


def test_full_disk_of_redis_holds_up_what_ended_and_loses_nothing(tmp_path, closing):
    server = closing(RedisServer(tmp_path / "full", appendonly=True, options=("--appendfsync", "everysec")))
    celery = closing(CeleryClient("5.6", server.url))
    lab = closing(Lab(tmp_path / "lab", server.url))
    pipe = lab.pipe("held")
    worker = lab.worker()
    id = celery.send("lab.hold", str(pipe), queue="lab")
    eventually(lambda: lab.starts()[id] == 1, "the task's start")
    server.limit_files(1)
    worker.process.wait_line("the lease is not renewed: MISCONF")
    lab.release(pipe)
    worker.process.wait_line("ended tasks are not completed yet: MISCONF")
    watch(2.5 * LEASE, lambda: None)
    server.limit_files(-1)
    eventually(lambda: writable(server), "Redis")
    another = celery.send("lab.note", "x", queue="lab")
    for each in (id, another):
        assert celery.result(each)["state"] == "SUCCESS"
        assert lab.starts()[each] == 1
    assert worker.process.text.count("ended tasks are not completed yet: MISCONF") == 1
