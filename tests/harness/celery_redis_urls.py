"""How redis-py and kombu read Redis URLs, without connecting.

Each line of standard input is a URL as JSON; each is answered by one line: {"redis-py": READING, "kombu": READING},
where READING is an object of fields, or a text that says why it was refused.
"""

import json
import sys
import types

import kombu
import redis
from kombu.transport import redis as kombu_redis


def octets(text) -> str:
    """Texts are compared as the bytes that are sent."""
    return "" if text is None else str(text).encode("utf-8", "surrogatepass").hex()


def describe(connection) -> dict:
    tls = isinstance(connection, redis.SSLConnection)
    socket = isinstance(connection, redis.UnixDomainSocketConnection)
    told = lambda name: getattr(connection, name, None)  # noqa: E731
    fields = {
        "host": "" if socket else octets(connection.host),
        "port": 0 if socket else connection.port,
        "socket_path": octets(told("path")) if socket else "",
        "username": octets(connection.username),
        "password": octets(connection.password),
        "database": connection.db,
        "tls": tls,
        "client_name": octets(connection.client_name),
        "protocol": int(told("protocol") or 2),
        "connect_timeout": told("socket_connect_timeout"),
        "answer_timeout": connection.socket_timeout,
        "health_interval": connection.health_check_interval,
        "keep_alive": told("socket_keepalive"),
    }
    if tls:
        fields |= {
            "verify": int(connection.cert_reqs) != 0,
            "verify_name": bool(connection.check_hostname),
            "ca_file": octets(connection.ca_certs),
            "ca_folder": octets(told("ca_path")),
            "ca_data": octets(told("ca_data")),
            "cert_file": octets(connection.certfile),
            "key_file": octets(connection.keyfile),
            "key_password": octets(told("certificate_password")),
            "ciphers": octets(told("ssl_ciphers")),
        }
    return fields


def redis_py(url: str):
    return redis.ConnectionPool.from_url(url).make_connection()


def kombu_broker(url: str):
    connection = kombu.Connection(url)
    if connection.get_transport_cls() is not kombu_redis.Transport:
        raise ValueError("another transport")
    # As Channel itself does, without the PING that its constructor sends.
    channel = kombu_redis.Channel.__new__(kombu_redis.Channel)
    channel.connection = types.SimpleNamespace(client=connection, default_port=6379)
    return redis.ConnectionPool(**channel._connparams()).make_connection()


def reading(peer, url: str):
    try:
        return describe(peer(url))
    except Exception as error:  # whatever it is, the URL is refused
        return f"{type(error).__name__}: {error}"


for line in sys.stdin:
    url = json.loads(line)
    print(json.dumps({"redis-py": reading(redis_py, url), "kombu": reading(kombu_broker, url)}), flush=True)
