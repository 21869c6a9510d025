"""Fixtures of the tests of the shop from outside."""

import pytest

from harness.shop import Site
from harness.smtp import MailServer


@pytest.fixture
def make_site(tmp_path, durable_redis, closing):
    """make_site(NAME=value, ...) makes the test's site with these variables; nothing of it runs yet."""

    def make(**environment):
        return closing(Site(tmp_path / "site", durable_redis.url, **environment))

    return make


@pytest.fixture
def site(make_site):
    return make_site()


@pytest.fixture
def mail_server(tmp_path, closing):
    """Up, until the test stops it."""
    server = closing(MailServer(tmp_path / "smtp"))
    server.start()
    return server
