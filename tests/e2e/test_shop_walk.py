"""The shop as a customer walks it, and as staff and time see it; the mail is read from a real SMTP server over TLS."""

import html
import sqlite3

import pytest

from harness.customer import Customer
from harness.shop import CONFIRMATION_LINK, PASSWORD, Client, Site, address_of, path_of
from harness.smtp import MailServer
from harness.waiting import eventually

CONTACT = {"firstname": "Анна", "lastname": "Чайкина", "phone": "+79161234567", "email": address_of("anna")}
ADDRESS = {"postal_code": "101000", "address": "Москва, Мясницкая, 1"}


@pytest.fixture
def site(make_site, mail_server):
    site = make_site(**mail_server.environment)
    run(site, "seed")
    site.start_api()
    site.start_worker()
    return site


def run(site: Site, *arguments) -> str:
    done = site.run(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


class Shopper(Customer):
    """One who reads the mail and fills the cart."""

    def __init__(self, client: Client, mail_server: MailServer, name: str):
        super().__init__(client, name)
        self.mail_server = mail_server

    def mails(self, subject_or_text: str) -> list[str]:
        """The HTML of each mail to this customer that contains the words."""
        pages = [mail.get_body(("html",)).get_content() for mail in self.mail_server.mails()
                 if mail["to"] == address_of(self.name)]
        return [page for page in pages if subject_or_text in html.unescape(page)]

    def wait_mail(self, words: str) -> str:
        return eventually(lambda: self.mails(words), f"a mail with {words!r}")[0]

    def register(self) -> None:
        assert self.client.register(self.name).status == 200
        page = html.unescape(self.wait_mail("confirm-email?token="))
        link = path_of(CONFIRMATION_LINK.search(page)[0])
        assert self.client.get(link).status == 303
        assert self.client.post(link).status == 200

    def fill_cart(self, quantity: int = 2) -> dict:
        product = self.call("GET", "/catalog/products?limit=1")["items"][0]
        sku = self.call("GET", f"/catalog/products/{product['slug']}")["skus"][0]
        self.call("POST", "/cart/items", {"sku_id": sku["id"], "quantity": quantity})
        return sku


@pytest.fixture
def anna(site, mail_server):
    return Shopper(site.client, mail_server, "anna")


def test_from_a_guests_cart_to_a_parcel(site, anna):
    sku = anna.fill_cart()
    anna.register()
    assert anna.log_in() == 200
    cart = anna.call("GET", "/cart")
    assert [item["quantity"] for item in cart["items"]] == [2], "the guest's cart came along"

    order = anna.call("POST", "/orders/checkout", {"contact_info": CONTACT, "delivery_method": "russian_post",
                                                   "shipping_address": ADDRESS, "delivery_cost_cents": 0})
    assert (order["status"], order["delivery_cost_cents"] > 0) == ("awaiting_payment", True)
    assert order["final_amount_cents"] == 2 * (sku["price_cents"] - sku["discount_cents"]) + order["delivery_cost_cents"]
    assert anna.call("GET", "/cart")["items"] == []
    reserved = anna.call("GET", f"/catalog/skus/{sku['id']}")
    assert (reserved["quantity"], reserved["reserved_quantity"]) == (sku["quantity"] - 2, 2)
    anna.wait_mail(f"№\u00a0{order['id']} принят")

    payment = path_of(order["payment_url"])
    assert "Оплатить" in site.client.get(payment).text
    paid = site.client.ask("POST", payment, raw="outcome=succeeded",
                           headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert "Оплачено" in paid.text
    assert anna.call("GET", f"/orders/{order['id']}/status") == {"order_id": order["id"], "status": "paid"}
    assert anna.call("GET", f"/catalog/skus/{sku['id']}")["reserved_quantity"] == 0

    assert str(order["id"]) in run(site, "orders", "list", "--status", "paid")
    run(site, "orders", "ship", str(order["id"]), "--tracking", "80112345678901")
    assert "80112345678901" in html.unescape(anna.wait_mail("80112345678901"))
    assert anna.call("GET", f"/orders/{order['id']}")["status"] == "shipped"
    run(site, "orders", "deliver", str(order["id"]))
    assert anna.call("GET", "/orders")[0]["status"] == "delivered"


def test_an_order_that_nobody_pays_expires_and_its_tea_is_for_sale_again(site, anna):
    anna.register()
    assert anna.log_in() == 200
    sku = anna.fill_cart(3)
    order = anna.call("POST", "/orders/checkout", {"contact_info": CONTACT})
    database = sqlite3.connect(site.folder / "shop.db", timeout=30)
    with database:
        database.execute("UPDATE orders SET created_at = created_at - 31 * 60 * 1000000 WHERE id = ?", (order["id"],))
    database.close()
    assert run(site, "call", "backend.worker.check_expired_orders", "--wait").strip() == "1"
    assert anna.call("GET", f"/orders/{order['id']}")["status"] == "cancelled"
    after = anna.call("GET", f"/catalog/skus/{sku['id']}")
    assert (after["quantity"], after["reserved_quantity"]) == (sku["quantity"], 0)
    assert "завершён" in site.client.get(path_of(order["payment_url"])).text


def test_a_changed_password_ends_the_other_sessions_and_is_told_by_mail(site, anna):
    anna.register()
    assert anna.log_in() == 200
    elsewhere = Customer(site.client, "anna")
    assert elsewhere.log_in() == 200
    anna.call("POST", "/user/change-password", {"old_password": PASSWORD, "new_password": "a better password 2"})
    assert elsewhere.ask("GET", "/user/get-profile").status == 401
    anna.wait_mail("пароль")
    assert elsewhere.log_in("a better password 2") == 200
    assert elsewhere.refresh() == 200
    elsewhere.call("POST", "/user/logout")
    assert elsewhere.ask("GET", "/user/get-profile").status == 401
