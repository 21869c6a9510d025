"""The shop's own schedule: what beat has of it, and that a worker does it."""

import json

from harness.process import Process
from harness.waiting import eventually
from harness.worker import BIN, run_command, shop_environment


def test_expired_orders_are_looked_for_every_minute(tmp_path, redis_server, start_worker, closing):
    worker = start_worker(redis_server)
    folder = tmp_path / "beat"
    folder.mkdir()
    beat = closing(Process([BIN / "localtea", "beat"], shop_environment(folder, redis_server.url), folder))
    beat.wait_line("beat ready")

    def planned():
        done = run_command(folder, redis_server.url, "beat", "list", "--json")
        entries = {entry["name"]: entry for entry in json.loads(done.stdout)}
        return entries if entries and all(entry["next"] for entry in entries.values()) else None

    entry = eventually(planned, "planned entries")["check-expired-orders"]
    assert (entry["schedule"], entry["task"]) == ("every 1m", "backend.worker.check_expired_orders")
    assert entry["from_code"] and not entry["paused"] and entry["problem"] is None

    done = run_command(folder, redis_server.url, "beat", "run", "check-expired-orders")
    assert done.returncode == 0, done.stderr
    worker.wait_outcomes(1)
    assert worker.outcomes(done.stdout.strip()) == [(done.stdout.strip(), "succeeded")]


def test_a_worker_with_a_beat_beside_it(tmp_path, redis_server, start_worker):
    added = run_command(tmp_path / "client", redis_server.url, "beat", "add", "greet", "backend.worker.test_celery",
                        "every 100ms", "--kwargs", '{"word": "tea"}', "--queue", "main-queue")
    assert added.returncode == 0, added.stderr
    worker = start_worker(redis_server, options=("-B",))
    worker.wait_outcomes(3)
    assert {outcome for _, outcome in worker.outcomes()} == {"succeeded"}
    assert worker.process.terminate() == 0
    assert redis_server.client.get("samovar:beat:localtea:leader") is None
