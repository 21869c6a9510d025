"""Orders from outside: the last units, payment notices, the staff's commands, expiry."""

import concurrent.futures
import json
import sqlite3
import threading

import pytest

from harness.orders import TIME, check_out, customers_with_carts, signed, signed_in
from harness.postgres_server import PostgresServer
from harness.redis_server import free_port
from harness.shop import Client, Site
from harness.waiting import eventually

SECRET = "tests-only-webhook-secret"


class Shop:
    """Two API processes on one database of either kind, with customers whose carts are full."""

    def __init__(self, kind, folder, redis, closing, customers, units):
        self.kind = kind
        self._postgres = closing(PostgresServer()) if kind == "postgresql" else None
        self._folder = folder
        environment = {"DATABASE_URL": self._postgres.url} if self._postgres else {}
        self.site = closing(Site(folder, redis.url, CSRF_ENABLED="false", RATE_LIMIT_ENABLED="false",
                                 PAYMENT_WEBHOOK_SECRET=SECRET, EMAILS_FROM_EMAIL="shop@localtea.test",
                                 **environment))
        self.site.start_api()
        second = free_port()
        self.site.start_api(second)
        self.clients = [self.site.client, Client(second)]
        self.query(customers_with_carts(kind, customers, units))

    def query(self, statement):
        """Every value as text."""
        if self._postgres:
            return self._postgres.query(statement)
        database = sqlite3.connect(f"{self._folder}/shop.db", timeout=30, isolation_level=None)
        try:
            if statement.startswith("SELECT"):
                return [tuple(map(str, row)) for row in database.execute(statement).fetchall()]
            database.executescript(statement)
            return []
        finally:
            database.close()

    def stock(self):
        return self.query("SELECT quantity, reserved_quantity FROM skus WHERE id = 1")[0]


@pytest.fixture(params=["sqlite", "postgresql"])
def open_shop(request, tmp_path, redis_server, closing):
    return lambda customers, units: Shop(request.param, tmp_path / "shop", redis_server, closing, customers, units)


def test_200_checkouts_at_once_sell_the_last_50_units_and_no_more(open_shop):
    shop = open_shop(200, 50)
    start = threading.Barrier(200)

    def buy(customer):
        start.wait()
        return check_out(shop.clients[customer % 2], customer)

    with concurrent.futures.ThreadPoolExecutor(200) as pool:
        answers = list(pool.map(buy, range(1, 201)))
    statuses = [answer.status for answer in answers]
    assert (statuses.count(200), statuses.count(400)) == (50, 150), sorted(statuses)
    assert all("Да Хун Пао" in answer.json["detail"] for answer in answers if answer.status == 400)
    assert shop.stock() == ("0", "50")
    assert shop.query("SELECT count(*), sum(quantity) FROM order_items") == [("50", "50")]
    assert shop.query("SELECT count(*) FROM payments WHERE status = 'pending'") == [("50",)]


def notice(order, event, kind="payment.succeeded"):
    return json.dumps({"event_id": event, "type": kind, "payment_id": order["payment_url"].rpartition("/")[2],
                       "order_id": order["id"], "amount_cents": order["final_amount_cents"]})


def send(client, body, signature):
    return client.ask("POST", "/api/v1/webhooks/payment/sandbox", raw=body, headers={"X-Signature": signature})


def test_an_order_is_paid_shipped_and_delivered(open_shop):
    shop = open_shop(2, 10)
    shop.site.start_worker()
    client = shop.clients[0]
    order = check_out(client, 1).json
    body = notice(order, "e1")
    assert send(client, body, signed(body, "wrong")).status == 401
    assert send(client, body, signed(body, SECRET, at=1_700_000_000)).status == 401
    assert send(client, body, signed(body, SECRET)).json == {"status": "accepted"}
    assert send(shop.clients[1], body, signed(body, SECRET)).json == {"status": "repeated"}
    assert shop.stock() == ("9", "0")

    listed = shop.site.run("orders", "list")
    assert listed.returncode == 0 and "Да Хун Пао" in listed.stdout and "Иванова" in listed.stdout, listed
    refused = shop.site.run("orders", "ship", order["id"], "--tracking", "12345678901234")
    assert refused.returncode == 1 and "goes by pickup" in refused.stderr, refused
    assert shop.site.run("orders", "ready", order["id"]).returncode == 0
    assert shop.site.run("orders", "deliver", order["id"]).returncode == 0
    assert shop.site.run("orders", "deliver", 4711).returncode == 1
    assert shop.site.run("orders", "list", "--status", "brewing").returncode == 2
    status = client.get(f"/api/v1/orders/{order['id']}/status", headers=signed_in(1))
    assert status.json == {"order_id": order["id"], "status": "delivered"}
    eventually(lambda: shop.site.mails()["c1@tea-lovers.example"] == 1, "the confirmation")


