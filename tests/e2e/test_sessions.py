"""Sessions and their mails, with two API processes, a worker and a customer's cookies."""

import email
import email.policy
import re

from harness.customer import API, Customer
from harness.redis_server import free_port
from harness.shop import PASSWORD, Client, Site, address_of, path_of
from harness.waiting import eventually


def signed_in(client: Client, name: str, password: str = PASSWORD) -> Customer:
    customer = Customer(client, name)
    assert customer.log_in(password) == 200
    return customer


def profile(customer: Customer, client: Client) -> int:
    return customer.ask("GET", "/user/get-profile", at=client).status


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

    anna = signed_in(site.client, "anna")
    assert profile(anna, other) == 200
    assert anna.refresh(at=other) == 200
    assert anna.ask("POST", "/user/logout", at=other).status == 200
    assert profile(anna, site.client) == 401
    assert anna.refresh() == 401

    here, there = signed_in(site.client, "anna"), signed_in(other, "anna")
    here.call("POST", "/user/change-password", {"old_password": PASSWORD, "new_password": "another password"})
    assert profile(there, other) == 401
    assert profile(here, other) == 200
    assert "(МСК)" in mail_to(site, "anna", "Пароль изменён")
    assert here.ask("DELETE", "/user/account", {"password": "another password"}, at=other).status == 200
    assert profile(here, site.client) == 401
    assert Customer(site.client, "anna").log_in("another password") == 401


def test_a_forgotten_password_and_another_address_by_mail(site):
    site.start_api()
    site.start_worker()
    register(site, "boris")

    assert site.client.post(f"{API}/user/forgot-password", body={"email": address_of("boris")}).status == 200
    page = path_of(link_in(mail_to(site, "boris", "Восстановление")))
    token = page.rpartition("=")[2]
    assert token in site.client.get(page).text
    new = {"token": token, "new_password": "chosen by mail"}
    assert site.client.post(f"{API}/user/reset-password", body=new).status == 200

    boris = signed_in(site.client, "boris", "chosen by mail")
    boris.call("POST", "/user/change-email", {"email": address_of("boris-the-second")})
    assert address_of("boris-the-second") in mail_to(site, "boris", "Запрошена смена")
    link = link_in(mail_to(site, "boris-the-second", "новый адрес"))
    assert site.client.post(path_of(link)).status == 200
    assert Customer(site.client, "boris").log_in("chosen by mail") == 401
    assert Customer(site.client, "boris-the-second").log_in("chosen by mail") == 200
