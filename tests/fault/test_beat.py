"""Each slot is sent exactly once, whatever becomes of beats, of their clocks, and of Redis."""

import datetime
import os
import pathlib
import random
import signal

import pytest

from harness.beat import SECOND, Beats, assert_each_once
from harness.clocks import FrozenClock
from harness.process import Process
from harness.redis_server import RedisServer
from harness.waiting import eventually, watch
from harness.worker import BIN, shop_environment

# Twice as long without any beat, and what came due is missed: a busy machine must not seem to be that.
LEASE = 2.0


@pytest.fixture
def beats(tmp_path, durable_redis, closing):
    return closing(Beats(tmp_path / "beats", durable_redis.url, durable_redis.client, LEASE))


@pytest.fixture
def ticking(beats):
    return with_ticks(beats)


def with_ticks(beats: Beats) -> Beats:
    beats.command("add", "tick", "lab.note", "every 1s", "--args", '["tick"]', "--queue", "ticks")
    return beats


def kill_leader(beats: Beats) -> None:
    beats.replace(beats.leader())


def stop_leader_past_its_lease(beats: Beats) -> None:
    stopped = beats.leader()
    stopped.pause()
    eventually(lambda: beats.leader() is not stopped, "another leader", timeout=60)
    stopped.resume()
    stopped.wait_line("another beat leads")


def stop_leader_for_a_moment(beats: Beats) -> None:
    stopped = beats.leader()
    stopped.pause()
    watch(0.3 * LEASE, lambda: None)
    stopped.resume()


def end_leader(beats: Beats) -> None:
    leader = beats.leader()
    beats.running.remove(leader)
    assert leader.terminate() == 0
    beats.start()


def test_three_beats_whose_leaders_die_or_stop(ticking):
    for _ in range(3):
        ticking.start()
    chance = random.Random(8)
    harms = [kill_leader, stop_leader_past_its_lease, stop_leader_for_a_moment, end_leader]
    rounds = harms + chance.choices(harms, k=8)
    for harm in rounds:
        harm(ticking)
        ticking.wait_sent(len(ticking.slots()) + 1)
    ticking.wait_sent(len(ticking.slots()) + 3)
    slots = ticking.slots()
    assert_each_once(slots)
    assert len({id for _, id in ticking.sent()}) == len(ticking.sent())
    print(f"{len(slots)} slots, {len(rounds)} leaders lost, each slot once")


def test_clocks_that_are_five_minutes_off(ticking, durable_redis):
    """Redis's clock decides, whoever leads."""
    seconds, micros = durable_redis.client.time()
    begun = datetime.datetime.fromtimestamp(seconds + micros / 1e6, datetime.UTC)
    clocks = ["+300s", "-300s", None]
    for clock in clocks:
        ticking.start(clock)
    late = []

    def seen_in_time():
        sent = ticking.slots()
        seconds, micros = durable_redis.client.time()
        now = datetime.datetime.fromtimestamp(seconds + micros / 1e6, datetime.UTC)
        late.extend(slot for slot in sent if slot > now)

    for clock in clocks * 2:
        watch(1.0, seen_in_time)
        ticking.replace(ticking.leader(), clock)
        ticking.wait_sent(len(ticking.slots()) + 2)
    assert late == []
    assert_each_once(ticking.slots())
    assert abs(ticking.slots()[0] - begun) < datetime.timedelta(seconds=60)


@pytest.mark.parametrize("harm", ["restart", "kill", "pause"])
def test_redis_goes_and_comes_back(tmp_path, durable_redis, closing, harm):
    """Not for as long as two leases."""
    ticking = with_ticks(closing(Beats(tmp_path / "beats", durable_redis.url, durable_redis.client, lease=5.0)))
    ticking.start()
    ticking.start()
    ticking.wait_sent(2)
    if harm == "restart":
        durable_redis.restart()
    elif harm == "kill":
        durable_redis.kill()
        durable_redis.start()
    else:
        durable_redis.pause()
        watch(2.0, lambda: None)
        durable_redis.resume()
    ticking.wait_sent(len(ticking.slots()) + 4)
    assert_each_once(ticking.slots())


