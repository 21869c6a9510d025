"""A worker without work costs next to nothing."""

import os
import pathlib

from harness.lab import Lab
from harness.waiting import watch

MEGABYTE = 1_000_000


def resident(pid):
    return int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_a_worker_at_rest_is_small_and_does_not_poll(redis_server, proxy, celery, tmp_path, closing):
    lab = closing(Lab(tmp_path / "lab", redis_server.url))
    worker = lab.worker(through=proxy, lease=None)
    assert celery.result(celery.send("lab.note", "warm", queue="lab"))["state"] == "SUCCESS"
    proxy.take_commands()
    # Longer than the pause between two renewals of the lease, which are what is left.
    watch(4, lambda: None)
    asked = [b" ".join(command[:2])[:60] for command in proxy.take_commands()]
    assert 0 < len(asked) <= 20, asked
    assert resident(worker.process.pid) < 15 * MEGABYTE


def test_many_queues_do_not_block_redis(redis_server, celery, lab):
    """What Redis itself counts as slow, at each of several wake-ups."""
    queues = [f"queue-{n}" for n in range(1_000)]
    redis_server.client.config_set("slowlog-log-slower-than", 300_000)
    worker = lab.worker(queues=",".join(queues))
    for queue in (queues[0], queues[500], queues[999]) * 2:
        assert celery.result(celery.send("lab.note", "a", queue=queue))["state"] == "SUCCESS"
    slow = redis_server.client.slowlog_get()
    assert [entry["duration"] for entry in slow] == []
    assert worker.process.running()
