"""What customers entrust to the shop is in no log line, event, result or reason of a failure, whatever goes wrong."""

import json
import re
import urllib.parse

import pytest

from harness.ledger import dead_letters
from harness.shop import CONFIRMATION_LINK, PASSWORD, address_of, path_of
from harness.waiting import eventually


class Published:
    """Every message that anybody publishes: events, and announcements of results."""

    def __init__(self, client):
        self._channel = client.pubsub()
        self._channel.psubscribe("*")
        self._channel.get_message(timeout=5)

    def take(self):
        texts = []
        while message := self._channel.get_message(timeout=0.2):
            texts.append(f"{message['channel']} {message['data']}")
        return texts

    def close(self):
        self._channel.close()


@pytest.fixture(params=["text", "json"])
def log_format(request):
    return request.param


@pytest.fixture
def site(make_site, mail_server, log_format):
    return make_site(LOG_FORMAT=log_format, **mail_server.environment)


def confirm(client, mail):
    """Presses the button behind the mail's link; returns the token."""
    link = CONFIRMATION_LINK.search(mail.get_body(("html",)).get_content())[0]
    page = client.get(path_of(client.get(path_of(link)).headers["location"]))
    action = re.search(r'<form method="post" action="([^"]+)"><button', page.text)[1]
    assert client.post(action).status == 200
    return urllib.parse.parse_qs(urllib.parse.urlsplit(link).query)["token"][0]


def live_as_a_customer(client, mail_server, name):
    """Registration to profile, and the mistakes that customers make; returns what must not be told."""
    assert client.register(name).status == 200
    [mail] = eventually(mail_server.mails, "the mail")
    token = confirm(client, mail)
    login = client.log_in(name)
    access, csrf = login.json["access_token"], login.cookies["csrf_token"]
    assert client.profile(access, csrf).status == 200
    assert client.register(name).status == 400
    assert client.post("/api/v1/user/login", body={"email": address_of(name), "password": "mistyped-pw"}).status == 401
    assert client.post("/api/v1/user/registration", body={"email": f"{name}@nowhere@", "username": 7}).status == 422
    assert client.post(f"/api/v1/user/confirm-email?token={token}x").status == 404
    assert client.get(f"/no/such/page?for={name}-in-a-query").status == 404
    assert client.profile(f"{access}x", csrf).status == 401
    return [token, access, csrf, login.cookies["refresh_token"], "mistyped-pw", f"{name}@", f"{name}-in-a-query", "token=", "?for"]


def fail_to_mail(client, worker, mail_server, redis):
    """Mails that are refused for now, for good, and that find no server; each refusal names the customer."""
    mail_server.next_reply("rcpt", f"450 4.2.1 <{address_of('busy')}> is busy")
    assert client.register("busy").status == 200
    seen = worker.wait_line(r"send_email\[.*is tried again")
    mail_server.next_reply("rcpt", f"550 5.1.1 <{address_of('gone')}> is unknown")
    assert client.register("gone").status == 200
    [letter] = eventually(lambda: dead_letters(redis), "the dead letter")
    assert "550" in letter["reason"]
    mail_server.stop()
    assert client.register("later").status == 200
    worker.wait_line(r"send_email\[.*is tried again", after=seen)
    return [f"{name}@" for name in ("busy", "gone", "later")] + ["is busy", "is unknown"]


def everything_told(redis, processes, published):
    results = [redis.get(key).decode() for key in redis.scan_iter("celery-task-meta-*")]
    return [line for process in processes for line in process.lines] + published.take() + results + \
        [json.dumps(letter) for letter in dead_letters(redis)]


def test_from_registration_to_profile_and_through_every_failure(site, durable_redis, mail_server, log_format, closing):
    published = closing(Published(durable_redis.client))
    api, worker = site.start_api(), site.start_worker("--loglevel=debug")
    secrets = live_as_a_customer(site.client, mail_server, "anna")
    secrets += fail_to_mail(site.client, worker, mail_server, durable_redis.client)
    for process in (api, worker):
        assert process.terminate() == 0
    told = everything_told(durable_redis.client, (api, worker), published)
    # The test hears what there is to hear: lines of both programs, and what Redis was told.
    for expected in ("/api/v1/user/registration", "send_email", "celery-task-meta-", "550"):
        assert any(expected in text for text in told), f"nobody told {expected!r}"
    found = [(secret, text) for secret in [*secrets, PASSWORD] for text in told if secret in text]
    assert not found
    if log_format == "json":
        for line in [*api.lines, *worker.lines]:
            assert isinstance(json.loads(line), dict), line
