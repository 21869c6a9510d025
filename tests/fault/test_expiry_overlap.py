"""A worker that is stopped in the middle of check_expired_orders, outlived by its lease, and wakes beside the next."""

from harness.orders import customers_with_carts
from harness.postgres_server import PostgresServer
from harness.shop import Site
from harness.waiting import eventually

ORDERS = 30_000
UNITS = 1_000_000


def unpaid_orders(count: int) -> str:
    """Of long ago, each with two units of the one SKU reserved."""
    long_ago = "TIMESTAMPTZ '2001-01-01 00:00:00+00'"
    return f"""
INSERT INTO orders (user_id, status, goods_cents, discount_cents, delivery_cents, to_pay_cents, delivery_method,
    created_at, updated_at)
SELECT 1, 'awaiting_payment', 90000, 0, 0, 90000, 'pickup', {long_ago}, {long_ago} FROM generate_series(1, {count});
INSERT INTO order_items (order_id, sku_id, title, sku_info, price_cents, discount_cents, quantity)
SELECT id, 1, 'tea', '100g', 45000, 0, 2 FROM orders;
INSERT INTO payments (order_id, provider, external_id, url, amount_cents, status, flag, created_at, updated_at)
SELECT id, 'sandbox', 'p' || id, 'u', 90000, 'pending', 'none', {long_ago}, {long_ago} FROM orders;
UPDATE skus SET quantity = quantity - 2 * {count}, reserved_quantity = 2 * {count};
ANALYZE;
"""


def test_a_holder_that_wakes_after_its_lease_cancels_nothing_twice(tmp_path, redis_server, closing):
    database = closing(PostgresServer())
    site = closing(Site(tmp_path / "shop", redis_server.url, DATABASE_URL=database.url))
    holder = site.start_worker("--lease", "1")
    database.query(customers_with_carts("postgresql", 1, UNITS) + unpaid_orders(ORDERS))

    def waiting() -> int:
        return int(database.query("SELECT count(*) FROM orders WHERE status = 'awaiting_payment'")[0][0])

    site.run("call", "backend.worker.check_expired_orders")
    eventually(lambda: waiting() < ORDERS, "the first batch")
    holder.pause()
    left = waiting()
    assert 0 < left < ORDERS, "it was stopped too late to mean anything"
    successor = site.start_worker("--lease", "1")
    # It may have to wait for rows that the stopped one holds: what counts is what comes out.
    successor.wait_line(r"check_expired_orders\[.*received")
    holder.resume()
    successor.wait_line(r"check_expired_orders\[.* in ", timeout=60)
    site.run("call", "backend.worker.check_expired_orders", "--wait")
    eventually(lambda: waiting() == 0, "the end of the last order", timeout=60)
    assert database.query("SELECT quantity, reserved_quantity FROM skus") == [(str(UNITS), "0")]
    assert database.query("SELECT DISTINCT o.status, p.status, p.flag FROM orders o "
                          "JOIN payments p ON p.order_id = o.id") == [("cancelled", "failed", "none")]
