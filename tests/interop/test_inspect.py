"""Celery's inspect, and its shutdown, asked of our workers by real Celery."""

import json
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.celery_peer import CeleryClient
from harness.lab import Lab
from harness.ledger import assert_all_succeeded, drained
from harness.redis_server import RedisServer
from harness.waiting import eventually

EVERYTHING = ("ping", "active", "reserved", "scheduled", "registered", "stats", "conf", "active_queues", "revoked",
              "report", "clock")
FAR = 30_000


@pytest.fixture
def lab(tmp_path, redis_server, closing):
    return closing(Lab(tmp_path / "lab", redis_server.url))


def node(worker):
    return f"{worker.name}@{socket.gethostname()}"


def start_holding(lab, celery, worker, pipe):
    """A task that runs until its pipe is written to; returns its id."""
    id = celery.send("lab.hold", str(pipe), queue="lab")
    eventually(lambda: lab.starts()[id] == 1, "the task's start")
    return id


def answer(celery, worker, method, arguments=None):
    """Of that worker alone."""
    return celery.inspect(method, arguments, destination=[node(worker)], timeout=10)[node(worker)]


def test_every_command_is_answered_in_celerys_form(redis_server, celery, lab):
    worker = lab.worker(concurrency=2)
    pipe = lab.pipe("held")
    id = start_holding(lab, celery, worker, pipe)
    assert answer(celery, worker, "ping") == {"ok": "pong"}
    [active] = answer(celery, worker, "active", {"safe": None})
    started = active.pop("time_start")
    assert abs(started - time.time()) < 60
    assert active == {"id": id, "name": "lab.hold", "args": [str(pipe)], "kwargs": {}, "type": "lab.hold",
                      "hostname": node(worker), "acknowledged": False, "worker_pid": worker.process.pid,
                      "delivery_info": {"exchange": "", "routing_key": "lab", "priority": 0, "redelivered": False}}
    [safe] = answer(celery, worker, "active", {"safe": True})
    assert (safe["args"], safe["kwargs"]) == (f"['{pipe}']", "{}")
    assert answer(celery, worker, "reserved") == []
    assert answer(celery, worker, "revoked") == []
    assert "lab.note" in answer(celery, worker, "registered")
    assert "lab.third_time [max_retries=5 acks_late=True]" in answer(
        celery, worker, "registered", {"taskinfoitems": ["max_retries", "acks_late", "unheard_of"]})
    [queue] = answer(celery, worker, "active_queues")
    assert (queue["name"], queue["exchange"]["type"], queue["routing_key"]) == ("lab", "direct", "lab")
    asked = answer(celery, worker, "query_task", {"ids": [id, "nope"]})
    assert asked[id][1].pop("time_start") == pytest.approx(started, abs=1)
    assert asked == {id: ["active", active]}
    assert answer(celery, worker, "hello", {"from_node": "other@host", "revoked": {}})["revoked"] == {}
    assert answer(celery, worker, "hello", {"from_node": node(worker)}) is None
    assert "software -> samovar:" in answer(celery, worker, "report")["ok"]
    lab.release(pipe)
    eventually(lambda: answer(celery, worker, "active") == [], "the task's end")


def test_stats_and_conf_say_what_this_worker_is(redis_server, celery, lab):
    worker = lab.worker(concurrency=3)
    id = celery.send("lab.note", "tea", queue="lab")
    celery.result(id)
    stats = answer(celery, worker, "stats")
    assert stats["total"] == {"lab.note": 1}
    assert stats["pid"] == worker.process.pid
    assert stats["pool"] == {"implementation": "samovar:threads", "max-concurrency": 3,
                             "processes": [worker.process.pid]}
    assert (stats["broker"]["hostname"], stats["broker"]["port"]) == ("127.0.0.1", redis_server.port)
    assert stats["rusage"]["maxrss"] > 0 and stats["uptime"] >= 0
    first = int(stats["clock"])
    assert answer(celery, worker, "clock")["clock"] > first
    conf = answer(celery, worker, "conf", {"with_defaults": False})
    assert conf["broker_url"] == redis_server.url
    assert (conf["task_default_queue"], conf["worker_concurrency"]) == ("lab", 3)
    assert "result_expires" not in conf
    assert answer(celery, worker, "conf", {"with_defaults": True})["result_expires"] == 86_400


