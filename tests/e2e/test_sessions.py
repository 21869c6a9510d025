"""Sessions and their mails, with two API processes, a worker and a customer's cookies."""

import email
import email.policy
import re

import pytest

from harness.redis_server import free_port
from harness.shop import PASSWORD, Client, Site, address_of, path_of
from harness.waiting import eventually

PREFIX = "/api/v1/user"


@pytest.fixture
def site(tmp_path, redis_server, closing):
    return closing(Site(tmp_path / "site", redis_server.url))


class Customer:
    """Signs in and keeps what a browser keeps."""

    def __init__(self, client: Client, name: str, password: str = PASSWORD):
        answer = client.post(f"{PREFIX}/login", body={"email": address_of(name), "password": password})
        self.status = answer.status
        if answer.status == 200:
            self._keep(answer)

    def _keep(self, answer):
        self.cookies = answer.cookies
        self.access_token = answer.json["access_token"]

    def ask(self, client: Client, method: str, call: str, body=None):
        headers = {"Authorization": f"Bearer {self.access_token}", "X-CSRF-Token": self.cookies["csrf_token"],
                   "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        return client.ask(method, f"{PREFIX}/{call}", body=body, headers=headers)

    def refresh(self, client: Client) -> int:
        answer = self.ask(client, "POST", "refresh")
        if answer.status == 200:
            self._keep(answer)
        return answer.status

    def profile(self, client: Client) -> int:
        return self.ask(client, "GET", "get-profile").status


def mail_to(site: Site, name: str, subject: str) -> str:
    """The HTML of the mail with that word in its subject, once it is there."""

    def look():
        for file in (site.folder / "mail").glob("*.eml"):
            mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            if mail["to"] == address_of(name) and subject in mail["subject"]:
                return mail.get_body(("html",)).get_content()
        return None

    return eventually(look, f"the mail about {subject} to {name}")


def link_in(page: str) -> str:
    return re.search(r'href="(http[^"]+\?token=[\w-]+)"', page)[1]


def register(site: Site, name: str) -> None:
    assert site.client.register(name).status == 200
    assert site.client.post(path_of(link_in(mail_to(site, name, "Подтвердите")))).status == 200


def test_what_ends_a_session_in_one_process_ends_it_in_all(site):
    site.start_api()
    other = Client(free_port())
    site.start_api(other.port)
    site.start_worker()
    register(site, "anna")

    anna = Customer(site.client, "anna")
    assert anna.profile(other) == 200
    assert anna.refresh(other) == 200
    assert anna.ask(other, "POST", "logout").status == 200
    assert anna.profile(site.client) == 401
    assert anna.refresh(site.client) == 401

    here, there = Customer(site.client, "anna"), Customer(other, "anna")
    changed = here.ask(site.client, "POST", "change-password",
                       {"old_password": PASSWORD, "new_password": "another password"})
    assert changed.status == 200
    assert there.profile(other) == 401
    assert here.profile(other) == 200
    assert "(МСК)" in mail_to(site, "anna", "Пароль изменён")
    assert here.ask(other, "DELETE", "account", {"password": "another password"}).status == 200
    assert here.profile(site.client) == 401
    assert Customer(site.client, "anna", "another password").status == 401


def test_a_forgotten_password_and_another_address_by_mail(site):
    site.start_api()
    site.start_worker()
    register(site, "boris")

    assert site.client.post(f"{PREFIX}/forgot-password", body={"email": address_of("boris")}).status == 200
    page = path_of(link_in(mail_to(site, "boris", "Восстановление")))
    token = page.rpartition("=")[2]
    assert token in site.client.get(page).text
    new = {"token": token, "new_password": "chosen by mail"}
    assert site.client.post(f"{PREFIX}/reset-password", body=new).status == 200

    boris = Customer(site.client, "boris", "chosen by mail")
    asked = boris.ask(site.client, "POST", "change-email", {"email": address_of("boris-the-second")})
    assert asked.status == 200
    assert address_of("boris-the-second") in mail_to(site, "boris", "Запрошена смена")
    link = link_in(mail_to(site, "boris-the-second", "новый адрес"))
    assert site.client.post(path_of(link)).status == 200
    assert Customer(site.client, "boris", "chosen by mail").status == 401
    assert Customer(site.client, "boris-the-second", "chosen by mail").status == 200
