"""The catalogue of a fresh shop, from outside."""

import contextlib
import os
import sqlite3
import subprocess

from harness.shop import PROGRAM, Up

PRODUCTS = "/api/v1/catalog/products"


def seed(folder, database):
    done = subprocess.run([PROGRAM, "seed"], cwd=folder, text=True, capture_output=True, timeout=60, check=False,
                          stdin=subprocess.DEVNULL,
                          env={"PATH": os.environ["PATH"], "HOME": str(folder), "DATABASE_URL": database})
    return done.returncode, done.stdout + done.stderr


def test_seed_makes_the_schema_and_thirty_products_and_may_be_run_again(tmp_path):
    database = f"sqlite:///{tmp_path}/shop.db"
    code, text = seed(tmp_path, database)
    assert (code, "30 products added" in text) == (0, True), text
    code, text = seed(tmp_path, database)
    assert (code, "0 products added" in text) == (0, True), text


def test_seed_without_a_database_says_which_variable_is_missing(tmp_path):
    code, text = seed(tmp_path, "")
    assert code == 2
    assert "DATABASE_URL" in text


def test_up_sells_tea_at_once_and_leaves_a_catalogue_of_one_s_own_alone(tmp_path, closing):
    up = closing(Up(tmp_path)).wait_ready()
    page = up.client.get(PRODUCTS).json
    assert page["total"] == 30
    slug = page["items"][0]["slug"]
    sku = up.client.get(f"{PRODUCTS}/{slug}").json["skus"][0]
    assert sku["quantity"] > 0

    guest = up.client.get("/api/v1/cart").headers["x-session-id"]
    cart = up.client.post("/api/v1/cart/items", body={"sku_id": sku["id"], "quantity": 2},
                          headers={"X-Session-ID": guest}).json
    assert cart["final_amount_cents"] == 2 * (sku["price_cents"] - sku["discount_cents"])
    assert up.client.get("/api/v1/cart", headers={"X-Session-ID": guest}).json == cart
    assert up.client.get("/api/v1/cart", headers={"Authorization": "Bearer made.up.token"}).status == 401
    up.close()

    with contextlib.closing(sqlite3.connect(up.data / "shop.db")) as database, database:
        database.execute("DELETE FROM skus WHERE product_id > 1")
        database.execute("DELETE FROM products WHERE id > 1")
    again = closing(Up(tmp_path)).wait_ready()
    assert again.client.get(PRODUCTS).json["total"] == 1
