"""Rubbish sent to the calls that take the most from strangers: answered with 4xx, and the shop goes on."""

import json
import random
import re
import socket

import pytest

from harness.shop import PASSWORD, Site

USER = "/api/v1/user"
CALLS = {
    f"{USER}/registration": {"email": "anna@tea-lovers.example", "username": "anna", "password": PASSWORD,
                             "birthdate": "1990-01-01", "phone_number": "+79161234567"},
    f"{USER}/login": {"email": "anna@tea-lovers.example", "password": "wrong password"},
    f"{USER}/refresh": {},
    "/api/v1/orders/checkout": {"contact_info": {"firstname": "A", "lastname": "B", "phone": "+79161234567",
                                                 "email": "anna@tea-lovers.example"}, "delivery_method": "pickup"},
}
_STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")


@pytest.fixture
def shop(site):
    site.process = site.start_api()
    yield site
    # Whatever was sent, the same process serves the next customer.
    assert site.process.running()
    assert site.client.register("last").status == 200


def exchange(site: Site, request: bytes) -> list[int]:
    """Sends bytes, says that there are no more, and returns the status of every answer until the end."""
    with socket.create_connection(("127.0.0.1", site.client.port), timeout=60) as connection:
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it was refused before it was complete; the answer is there
        answer = b""
        try:
            while piece := connection.recv(65536):
                answer += piece
        except ConnectionResetError:
            pass
    return [int(status) for status in _STATUS.findall(answer)]


def post(path: str, body: bytes, kind: str = "application/json", more: str = "") -> bytes:
    head = (f"POST {path} HTTP/1.1\r\nHost: shop\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}"
            "Connection: close\r\n\r\n")
    return head.encode() + body


def refused(site: Site, request: bytes) -> None:
    statuses = exchange(site, request)
    assert len(statuses) == 1 and 400 <= statuses[0] < 500, (statuses, request[:300])


def wrong_types(body: dict):
    for field in body:
        for value in (None, 5, 1e308, True, [], {}, [[]], {"a": 1}, "", "\0", "\r\nBcc: a@b", "a" * 1_000_000):
            yield json.dumps({**body, field: value}).encode()


def broken_json(body: dict):
    text = json.dumps(body).encode()
    yield from (text[:length] for length in range(0, len(text), 7))
    yield from (b"", b"null", b"[]", b'"text"', b"5", b"{}}", b"\xef\xbb\xbf{", b"{'email': 1}", b'{"email": NaN}')
    yield b"[" * 100_000
    yield b'{"a":' * 50_000
    yield text.replace(b"a", b"\xff\xfe")
    yield text.replace(b"anna", b"\\ud800")
    yield text.replace(b"anna", b"\\u0000")
    yield text.replace(b"anna", b"\xc0\xaf")


@pytest.mark.parametrize("path", CALLS)
def test_wrong_types_and_broken_json_are_refused(shop, path):
    body = CALLS[path]
    for text in [*wrong_types(body), *broken_json(body)]:
        # A field that may be null or have any text makes some of these good registrations; never an error of ours.
        statuses = exchange(shop, post(path, text))
        assert len(statuses) == 1 and statuses[0] < 500, (statuses, text[:200])


@pytest.mark.parametrize("path", CALLS)
def test_random_damage_is_never_an_error_of_ours(shop, path):
    chance = random.Random(path)
    text = json.dumps(CALLS[path]).encode()
    for _ in range(300):
        damaged = bytearray(text)
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(damaged) + 1)
            damaged[at:at + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
        statuses = exchange(shop, post(path, bytes(damaged)))
        assert len(statuses) == 1 and statuses[0] < 500, (statuses, bytes(damaged))


def test_too_much_of_anything_is_refused(shop):
    path = f"{USER}/login"
    refused(shop, post(path, b'{"email": "' + b"a" * 1_100_000 + b'"}'))
    refused(shop, post(path, b"{}", more="".join(f"X-{i}: y\r\n" for i in range(500))))
    refused(shop, post(path, b"{}", more=f"X-Long: {'y' * 30_000}\r\n"))
    refused(shop, f"GET /{'a' * 20_000} HTTP/1.1\r\nHost: shop\r\n\r\n".encode())
    refused(shop, post(path, b"{}", kind="application/xml"))
    refused(shop, post(path, b"{}", kind="application/json; charset=utf-16"))


SMUGGLED = b"GET /livez HTTP/1.1\r\nHost: shop\r\n\r\n"
SMUGGLING = {
    "length and chunks": b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "two lengths": b"Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}" + SMUGGLED,
    "a list of lengths": b"Content-Length: 2, 40\r\n\r\n{}" + SMUGGLED,
    "a signed length": b"Content-Length: +2\r\n\r\n{}" + SMUGGLED,
    "a negative length": b"Content-Length: -1\r\n\r\n" + SMUGGLED,
    "a length in hexadecimal": b"Content-Length: 0x2\r\n\r\n{}" + SMUGGLED,
    "an unknown coding": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunked and then identity": b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "two codings": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "a space before the colon": b"Content-Length : 2\r\n\r\n{}" + SMUGGLED,
    "a folded header": b"X: a\r\n Content-Length: 2\r\n\r\n" + SMUGGLED,
    "a chunk size that overflows": b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}\r\n0\r\n\r\n" + SMUGGLED,
    "a chunk size that is no number": b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n" + SMUGGLED,
    "a NUL in a header": b"X: a\0b\r\nContent-Length: 2\r\n\r\n{}" + SMUGGLED,
    "a second host": b"Host: other\r\nContent-Length: 2\r\n\r\n{}" + SMUGGLED,
}


@pytest.mark.parametrize("shape", SMUGGLING)
def test_a_smuggled_request_is_never_answered(shop, shape):
    head = f"POST {USER}/login HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n".encode()
    refused(shop, head + SMUGGLING[shape])


def test_clients_that_send_slowly_hold_up_nobody(shop):
    slow = []
    try:
        for _ in range(200):
            connection = socket.create_connection(("127.0.0.1", shop.client.port), timeout=30)
            connection.sendall(post(f"{USER}/login", b"x" * 100)[:-50])
            slow.append(connection)
        assert shop.client.register("between").status == 200
    finally:
        for connection in slow:
            connection.close()