def test_an_order_that_nobody_pays_expires_and_money_that_comes_later_is_flagged(open_shop):
    shop = open_shop(1, 10)
    worker = shop.site.start_worker()
    client = shop.clients[0]
    order = check_out(client, 1).json
    assert shop.stock() == ("9", "1")
    shop.query(f"UPDATE orders SET created_at = {TIME[shop.kind]};")
    called = shop.site.run("call", "backend.worker.check_expired_orders", "--wait")
    assert called.stdout.strip() == "1", called
    worker.wait_line(r"check_expired_orders\[.*succeeded")
    assert shop.stock() == ("10", "0")
    body = notice(order, "e1")
    assert send(client, body, signed(body, SECRET)).status == 200
    assert shop.query("SELECT o.status, p.status, p.flag FROM orders o JOIN payments p ON p.order_id = o.id") == [
        ("cancelled", "succeeded", "refund")]
    assert f"refund  order {order['id']}" in shop.site.run("orders", "list", "--flagged").stdout
    eventually(lambda: shop.site.mails()["shop@localtea.test"] == 1, "the mail to the shop")


RUBBISH = ["", "null", "[]", "5", '"text"', "{", "{}", "[" * 100_000, '{"a":' * 50_000, '{"event_id": NaN}', "\ud7ff",
           '{"event_id": 1e400}', json.dumps({"contact_info": None}), json.dumps({"contact_info": {"email": "\0"}}),
           json.dumps({"event_id": "e", "type": "payment.succeeded", "payment_id": "a\0b", "order_id": 1,
                       "amount_cents": 1}),
           json.dumps({"event_id": "e", "type": "payment.succeeded", "payment_id": "p", "order_id": 2**63,
                       "amount_cents": 1}), "a" * 1_000_000]


def test_rubbish_of_a_customer_or_a_provider_is_refused_and_changes_nothing(open_shop):
    shop = open_shop(1, 10)
    client = shop.clients[0]
    headers = {**signed_in(1), "Content-Type": "application/json"}
    for text in RUBBISH:
        answer = client.ask("POST", "/api/v1/orders/checkout", raw=text.encode(), headers=headers)
        assert 400 <= answer.status < 500, (answer, text[:100])
        assert send(client, text.encode(), signed(text, SECRET)).status == 400, text[:100]
    for signature in ["", "t=,v1=", "t=1,v1=" + "0" * 64, ",".join(["v1=0"] * 500), "t=" + "9" * 30]:
        assert send(client, "{}", signature).status == 401, signature[:100]
    for key in ["x" * 256, "\x7f", "\t"]:
        assert check_out(client, 1, headers={"Idempotency-Key": key}).status in (400, 422), key[:10]
    for number in ["0", "-1", "99999999999999999999", "1e3", "1%00", "%2e%2e"]:
        answer = client.get(f"/api/v1/orders/{number}", headers=headers)
        assert 400 <= answer.status < 500, (answer, number)
    assert shop.stock() == ("10", "0")
    assert shop.query("SELECT count(*) FROM orders") == [("0",)]
    assert shop.query("SELECT count(*) FROM payment_events") == [("0",)]


def test_a_shop_is_told_who_takes_the_money_when_it_starts_or_takes_no_orders(make_site):
    for provider, told in [("", "PAYMENT_PROVIDER is required"), ("yookassa", "yookassa is not built yet"),
                           ("sandbox", "PAYMENT_PROVIDER must be none without DEBUG")]:
        refused = make_site(DEBUG="false", PAYMENT_PROVIDER=provider).run("api", "--port", "0")
        assert refused.returncode == 2 and told in refused.stderr, refused
        assert len(refused.stderr.splitlines()) == 1, refused
    site = make_site(DEBUG="false", PAYMENT_PROVIDER="none")
    site.start_api()
    database = sqlite3.connect(f"{site.folder}/shop.db", timeout=30, isolation_level=None)
    database.executescript(customers_with_carts("sqlite", 1, 10))
    database.close()
    for headers in ({}, {"Idempotency-Key": "once"}):
        answer = check_out(site.client, 1, headers=headers)
        assert (answer.status, "не принимает заказы" in answer.json["detail"]) == (503, True), answer
    assert site.client.get("/sandbox/pay/1").status == 404
    assert site.query("SELECT count(*) FROM orders") == [(0,)]
