"""The shop as a customer walks it, and as staff and time see it; the mail is read from a real SMTP server over TLS."""

import html
import re
import sqlite3
import subprocess

import pytest

from harness.shop import PASSWORD, PROGRAM, Site, address_of, path_of
from harness.smtp import MailServer
from harness.waiting import eventually

API = "/api/v1"
CONTACT = {"firstname": "Анна", "lastname": "Чайкина", "phone": "+79161234567", "email": address_of("anna")}
ADDRESS = {"postal_code": "101000", "address": "Москва, Мясницкая, 1"}


@pytest.fixture
def mail(tmp_path, closing):
    server = closing(MailServer(tmp_path / "smtp"))
    server.start()
    return server


@pytest.fixture
def site(tmp_path, durable_redis, mail, closing):
    site = closing(Site(tmp_path / "site", durable_redis.url, **mail.environment))
    run(site, "seed")
    site.start_api()
    site.start_worker()
    return site


def run(site: Site, *arguments: str) -> str:
    done = subprocess.run([PROGRAM, *arguments], env=site.environment, cwd=site.folder, capture_output=True, text=True,
                          check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


class Customer:
    """What a storefront in a browser keeps: the token, the cookies, and the guest's session before that."""

    def __init__(self, site: Site, mail: MailServer, name: str):
        self.site, self.mail, self.name = site, mail, name
        self.headers: dict[str, str] = {}

    def ask(self, method: str, path: str, body=None, expect: int = 200):
        answer = self.site.client.ask(method, API + path, body=body, headers=self.headers)
        assert answer.status == expect, f"{method} {path}: {answer.status} {answer.text}"
        if session := answer.headers.get("x-session-id"):
            self.headers["X-Session-ID"] = session
        return answer.json if answer.text else None

    def mails(self, subject_or_text: str) -> list[str]:
        """The HTML of each mail to this customer that contains the words."""
        pages = [mail.get_body(("html",)).get_content() for mail in self.mail.mails() if mail["to"] == address_of(self.name)]
        return [page for page in pages if subject_or_text in html.unescape(page)]

    def wait_mail(self, words: str) -> str:
        return eventually(lambda: self.mails(words), f"a mail with {words!r}")[0]

    def register(self) -> None:
        assert self.site.client.register(self.name).status == 200
        page = html.unescape(self.wait_mail("confirm-email?token="))
        link = re.search(r"https?://[^\s\"'<>)]*confirm-email\?token=[\w-]+", page)[0]
        assert self.site.client.get(path_of(link)).status == 303
        assert self.site.client.post(path_of(link)).status == 200

    def log_in(self, password: str = PASSWORD) -> None:
        guest = {name: self.headers[name] for name in ("X-Session-ID",) if name in self.headers}
        answer = self.site.client.post(f"{API}/user/login", body={"email": address_of(self.name), "password": password},
                                       headers=guest)
        assert answer.status == 200, answer.text
        self._keep(answer)

    def _keep(self, answer) -> None:
        cookies = answer.cookies
        self.headers = {"Authorization": f"Bearer {answer.json['access_token']}", "X-CSRF-Token": cookies["csrf_token"],
                        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}

    def refresh(self) -> None:
        answer = self.site.client.post(f"{API}/user/refresh", headers=self.headers)
        assert answer.status == 200, answer.text
        self._keep(answer)

    def fill_cart(self, quantity: int = 2) -> dict:
        product = self.ask("GET", "/catalog/products?limit=1")["items"][0]
        sku = self.ask("GET", f"/catalog/products/{product['slug']}")["skus"][0]
        self.ask("POST", "/cart/items", {"sku_id": sku["id"], "quantity": quantity})
        return sku


@pytest.fixture
def anna(site, mail):
    return Customer(site, mail, "anna")


def test_from_a_guests_cart_to_a_parcel(site, anna):
    sku = anna.fill_cart()
    anna.register()
    anna.log_in()
    cart = anna.ask("GET", "/cart")
    assert [item["quantity"] for item in cart["items"]] == [2], "the guest's cart came along"

    order = anna.ask("POST", "/orders/checkout", {"contact_info": CONTACT, "delivery_method": "russian_post",
                                                  "shipping_address": ADDRESS, "delivery_cost_cents": 0})
    assert (order["status"], order["delivery_cost_cents"] > 0) == ("awaiting_payment", True)
    assert order["final_amount_cents"] == 2 * (sku["price_cents"] - sku["discount_cents"]) + order["delivery_cost_cents"]
    assert anna.ask("GET", "/cart")["items"] == []
    reserved = anna.ask("GET", f"/catalog/skus/{sku['id']}")
    assert (reserved["quantity"], reserved["reserved_quantity"]) == (sku["quantity"] - 2, 2)
    anna.wait_mail(f"№\u00a0{order['id']} принят")

    payment = path_of(order["payment_url"])
    assert "Оплатить" in site.client.get(payment).text
    paid = site.client.ask("POST", payment, raw="outcome=succeeded",
                           headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert "Оплачено" in paid.text
    assert anna.ask("GET", f"/orders/{order['id']}/status") == {"order_id": order["id"], "status": "paid"}
    assert anna.ask("GET", f"/catalog/skus/{sku['id']}")["reserved_quantity"] == 0

    assert str(order["id"]) in run(site, "orders", "list", "--status", "paid")
    run(site, "orders", "ship", str(order["id"]), "--tracking", "80112345678901")
    assert "80112345678901" in html.unescape(anna.wait_mail("80112345678901"))
    assert anna.ask("GET", f"/orders/{order['id']}")["status"] == "shipped"
    run(site, "orders", "deliver", str(order["id"]))
    assert anna.ask("GET", "/orders")[0]["status"] == "delivered"


def test_an_order_that_nobody_pays_expires_and_its_tea_is_for_sale_again(site, anna):
    anna.register()
    anna.log_in()
    sku = anna.fill_cart(3)
    order = anna.ask("POST", "/orders/checkout", {"contact_info": CONTACT})
    database = sqlite3.connect(site.folder / "shop.db", timeout=30)
    with database:
        database.execute("UPDATE orders SET created_at = created_at - 31 * 60 * 1000000 WHERE id = ?", (order["id"],))
    database.close()
    assert run(site, "call", "backend.worker.check_expired_orders", "--wait").strip() == "1"
    assert anna.ask("GET", f"/orders/{order['id']}")["status"] == "cancelled"
    after = anna.ask("GET", f"/catalog/skus/{sku['id']}")
    assert (after["quantity"], after["reserved_quantity"]) == (sku["quantity"], 0)
    assert "завершён" in site.client.get(path_of(order["payment_url"])).text


def test_a_changed_password_ends_the_other_sessions_and_is_told_by_mail(site, mail, anna):
    anna.register()
    anna.log_in()
    elsewhere = Customer(site, mail, "anna")
    elsewhere.log_in()
    anna.ask("POST", "/user/change-password", {"old_password": PASSWORD, "new_password": "a better password 2"})
    elsewhere.ask("GET", "/user/get-profile", expect=401)
    anna.wait_mail("пароль")
    elsewhere.log_in("a better password 2")
    elsewhere.refresh()
    elsewhere.ask("POST", "/user/logout")
    elsewhere.ask("GET", "/user/get-profile", expect=401)
