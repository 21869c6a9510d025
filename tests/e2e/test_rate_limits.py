"""Rate limits as clients meet them: one count for all processes, and what holds while Redis is away."""

import itertools
import subprocess

import pytest

from harness.shop import PROGRAM, Site
from harness.waiting import eventually
from harness.worker import shop_environment

LOGIN_KEY = "LIMITS:LIMITER/127.0.0.1//api/v1/user/login/3/1/minute"


@pytest.fixture
def start_site(tmp_path, redis_server, closing):
    def start(**environment):
        site = closing(Site(tmp_path, redis_server.url, RATE_LIMIT_ENABLED="true", **environment))
        site.start_api()
        return site

    return start


def log_in(client) -> int:
    return client.log_in("nobody").status


@pytest.mark.parametrize("strategy", ["fixed-window", "moving-window", "sliding-window-counter"])
def test_the_fourth_login_is_refused_whichever_of_four_processes_it_meets(start_site, strategy):
    site = start_site(RATE_LIMIT_STRATEGY=strategy)
    clients = [site.client] + [site.start_another_api() for _ in range(3)]
    assert [log_in(client) for client in clients[:3]] == [401, 401, 401]
    assert [log_in(client) for client in clients] == [429, 429, 429, 429]
    refused = clients[2].log_in("nobody")
    assert refused.json == {"error": "Rate limit exceeded: 3 per 1 minute"}
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert refused.headers["x-ratelimit-remaining"] == "0"


def test_without_redis_the_api_serves_and_each_process_keeps_the_limits_itself(start_site, redis_server):
    site = start_site()
    other = site.start_another_api()
    assert [log_in(site.client), log_in(other)] == [401, 401]

    redis_server.stop()
    for client in (site.client, other):
        assert [log_in(client) for _ in range(4)] == [401, 401, 401, 429]
    ready = site.client.get("/readyz")
    assert ready.status == 200
    assert ready.json["redis"] != "ok"
    assert ready.json["database"] == "ok"

    redis_server.start()
    for client in (site.client, other):
        eventually(lambda: log_in(client) == 401, "a login that Redis counts, after the three in memory")
    assert int(redis_server.client.get(LOGIN_KEY)) >= 2


def test_a_redis_that_is_silent_holds_nobody_up(start_site, redis_server):
    site = start_site()
    assert log_in(site.client) == 401
    redis_server.pause()
    try:
        assert [log_in(site.client) for _ in range(4)] == [401, 401, 401, 429]
    finally:
        redis_server.resume()
    eventually(lambda: log_in(site.client) == 429 and int(redis_server.client.get(LOGIN_KEY)) > 3,
               "logins to be counted in Redis again")


@pytest.mark.parametrize(("policy", "expected"), [("allow", [401] * 5), ("deny", [503] * 5)])
def test_what_holds_without_redis_can_be_chosen(start_site, redis_server, policy, expected):
    site = start_site(RATE_LIMIT_ON_STORE_DOWN=policy)
    redis_server.stop()
    assert [log_in(site.client) for _ in range(5)] == expected


def test_a_client_is_who_the_trusted_proxy_says_and_never_who_it_says_itself(start_site):
    site = start_site(TRUSTED_PROXIES="127.0.0.1")
    strangers = site.start_another_api(TRUSTED_PROXIES="")

    # Each at another account, so that none is slowed down.
    accounts = (f"customer{number}@example.com" for number in itertools.count())

    def attempt(client, address):
        return client.post("/api/v1/user/login", body={"email": next(accounts), "password": "some password"},
                           headers={"X-Forwarded-For": address}).status

    for address in ("192.0.2.1", "192.0.2.2"):
        assert [attempt(site.client, address) for _ in range(4)] == [401, 401, 401, 429]
    addresses = (f"192.0.2.{number}" for number in itertools.count(10))
    assert [attempt(strangers, next(addresses)) for _ in range(4)] == [401, 401, 401, 429]


@pytest.mark.parametrize(("name", "value", "form"), [
    ("RATE_LIMIT_LOGIN", "3/fortnight", "limits such as 3/minute;20/hour"),
    ("RATE_LIMIT_REFRESH", "often", "limits such as 3/minute;20/hour"),
    ("RATE_LIMIT_STRATEGY", "fixed-window-elastic-expiry", "fixed-window, moving-window or sliding-window-counter"),
    ("RATE_LIMIT_ON_STORE_DOWN", "panic", "local, allow or deny"),
])
def test_what_is_no_limit_is_named_at_start(tmp_path, redis_server, name, value, form):
    environment = {**shop_environment(tmp_path, redis_server.url), "BASE_URL": "http://127.0.0.1:1",
                   "API_BASE_URL": "http://127.0.0.1:1", name: value}
    ended = subprocess.run([PROGRAM, "api", "--port", "0"], env=environment, cwd=tmp_path, text=True,
                           capture_output=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert f"{name} must be" in ended.stderr and form in ended.stderr
    assert value not in ended.stderr.replace(form, "")
