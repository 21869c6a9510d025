"""What a killed worker held is back in its queue while any process of ours runs, and by `rescue` where none will."""

import pytest

from harness.beat import Beats
from harness.process import Process
from harness.waiting import eventually
from harness.worker import BIN, run_command, shop_environment

QUEUE = "lab"


@pytest.fixture
def left_by_a_killed_worker(lab, redis_server):
    """The id of a task that ran when its worker was killed."""
    worker = lab.worker(concurrency=1)
    task = lab.send("lab.hold", "--queue", QUEUE, path=str(lab.pipe("hold")))
    eventually(lambda: lab.starts()[task], "the task to run")
    worker.kill()
    assert redis_server.client.llen(QUEUE) == 0
    return task


def back_in_its_queue(redis_server, task: str) -> bool:
    return any(task.encode() in envelope for envelope in redis_server.client.lrange(QUEUE, 0, -1))


def test_a_beat_puts_it_back(left_by_a_killed_worker, tmp_path, redis_server, closing):
    closing(Beats(tmp_path / "beats", redis_server.url, redis_server.client, lease=1.0)).start()
    eventually(lambda: back_in_its_queue(redis_server, left_by_a_killed_worker), "the message", timeout=60)


def test_the_api_of_the_shop_puts_it_back(left_by_a_killed_worker, tmp_path, redis_server, closing):
    folder = tmp_path / "api"
    folder.mkdir()
    addresses = {"BASE_URL": "http://127.0.0.1:8000", "API_BASE_URL": "http://127.0.0.1:8000"}
    environment = {**shop_environment(folder, redis_server.url), **addresses}
    api = closing(Process([BIN / "localtea", "api", "--port", "0"], environment, folder))
    api.wait_line("listening on")
    eventually(lambda: back_in_its_queue(redis_server, left_by_a_killed_worker), "the message", timeout=60)
    assert api.terminate() == 0


def test_rescue_puts_it_back(left_by_a_killed_worker, tmp_path, redis_server):
    done = run_command(tmp_path / "rescue", redis_server.url, "rescue")
    assert done.returncode == 0, done.stderr
    assert "1 message put back into their queues" in done.stdout
    assert back_in_its_queue(redis_server, left_by_a_killed_worker)


def test_rescue_is_refused_beside_a_worker(lab, tmp_path, redis_server):
    worker = lab.worker(concurrency=1)
    done = run_command(tmp_path / "rescue", redis_server.url, "rescue")
    assert done.returncode == 1
    assert f"worker {worker.name}" in done.stderr, done.stderr
