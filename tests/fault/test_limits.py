"""Tasks of which one run at a time is under way, and limits, whatever becomes of the workers."""

import concurrent.futures
import datetime

import pytest

from harness.lab import Lab
from harness.ledger import Ledger, assert_clean, result
from harness.waiting import eventually, watch

LEASE = 0.6


@pytest.fixture
def lab(tmp_path, redis_server, closing):
    return closing(Lab(tmp_path / "lab", redis_server.url, program="time_lab"))


def wait_for_result(redis_server, id):
    return eventually(lambda: (found := result(redis_server.client, id))["status"] in ("SUCCESS", "REVOKED") and found,
                      f"the result of {id}")


def fence(lab, id):
    return [n for n in range(1, 10) if lab.events(f"fence={n}")[id]]


def test_holder_that_sleeps_past_its_lease_is_told_and_writes_nothing(redis_server, lab):
    pipe = lab.pipe("first")
    sleeper = lab.worker(concurrency=1, lease=LEASE)
    id = lab.send("lab.alone", path=str(pipe))
    eventually(lambda: lab.starts()[id] == 1, "the first run")
    other = lab.worker(concurrency=1, lease=LEASE)
    sleeper.process.pause()
    eventually(lambda: lab.starts()[id] == 2, "the run elsewhere")
    assert lab.events("cancelled")[id] == 0, "the sleeper cannot know yet"
    sleeper.process.resume()
    eventually(lambda: lab.events("cancelled")[id] == 1, "the stop token of the one that woke")
    assert fence(lab, id) == [1, 2]
    with open(pipe, "w", encoding="utf-8") as let_go:
        let_go.write("released\n")
        let_go.flush()
        eventually(lambda: lab.ends()[id] == 1, "the end of the run that read it")
    eventually(lambda: lab.ends()[id] == 2, "the end of both")
    assert wait_for_result(redis_server, id)["status"] == "SUCCESS"
    eventually(lambda: not Ledger(redis_server.client, queues=("lab",)).reserved, "the acknowledgement")
    assert_clean(redis_server.client)
    assert other.process.running() and sleeper.process.running()


def test_second_message_waits_in_the_store_and_runs_when_the_first_has_ended(redis_server, lab):
    pipes = [lab.pipe("one"), lab.pipe("two")]
    workers = [lab.worker(concurrency=2, lease=LEASE) for _ in range(2)]
    first = lab.send("lab.alone", path=str(pipes[0]))
    eventually(lambda: lab.starts()[first] == 1, "the first run")
    second = lab.send("lab.alone", path=str(pipes[1]))
    eventually(lambda: Ledger(redis_server.client, queues=("lab",)).delayed == [second], "the second to wait")
    watch(2 * LEASE, lambda: lab.starts()[second] == 0 or pytest.fail("two runs at a time"))
    lab.release(pipes[0])
    eventually(lambda: lab.starts()[second] == 1, "the second run")
    lab.release(pipes[1])
    for id in (first, second):
        assert wait_for_result(redis_server, id)["status"] == "SUCCESS"
    assert fence(lab, first) < fence(lab, second)
    assert all(worker.process.running() for worker in workers)


def test_second_message_of_a_task_that_skips_is_revoked(redis_server, lab):
    pipe = lab.pipe("one")
    lab.worker(concurrency=2, lease=LEASE)
    first = lab.send("lab.alone_or_never", path=str(pipe))
    eventually(lambda: lab.starts()[first] == 1, "the first run")
    second = lab.send("lab.alone_or_never", path=str(pipe))
    revoked = wait_for_result(redis_server, second)
    assert revoked["status"] == "REVOKED"
    assert revoked["result"]["exc_message"] == ["skipped: another run is under way"]
    lab.release(pipe)
    assert wait_for_result(redis_server, first)["status"] == "SUCCESS"
    third = lab.send("lab.alone_or_never", path=str(pipe))
    lab.release(pipe)
    assert wait_for_result(redis_server, third)["status"] == "SUCCESS"
    assert lab.starts()[second] == 0


