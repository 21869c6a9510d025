"""A registration's mail arrives once, whatever is down or dies on its way."""

import collections
import concurrent.futures
import http.client
import os
import random
import re
import sys

import pytest

from harness.ledger import Ledger, assert_clean
from harness.shop import address_of
from harness.waiting import eventually, watch

# 200 have been run; that many take minutes.
KILLS = int(os.environ.get("LOCALTEA_KILLS", "40"))
AT_ONCE = 4
# Seconds without a mail server. 600 have been run.
DOWN = int(os.environ.get("SMTP_DOWN_SECONDS", "60"))
CUSTOMERS = ("elena", "maria", "oleg")
# A task's first run and seven retries.
MOST_ATTEMPTS = 8


def test_without_redis_it_answers_and_the_mail_goes_out_when_redis_is_back(site, durable_redis):
    site.start_api()
    site.start_worker()
    assert site.client.register("before").status == 200
    eventually(lambda: site.mails()[address_of("before")], "the mail")
    durable_redis.stop()
    assert site.client.register("during").status == 200
    assert site.mails()[address_of("during")] == 0
    durable_redis.start()
    # Five seconds are promised; the test allows for a busy machine.
    eventually(lambda: site.mails()[address_of("during")], "the mail after Redis's return", timeout=20)
    assert site.client.register("after").status == 200
    eventually(lambda: site.mails()[address_of("after")], "the mail of the next one")
    assert set(site.mails().values()) == {1}


# Room for the last retry, which may come as late as the whole schedule before it took.
@pytest.mark.timeout(60 + 4 * DOWN)
def test_a_mail_server_that_was_down_gets_each_mail_once(make_site, durable_redis, mail_server):
    mail_server.stop()
    site = make_site(**mail_server.environment)
    site.start_api()
    worker = site.start_worker()
    for name in CUSTOMERS:
        assert site.client.register(name).status == 200
    worker.wait_lines(r"send_email\[.*is tried again", len(CUSTOMERS))

    def mails_are_kept():
        ledger = Ledger(durable_redis.client)
        assert ledger.places.total() == len(CUSTOMERS) and not ledger.dead

    watch(DOWN, mails_are_kept)
    mail_server.start()
    worker.wait_lines(r"send_email\[.*succeeded", len(CUSTOMERS), timeout=3 * DOWN)
    eventually(lambda: not Ledger(durable_redis.client).reserved, "the acknowledgement")
    assert_clean(durable_redis.client)
    assert sorted(mail["to"] for mail in mail_server.mails()) == sorted(map(address_of, CUSTOMERS))
    received = collections.Counter(re.findall(r"send_email\[([^]]+)\] received", worker.text))
    assert len(received) == len(CUSTOMERS) and max(received.values()) <= MOST_ATTEMPTS


def register_until_killed(client, name):
    """True: it was answered. A connection that breaks is what these tests are about."""
    try:
        return client.register(name).status == 200
    except (OSError, http.client.HTTPException):
        return False


def one_life(site, number, chance):
    """Registrations on several connections, and kill -9 at some moment; returns who got an answer."""
    api = site.start_api()
    names = [f"life{number}x{n}" for n in range(AT_ONCE)]
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        pending = {name: pool.submit(register_until_killed, site.client, name) for name in names}
        if chance.random() < 0.5:
            # Around the answer: between commit, push and mark.
            concurrent.futures.wait(pending.values(), return_when=concurrent.futures.FIRST_COMPLETED)
            watch(chance.uniform(0, 0.02), lambda: None)
        else:
            watch(chance.uniform(0, 0.6), lambda: None)
        api.kill()
        return [name for name, answered in pending.items() if answered.result()]


def test_each_registration_has_one_task_however_often_the_api_is_killed(site, durable_redis):
    seed = random.randrange(sys.maxsize)
    chance = random.Random(seed)
    answered = [name for number in range(KILLS) for name in one_life(site, number, chance)]
    site.start_api()
    eventually(lambda: site.query("SELECT count(*) FROM outbox") == [(0,)], "an empty outbox", timeout=60)
    registered = {row[0] for row in site.query("SELECT email FROM users")}
    assert {address_of(name) for name in answered} <= registered, f"seed {seed}"
    assert len(registered) > KILLS / 2, "the kills left too few registrations to mean anything"
    tasks = Ledger(durable_redis.client).queued
    assert len(tasks) == len(set(tasks)) == len(registered), f"seed {seed}"
    worker = site.start_worker()
    worker.wait_lines(r"send_email\[.*succeeded", len(registered))
    assert site.mails() == dict.fromkeys(registered, 1), f"seed {seed}"
    eventually(lambda: not Ledger(durable_redis.client).reserved, "the acknowledgements")
    assert_clean(durable_redis.client)
    ran = re.findall(r"send_email\[([^\]]+)\] succeeded", worker.text)
    assert sorted(ran) == sorted(tasks), f"seed {seed}"