def test_a_store_that_takes_no_writes_is_told_once(ticking, durable_redis):
    beat = ticking.start()
    ticking.wait_sent(2)
    durable_redis.client.replicaof("127.0.0.1", 1)
    for told in ("beat cannot reach the store: ", "what is due has to wait: "):
        beat.wait_line(told)
    # The time of many tries, and less than that after which a slot counts as missed.
    watch(0.5 * LEASE, lambda: None)
    durable_redis.client.replicaof("NO", "ONE")
    ticking.wait_sent(len(ticking.slots()) + 2)
    assert_each_once(ticking.slots())
    for told in ("beat cannot reach the store: ", "what is due has to wait: "):
        assert sum(told in line for line in beat.lines) == 1


def test_redis_that_lost_everything_gets_the_entries_from_code_back(tmp_path, redis_server, closing):
    folder = tmp_path / "beat"
    folder.mkdir()
    beat = closing(Process([BIN / "localtea", "beat"], shop_environment(folder, redis_server.url), folder))
    beat.wait_line("this beat leads")
    entries = eventually(lambda: redis_server.client.hgetall("samovar:beat:localtea:entries"), "the entries")
    told = 0
    for lose in (redis_server.client.flushall, redis_server.restart):
        lose()
        told = beat.wait_line("the store has lost what beat keeps there", after=told)
        eventually(lambda: redis_server.client.hgetall("samovar:beat:localtea:entries") == entries, "the entries")
    assert beat.text.count("the store has lost what beat keeps there") == 2


def test_a_clock_of_redis_that_was_set_back_is_told_once(tmp_path, closing):
    clock = FrozenClock(tmp_path, 1_900_000_000)
    server = closing(RedisServer(tmp_path / "redis", env=clock.environment))
    ticking = with_ticks(closing(Beats(tmp_path / "beats", server.url, server.client, lease=2.0)))
    beat = ticking.start()
    eventually(lambda: server.client.zscore("samovar:beat:lab:due", "tick"), "the first slot to be planned")
    clock.set(clock.now - 3600)
    beat.wait_line("Redis's clock was set back: what comes due waits for 3600 s")
    # The time of several renewals: it is not said with each of them.
    watch(3.0, lambda: None)
    clock.set(clock.now + 3601)
    for count in range(1, 4):
        clock.set(clock.now + 1)
        ticking.wait_sent(count)
    assert beat.text.count("was set back") == 1
    assert_each_once(ticking.slots())


def test_what_was_missed_without_any_beat_runs_once_or_not(ticking):
    ticking.command("add", "no-past", "lab.note", "every 1s", "--args", '["x"]', "--queue", "fresh", "--catch-up", "0")
    only = ticking.start()
    ticking.wait_sent(2)
    ticking.wait_sent(2, "fresh")
    ticking.running.remove(only)
    only.kill()
    before, fresh_before = ticking.slots(), ticking.slots("fresh")
    watch(4 * LEASE, lambda: None)
    ticking.start()
    ticking.wait_sent(len(before) + 3)
    ticking.wait_sent(len(fresh_before) + 2, "fresh")
    after = ticking.slots()[len(before):]
    assert after[0] == before[-1] + SECOND, "one of those that were missed"
    assert after[1] > after[0] + 3 * SECOND, "and only one"
    assert_each_once(after[1:])
    fresh = ticking.slots("fresh")[len(fresh_before):]
    assert fresh[0] > fresh_before[-1] + 3 * SECOND
    assert_each_once(fresh)


def test_a_change_wakes_a_beat_that_sleeps(beats):
    beats.command("add", "rare", "lab.note", "every 1000d", "--args", '["x"]')
    beats.start()
    beats.leader()
    beats.command("add", "tick", "lab.note", "every 1s", "--args", '["x"]', "--queue", "ticks")
    beats.wait_sent(2)
    beats.command("pause", "tick")
    paused = beats.slots()
    beats.command("resume", "tick")
    beats.wait_sent(len(paused) + 2)
    assert_each_once(beats.slots()[len(paused):])


def test_a_beat_needs_little_memory_and_ends_on_a_signal(tmp_path, redis_server):
    folder = tmp_path / "beat"
    folder.mkdir()
    beat = Process([BIN / "localtea", "beat"], shop_environment(folder, redis_server.url), folder)
    beat.wait_line("beat ready")
    beat.wait_line("this beat leads")
    status = dict(line.split(":\t", 1) for line in pathlib.Path(f"/proc/{beat.pid}/status").read_text().splitlines())
    resident = int(status["VmRSS"].split()[0])
    assert resident < 12 * 1024, f"{resident} KiB resident"
    os.kill(beat.pid, signal.SIGTERM)
    assert beat.wait() == 0
    assert redis_server.client.get("samovar:beat:localtea:leader") is None, "it left the place free"