def test_place_of_a_killed_worker_is_free_again_and_others_are_not_held_up(redis_server, lab):
    pipes = [lab.pipe(str(n)) for n in range(4)]
    victim = lab.worker(concurrency=4, lease=LEASE)
    limited = [lab.send("lab.two_at_a_time", path=str(pipe)) for pipe in pipes]
    eventually(lambda: sum(lab.starts()[id] for id in limited) == 2, "two runs")
    eventually(lambda: len(Ledger(redis_server.client, queues=("lab",)).delayed) == 2, "two that wait")
    free = lab.send("lab.note", word="unlimited")
    assert wait_for_result(redis_server, free)["status"] == "SUCCESS"
    victim.kill()
    before = len(lab.trace())
    lab.worker(concurrency=4, lease=LEASE)
    with concurrent.futures.ThreadPoolExecutor(len(pipes)) as releasing:
        list(releasing.map(lab.release, pipes))
    for id in limited:
        assert wait_for_result(redis_server, id)["status"] == "SUCCESS"
    running = 0
    for event, _ in lab.trace()[before:]:
        running += {"start": 1, "end": -1}.get(event, 0)
        assert running <= 2
    assert sum(lab.starts()[id] for id in limited) == 6, "the two that were interrupted run again"
    assert_clean(redis_server.client)


def test_second_call_of_a_unique_task_is_the_first_until_it_has_ended(redis_server, lab):
    pipe = lab.pipe("one")
    first = lab.send("lab.one_is_enough", path=str(pipe))
    assert lab.send("lab.one_is_enough", path=str(pipe)) == first
    lab.worker(concurrency=2, lease=LEASE)
    eventually(lambda: lab.starts()[first] == 1, "the first run")
    assert lab.send("lab.one_is_enough", path=str(pipe)) == first
    other = lab.send("lab.one_is_enough", path=str(lab.pipe("two")))
    assert other != first
    lab.release(pipe)
    assert wait_for_result(redis_server, first)["status"] == "SUCCESS"
    again = lab.send("lab.one_is_enough", path=str(pipe))
    assert again not in (first, other)
    [claim] = [key for key in redis_server.client.keys("samovar:unique:*")
               if redis_server.client.get(key).decode() == again]
    assert 3500 < redis_server.client.ttl(claim) <= 3600, "always with an end"
    lab.release(pipe)
    wait_for_result(redis_server, again)
    eventually(lambda: not redis_server.client.exists(claim), "the end of the claim")


def test_rate_spreads_the_starts_of_all_workers_together(redis_server, lab):
    for _ in range(2):
        lab.worker(concurrency=4, lease=LEASE)
    begin = datetime.datetime.now(datetime.UTC)
    ids = [lab.send("lab.seldom", word=str(n)) for n in range(9)]
    ends = sorted(datetime.datetime.fromisoformat(wait_for_result(redis_server, id)["date_done"]) for id in ids)
    # Four a second: whatever the machine does, the n-th start is n quarters of a second after the first at least.
    assert all(end - begin >= n * datetime.timedelta(seconds=0.25) for n, end in enumerate(ends))
    assert lab.starts() == dict.fromkeys(ids, 1)


def test_start_that_was_allowed_in_time_and_told_after_the_lease_does_not_happen(redis_server, proxy, lab):
    late = lab.worker(through=proxy, concurrency=1, lease=LEASE)
    allowed = proxy.hold(lambda command: command[0] == b"EVALSHA" and command[2] == b"6" and b"samovar:limits" in command)
    id = lab.send("lab.seldom", word="x")
    assert allowed.done.wait(30)
    other = lab.worker(concurrency=1, lease=LEASE)
    assert wait_for_result(redis_server, id)["status"] == "SUCCESS"
    proxy.thaw()
    late.process.wait_line("does not start here")
    assert lab.starts() == {id: 1}
    assert other.process.terminate() == 0
    # It lives and goes on.
    again = lab.send("lab.seldom", word="y")
    assert wait_for_result(redis_server, again)["status"] == "SUCCESS"
