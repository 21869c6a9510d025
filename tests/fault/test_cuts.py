"""The connection breaks at every command in a task's life, in every possible way: each task still runs exactly once,
and at every moment is in exactly one place."""

import pytest

from harness.ledger import assert_clean, Ledger, reserved_count, result
from harness.proxy import Where
from harness.waiting import eventually

# A life has at most this many commands; the test fails if that ever becomes too few.
MOST_COMMANDS = 60
NEVER = 1_000_000


def live(redis_server, celery, lab, send):
    """One task from its sending to its end, audited all the while."""
    id = send(celery)

    def ended():
        problems = Ledger(redis_server.client, [id], ("lab",)).problems([id])
        assert not problems, problems
        return result(redis_server.client, id)["status"] == "SUCCESS"

    eventually(ended, "the task's result", timeout=20)
    eventually(lambda: reserved_count(redis_server.client) == 0, "the acknowledgement")
    return id


LIVES = {
    "at once": (lambda celery: celery.send("lab.note", "at once", queue="lab"), 1),
    "delayed": (lambda celery: celery.send("lab.note", "delayed", queue="lab", countdown=0.2), 1),
    "early ack": (lambda celery: celery.send("lab.early", "early", queue="lab"), 1),
    "retried twice": (lambda celery: celery.send("lab.third_time", "at last", queue="lab"), 3),
}


def commands_of_a_life(redis_server, proxy, celery, lab, send):
    """Fewest and most commands of a few lives: renewals and health checks fall into some of them."""
    counts = []
    for _ in range(4):
        proxy.take_commands()
        live(redis_server, celery, lab, send)
        counts.append(len(proxy.take_commands()))
    return min(counts), max(counts)


def assert_lives_go_on(redis_server, proxy, celery, lab, life, harm):
    """`harm(number)` has the proxy break that command of the next life, and returns its Cut."""
    send, runs = LIVES[life]
    worker = lab.worker(through=proxy)
    fewest, most = commands_of_a_life(redis_server, proxy, celery, lab, send)
    assert fewest > 0 and most < MOST_COMMANDS
    done = 0
    for number in range(most):
        harmed = harm(number)
        id = live(redis_server, celery, lab, send)
        assert lab.starts()[id] == runs, f"{harmed.command!r}, command {number}"
        done += harmed.done.is_set()
        proxy.cut(NEVER, Where.BEFORE)
    # A life after a break has fewer than one before it: what was late is done in one go.
    assert done >= fewest / 2, "the proxy did nothing"
    assert worker.process.running()
    assert_clean(redis_server.client)
    assert redis_server.client.zcard("samovar:dead") == 0


@pytest.mark.parametrize("where", list(Where), ids=lambda where: where.name.lower())
@pytest.mark.parametrize("life", LIVES)
def test_every_command_may_be_cut(life, where, redis_server, proxy, celery, lab):
    assert_lives_go_on(redis_server, proxy, celery, lab, life, lambda number: proxy.cut(number, where))


# Each silence costs the seconds after which it is taken for a broken connection.
@pytest.mark.parametrize("where", [Where.BEFORE, Where.BEFORE_REPLY], ids=lambda where: where.name.lower())
def test_every_command_may_be_followed_by_silence(where, redis_server, proxy, celery, lab):
    assert_lives_go_on(redis_server, proxy, celery, lab, "at once", lambda number: proxy.silence(number, where))


@pytest.mark.parametrize("where", list(Where), ids=lambda where: where.name.lower())
def test_the_commands_that_take_back_a_dead_workers_task_may_be_cut(where, redis_server, proxy, celery, lab):
    for number in range(6):
        pipe = lab.pipe(f"{where.name}-{number}")
        first = lab.worker(concurrency=1)
        id = celery.send("lab.hold", str(pipe), queue="lab")
        eventually(lambda: lab.starts()[id] == 1, "the task's start")
        second = lab.worker(through=proxy, concurrency=1)
        first.kill()
        proxy.cut(number, where, lambda command: command[0].upper().startswith(b"EVAL"))
        eventually(lambda: lab.starts()[id] == 2, "the task to start again")
        lab.release(pipe)
        assert celery.result(id) == {"state": "SUCCESS", "value": "released"}
        eventually(lambda: reserved_count(redis_server.client) == 0, "the acknowledgement")
        assert lab.starts()[id] == 2
        proxy.cut(NEVER, where)
        second.close()
    assert redis_server.client.zcard("samovar:dead") == 0
