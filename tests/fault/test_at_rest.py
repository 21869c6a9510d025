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
