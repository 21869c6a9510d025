"""Customers with full carts, put into the database directly: what these tests are about comes after."""

import base64
import hashlib
import hmac
import json
import time

from .worker import shop_environment

# A moment of long ago, as each database writes it.
TIME = {"sqlite": "1760000000000000", "postgresql": "TIMESTAMPTZ '2025-10-09 08:53:20+00'"}

# And one that no test lives to see.
LATER = {"sqlite": "4102444800000000", "postgresql": "TIMESTAMPTZ '2100-01-01 00:00:00+00'"}


def customers_with_carts(kind: str, customers: int, units: int) -> str:
    """SQL for so many customers, each signed in and with one unit of the same SKU in the cart; `units` are there."""
    now = TIME[kind]
    yes = "1" if kind == "sqlite" else "TRUE"
    statements = [
        "INSERT INTO categories (id, name, slug) VALUES (1, 'Чай', 'tea')",
        "INSERT INTO products (id, category_id, title, slug, search_text, created_at) "
        f"VALUES (1, 1, 'Да Хун Пао', 'da-hong-pao', 'да хун пао', {now})",
        "INSERT INTO skus (id, product_id, sku_code, weight, price_cents, discount_cents, quantity) "
        f"VALUES (1, 1, 'DHP-100', 100, 50000, 5000, {units})"]
    for n in range(1, customers + 1):
        statements += [
            "INSERT INTO users (id, email, username, password_hash, is_email_confirmed, created_at, updated_at) "
            f"VALUES ({n}, 'c{n}@tea-lovers.example', 'c{n}', '', {yes}, {now}, {now})",
            "INSERT INTO sessions (id, user_id, csrf_digest, agent_digest, created_at, expires_at) "
            f"VALUES ('session-{n}', {n}, '', '', {now}, {LATER[kind]})",
            f"INSERT INTO carts (id, user_id, updated_at) VALUES ({n}, {n}, {now})",
            f"INSERT INTO cart_items (cart_id, sku_id, quantity) VALUES ({n}, 1, 1)"]
    return "BEGIN;\n" + ";\n".join(statements) + ";\nCOMMIT;\n"


def _part(value: dict) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def access_token(customer: int) -> str:
    """As a login would have given it."""
    claims = {"sub": str(customer), "exp": int(time.time()) + 1_800, "type": "access", "jti": f"token-{customer}",
              "sid": f"session-{customer}"}
    text = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims)}"
    secret = shop_environment(__file__, "")["SECRET_KEY"].encode()
    signature = base64.urlsafe_b64encode(hmac.digest(secret, text.encode(), hashlib.sha256)).rstrip(b"=").decode()
    return f"{text}.{signature}"


def csrf_token() -> str:
    """One that the shop has signed; which session it belongs to matters to refresh and logout alone."""
    nonce = "0" * 64
    secret = shop_environment(__file__, "")["CSRF_SECRET_KEY"].encode()
    return f"{nonce}.{hmac.digest(secret, nonce.encode(), hashlib.sha256).hex()}"


def signed_in(customer: int) -> dict[str, str]:
    """The headers of that customer's calls."""
    return {"Authorization": f"Bearer {access_token(customer)}", "X-CSRF-Token": csrf_token()}


def check_out(client, customer: int, **options):
    contact = {"firstname": "Анна", "lastname": "Иванова", "phone": "+79123456789",
               "email": f"c{customer}@tea-lovers.example"}
    headers = {**signed_in(customer), **options.pop("headers", {})}
    return client.post("/api/v1/orders/checkout", body={"contact_info": contact}, headers=headers, **options)


def signed(body: str, secret: str, at: int | None = None) -> str:
    """The value of X-Signature."""
    moment = int(time.time()) if at is None else at
    digest = hmac.digest(secret.encode(), f"{moment}.{body}".encode(), hashlib.sha256).hex()
    return f"t={moment},v1={digest}"
