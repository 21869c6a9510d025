"""What whoever runs the shop is told."""

import contextlib
import json
import pathlib
import re
import signal
import socket

import pytest

from harness.process import Process
from harness.shop import PROGRAM
from harness.waiting import eventually


def test_readyz_names_what_in_the_set_up_of_redis_may_cost_tasks(site, durable_redis):
    site.start_api()
    assert json.loads(site.client.get("/readyz").text)["redis_warnings"] == []
    durable_redis.client.config_set("maxmemory-policy", "allkeys-lru")
    body = json.loads(site.client.get("/readyz").text)
    assert body["redis"] == "ok"
    assert len(body["redis_warnings"]) == 1 and "allkeys-lru" in body["redis_warnings"][0]


def test_a_worker_says_at_its_start_what_in_the_set_up_of_redis_may_cost_tasks(site, durable_redis):
    durable_redis.client.config_set("maxmemory-policy", "volatile-ttl")
    worker = site.start_worker()
    worker.wait_line("volatile-ttl")


def test_metrics_count_requests_by_their_route_and_show_the_outbox(site):
    site.start_api()
    assert site.client.register("first").status == 200
    assert site.client.register("first").status == 400
    assert site.client.get("/api/v1/nowhere?email=a@b.example").status == 404
    text = site.client.get("/metrics").text
    route = 'localtea_http_requests_total{method="POST",route="/api/v1/user/registration",status='
    assert f'{route}"200"}} 1' in text and f'{route}"400"}} 1' in text
    assert 'route="unmatched",status="404"} 1' in text
    assert "localtea_http_request_duration_seconds_bucket" in text
    assert "localtea_outbox_waiting" in text and "localtea_password_hashes_waiting 0" in text
    assert "nowhere" not in text and "a@b.example" not in text


def test_metrics_tell_what_waits_in_redis_and_go_on_without_it(site, durable_redis):
    site.start_api()
    assert site.client.register("first").status == 200
    eventually(lambda: 'localtea_tasks_queued{queue="celery"} 1' in site.client.get("/metrics").text, "the task")
    durable_redis.stop()
    text = site.client.get("/metrics").text
    assert 'localtea_tasks_queued{queue="celery"} Nan' in text and "localtea_dead_letters Nan" in text
    assert "localtea_outbox_waiting 0" in text


def test_metrics_and_details_are_for_those_who_may_look(make_site):
    site = make_site(METRICS_ALLOW="10.0.0.0/8")
    site.start_api()
    assert site.client.get("/metrics").status == 404
    assert "redis_warnings" not in json.loads(site.client.get("/readyz").text)


def test_a_json_log_has_one_line_for_each_request_with_the_id_that_the_answer_bears(make_site):
    site = make_site(LOG_FORMAT="json")
    api = site.start_api()
    answer = site.client.register("first")
    request_id = answer.headers["x-request-id"]
    position = api.wait_line(request_id)
    line = json.loads(api.lines[position - 1])
    assert (line["message"], line["request_id"]) == ("request", request_id)
    assert (line["route"], line["status"], line["method"]) == ("/api/v1/user/registration", 200, "POST")


@pytest.mark.parametrize("part", ["api", "worker"])
def test_the_service_manager_hears_when_a_part_is_ready_and_when_it_ends(part, tmp_path, make_site):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(30)
        site = make_site(NOTIFY_SOCKET=str(tmp_path / "notify"))
        process = site.start_api() if part == "api" else site.start_worker()
        assert manager.recv(100) == b"READY=1"
        process.signal(signal.SIGTERM)
        assert manager.recv(100) == b"STOPPING=1"
        assert process.wait() == 0


def test_a_worker_at_rest_takes_less_than_15_megabytes(site):
    worker = site.start_worker()
    status = pathlib.Path(f"/proc/{worker.pid}/status").read_text()
    assert int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) < 15_000, status


def test_connections_beyond_the_usual_soft_limit_of_descriptors_are_served(site, closing):
    api = closing(Process(["bash", "-c", 'ulimit -Sn 128; exec "$0" "$@"', PROGRAM, "api", "--port", site.client.port],
                          site.environment, site.folder))
    api.wait_line("listening on")
    with contextlib.ExitStack() as open_ones:
        for _ in range(200):
            connection = socket.create_connection(("127.0.0.1", site.client.port), timeout=30)
            open_ones.enter_context(connection)
            connection.sendall(b"GET /livez HTTP/1.1\r\nHost: shop\r\n\r\n")
            assert connection.recv(12) == b"HTTP/1.1 200"
