"""What whoever runs the shop is told."""

import json

from harness.shop import Site


def test_readyz_names_what_in_the_set_up_of_redis_may_cost_tasks(tmp_path, durable_redis, closing):
    site = closing(Site(tmp_path / "site", durable_redis.url))
    site.start_api()
    assert json.loads(site.client.get("/readyz").text)["redis_warnings"] == []
    durable_redis.client.config_set("maxmemory-policy", "allkeys-lru")
    body = json.loads(site.client.get("/readyz").text)
    assert body["redis"] == "ok"
    assert len(body["redis_warnings"]) == 1 and "allkeys-lru" in body["redis_warnings"][0]


def test_a_worker_says_at_its_start_what_in_the_set_up_of_redis_may_cost_tasks(tmp_path, durable_redis, closing):
    durable_redis.client.config_set("maxmemory-policy", "volatile-ttl")
    site = closing(Site(tmp_path / "site", durable_redis.url))
    worker = site.start_worker()
    worker.wait_line("volatile-ttl")