def test_the_password_is_in_no_answer(tmp_path, generation, closing):
    secret = "only-the-store-knows"
    server = closing(RedisServer(tmp_path / "redis", options=("--requirepass", secret)))
    url = f"redis://:{secret}@127.0.0.1:{server.port}/0"
    lab = closing(Lab(tmp_path / "lab", url))
    celery = closing(CeleryClient(generation, url))
    worker = lab.worker()
    for method in EVERYTHING:
        assert secret not in json.dumps(answer(celery, worker, method)), method


def test_celerys_own_program_shows_it(celery, lab):
    worker = lab.worker()
    assert f"{node(worker)}: OK" in celery.command("status", "--timeout", "5", "--destination", node(worker))
    for method in EVERYTHING:
        printed = celery.command("inspect", method, "--json", "--timeout", "5", "--destination", node(worker))
        assert node(worker) in json.loads(printed), method


def test_what_is_not_built_says_so(celery, lab):
    worker = lab.worker()
    for method in ("nosuchcommand", "enable_events", "pool_grow", "revoke", "memdump"):
        assert celery.broadcast(method, reply=True, destination=[node(worker)], limit=1, timeout=10) == [
            {node(worker): {"error": f"KeyError('{method}')"}}]
    assert celery.broadcast("query_task", {"ids": 5}, reply=True, destination=[node(worker)], limit=1, timeout=10) == [
        {node(worker): {"error": "ids: must be an array of strings or null"}}]


def test_only_those_that_are_meant_answer(celery, lab):
    first, second = lab.worker(name="first"), lab.worker(name="second")
    both = {node(first), node(second)}
    assert set(celery.ping()) == both
    assert set(celery.inspect("ping", destination=[node(second)])) == {node(second)}
    assert celery.inspect("ping", destination=["nobody@nowhere"], timeout=0.5) is None
    assert set(celery.inspect("ping", pattern="fir*", matcher="glob")) == {node(first)}
    assert set(celery.inspect("ping", pattern=r"(second|third)@.*$", matcher="pcre")) == {node(second)}
    assert set(celery.inspect("ping", pattern="*@*", matcher="glob")) == both
    # kombu looks at a pattern only where no destination is given.
    assert celery.broadcast("ping", reply=True, destination=[node(first)], pattern="zzz*", matcher="glob", timeout=10,
                            limit=1) == [{node(first): {"ok": "pong"}}]


def test_python_and_ours_answer_together_and_alike(redis_server, celery, start_celery_worker, lab):
    ours = lab.worker(concurrency=1)
    python = start_celery_worker(redis_server, queues="python", concurrency=1)
    # Python's worker says hello to all others as it starts.
    python.process.wait_line("mingle: sync with 1 nodes")
    pipes = lab.pipe("theirs"), lab.pipe("ours")
    ids = {celery.send("lab.wait_for_file", str(pipes[0]), queue="python"), start_holding(lab, celery, ours, pipes[1])}

    def both_active():
        found = celery.inspect("active", timeout=1) or {}
        tasks = [task for active in found.values() for task in active]
        return found if {task["id"] for task in tasks} == ids else None

    found = eventually(both_active, "both tasks among the active ones")
    [theirs] = next(active for name, active in found.items() if name != node(ours))
    [mine] = found[node(ours)]
    assert list(mine) == list(theirs)
    assert list(mine["delivery_info"]) == list(theirs["delivery_info"])
    queues = celery.inspect("active_queues", timeout=1)
    assert len(queues) == 2
    [[mine], [theirs]] = [queues.pop(node(ours)), *queues.values()]
    assert list(mine) == list(theirs)
    for pipe in pipes:
        lab.release(pipe)


def delayed_ids(found):
    return sorted(entry["request"]["id"] for entries in (found or {}).values() for entry in entries)


