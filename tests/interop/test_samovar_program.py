"""The program `samovar` beside an installation whose tasks are all Python's."""

import json
import os
import subprocess

from harness.worker import BIN

SAMOVAR = BIN / "samovar"


def samovar(*arguments, **environment):
    return subprocess.run([SAMOVAR, *map(str, arguments)], text=True, capture_output=True, timeout=60, check=False,
                          env={"PATH": os.environ["PATH"], **environment})


def said(*arguments, **environment):
    run = samovar(*arguments, **environment)
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_it_looks_at_pythons_workers_and_sends_to_them(redis_server, generation, start_celery_worker):
    start_celery_worker(redis_server)
    here = {"CELERY_BROKER_URL": redis_server.url}
    node = f"python{generation}@lab"
    assert said("status", "--timeout", 10, **here) == f"{node}: OK\n\n1 node online.\n"
    assert "lab.add" in json.loads(said("inspect", "registered", "--json", "--timeout", 10, **here))[node]
    assert said("call", "lab.add", "--args", "[1, 2]", "--queue", "lab", "--wait", "30", **here) == "3\n"
    # The option, before the command or behind it, is stronger than the variable.
    id = said("-b", redis_server.url, "call", "lab.fail", "--args", '["so it is"]', "--queue", "lab",
              CELERY_BROKER_URL="redis://127.0.0.1:1/0").strip()
    failed = samovar("result", id, "--wait", "30", "-b", redis_server.url)
    assert failed.returncode == 1
    assert "ValueError" in failed.stderr and "so it is" in failed.stderr


def test_it_looks_after_what_waits_and_beats_entries(redis_server):
    here = {"CELERY_BROKER_URL": redis_server.url}
    assert said("delayed", "list", "--json", **here) == "[]\n"
    assert said("dead", "list", "--json", **here) == "[]\n"
    assert said("beat", "add", "tidy", "shop.tidy", "every 90s", **here) == "tidy is added\n"
    [entry] = json.loads(said("beat", "list", "--json", **here))
    assert (entry["name"], entry["task"]) == ("tidy", "shop.tidy")


def test_it_offers_what_it_can_do_and_refuses_to_run_tasks():
    help = said("--help")
    for command in ("inspect", "status", "call", "result", "delayed", "dead", "beat"):
        assert f"  {command} " in help
        assert command in said(command, "--help")
    assert "  worker " not in help
    for arguments, named in ((["worker"], "worker"), (["beat"], "list"), (["-b", "amqp://x", "dead", "list"], "amqp")):
        refused = samovar(*arguments)
        assert refused.returncode == 2
        assert named in refused.stderr