def test_a_delayed_task_is_listed_once_whoever_promotes(redis_server, celery, lab):
    workers = [lab.worker(), lab.worker()]
    ids = sorted(celery.send("lab.note", f"tea {n}", queue="lab", countdown=FAR + n) for n in range(3))
    eventually(lambda: redis_server.client.zcard("samovar:delayed") == 3, "the tasks to be put off")
    found = celery.inspect("scheduled")
    assert set(found) == {node(worker) for worker in workers} and delayed_ids(found) == ids
    [listed] = [entries for entries in found.values() if entries]
    assert [entry["request"]["args"] for entry in listed] == [["tea 0"], ["tea 1"], ["tea 2"]]
    assert all(entry["priority"] == 6 and entry["request"]["worker_pid"] is None for entry in listed)
    [promoter] = [worker for worker in workers if found[node(worker)]]
    promoter.kill()
    eventually(lambda: delayed_ids(celery.inspect("scheduled", timeout=0.5)) == ids, "the other one to list them")


def test_a_thousand_delayed_tasks_are_listed_and_the_rest_counted(redis_server, celery, lab):
    worker = lab.worker()
    celery.send("lab.note", "first", queue="lab", countdown=FAR)
    eventually(lambda: redis_server.client.zcard("samovar:delayed") == 1, "the task to be put off")
    [(member, due)] = redis_server.client.zrange("samovar:delayed", 0, 0, withscores=True)
    payload = redis_server.client.hget("samovar:delayed:payload", member)
    for n in range(1, 1_200):
        redis_server.client.zadd("samovar:delayed", {b"%s-%d" % (member, n): due + n})
        redis_server.client.hset("samovar:delayed:payload", b"%s-%d" % (member, n), payload)
    listed = answer(celery, worker, "scheduled")
    assert len(listed) == 1_001
    assert listed[-1]["request"]["name"] == "... and 200 more: `delayed list` shows all"


def test_it_hears_again_after_its_connection_was_killed(generation, redis_server, celery, lab, closing):
    worker = lab.worker()
    assert answer(celery, worker, "ping") == {"ok": "pong"}
    redis_server.client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
    eventually(lambda: celery.ping(timeout=0.5), "an answer after the reconnect")
    redis_server.restart()
    another = closing(CeleryClient(generation, redis_server.url))
    eventually(lambda: another.ping(timeout=0.5), "an answer after the restart")


# Celery 5.7 itself speaks RESP3 only.
@pytest.mark.parametrize("generation", ["5.2", "5.6"])
def test_a_store_without_resp3_is_answered_too(tmp_path, generation, closing):
    server = closing(RedisServer(tmp_path / "redis", options=("--rename-command", "HELLO", "")))
    lab = closing(Lab(tmp_path / "lab", server.url))
    celery = closing(CeleryClient(generation, server.url))
    worker = lab.worker()
    assert answer(celery, worker, "ping") == {"ok": "pong"}
    assert answer(celery, worker, "stats")["pid"] == worker.process.pid
    server.client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
    eventually(lambda: celery.ping(timeout=0.5), "an answer after the reconnect")


def test_every_question_is_answered_while_20000_tasks_run(generation, redis_server, celery, lab, closing):
    worker = lab.worker(concurrency=4)
    sender = closing(CeleryClient(generation, redis_server.url))
    asked = 0
    with ThreadPoolExecutor() as beside:
        sending = beside.submit(sender.send_many, "lab.note", 20_000, queue="lab")
        while not sending.done() or not drained(redis_server.client, ("lab",)):
            for method in ("ping", "active", "reserved", "stats"):
                assert answer(celery, worker, method) is not None
                asked += 1
    assert asked > 100
    assert_all_succeeded(redis_server.client, sending.result())
    assert answer(celery, worker, "stats")["total"] == {"lab.note": 20_000}


def test_a_flood_of_requests_starves_no_task_and_garbage_ends_no_worker(redis_server, celery, lab):
    worker = lab.worker(concurrency=1)
    with redis_server.client.pipeline(transaction=False) as flood:
        for n in range(20_000):
            flood.publish("/0.celery.pidbox", b"not json %d" % n)
        flood.publish("/0.celery.pidbox", b"x" * (2 << 20))
        flood.execute()
    id = celery.send("lab.note", "tea", queue="lab")
    assert celery.result(id) == {"state": "SUCCESS", "value": "tea"}
    eventually(lambda: celery.ping(timeout=0.5), "an answer after the flood")
    refused = [line for line in worker.process.lines if "remote control: a request is refused" in line]
    assert refused
    assert sum("what comes meanwhile is dropped" in line for line in worker.process.lines) <= 1


def test_an_answer_that_nobody_waits_for_is_not_kept(redis_server, celery, lab):
    worker = lab.worker()
    assert answer(celery, worker, "ping") == {"ok": "pong"}
    request = {"method": "ping", "arguments": {}, "destination": None, "ticket": "t",
               "reply_to": {"exchange": "reply.celery.pidbox", "routing_key": "gone"}}
    envelope = {"body": json.dumps(request), "content-type": "application/json", "content-encoding": "utf-8",
                "headers": {"clock": 1}, "properties": {}}
    assert redis_server.client.publish("/0.celery.pidbox", json.dumps(envelope)) == 1
    assert answer(celery, worker, "ping") == {"ok": "pong"}
    assert not redis_server.client.exists("gone.reply.celery.pidbox")


def test_shutdown_is_warm_and_may_be_heard_twice_and_before_a_signal(redis_server, celery, lab):
    worker, pipe = lab.worker(concurrency=1), lab.pipe("held")
    id = start_holding(lab, celery, worker, pipe)
    for _ in range(2):
        celery.broadcast("shutdown", destination=[node(worker)])
    worker.process.wait_line("warm shutdown")
    worker.process.signal(signal.SIGTERM)
    # It is still there for those who ask why it does not end.
    assert [task["id"] for task in answer(celery, worker, "active")] == [id]
    lab.release(pipe, "finished")
    assert celery.result(id) == {"state": "SUCCESS", "value": "finished"}
    assert worker.process.wait(20) == 0
    assert lab.starts()[id] == 1


def test_our_program_asks_pythons_workers_and_ours(redis_server, celery, start_celery_worker, lab):
    ours = lab.worker(concurrency=1)
    start_celery_worker(redis_server, queues="python")
    others = eventually(lambda: set(celery.ping(timeout=0.5) or {}) - {node(ours)}, "the Python worker to listen")
    [python] = others
    pipe = lab.pipe("held")
    id = start_holding(lab, celery, ours, pipe)

    def ask(*arguments):
        return lab.command("inspect", *arguments, "--timeout", 10)

    both = sorted([node(ours), python])
    assert lab.command("status", "--timeout", 10).splitlines() == [*(f"{name}: OK" for name in both), "",
                                                                   "2 nodes online."]
    for method in EVERYTHING:
        assert sorted(json.loads(ask(method, "--json"))) == both, method
    assert json.loads(ask("active", "--json"))[node(ours)][0]["id"] == id
    assert list(json.loads(ask("query_task", id, "--json", "-d", node(ours)))) == [node(ours)]
    assert "lab.fail [max_retries=3]" in json.loads(ask("registered", "max_retries", "--json"))[python]
    assert ask("ping", "-d", python).splitlines() == [f"->  {python}: OK", "    pong", "", "1 node online."]
    assert ask("reserved", "-d", node(ours)).splitlines()[1] == "    - empty -"
    lab.release(pipe)
    # Nothing of the questions is left.
    assert not [key for key in redis_server.client.keys("*reply.celery.pidbox") if b"_kombu" not in key]


def test_our_program_fails_when_nobody_answers(lab):
    with pytest.raises(AssertionError, match=r"no node answered within 0\.2 s"):
        lab.command("status", "--timeout", 0.2)
    lab.worker()
    with pytest.raises(AssertionError, match=r"no node answered within 0\.2 s"):
        lab.command("inspect", "ping", "--destination", "nobody@nowhere", "--timeout", 0.2)
