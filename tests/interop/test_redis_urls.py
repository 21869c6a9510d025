"""A REDIS_URL is read as redis-py and kombu read it; docs/redis-url.md lists every difference, with its reason.

Each generated URL has marks: the names of those differences that may show in it. What differs without one is a fault,
and so is a difference that is listed and shows nowhere.
"""

import functools
import json
import random
import re
import subprocess
import urllib.parse

from harness.celery_peer import HERE, PYTHON
from harness.worker import ROOT

URLS = 1_000
PEERS = ("redis-py", "kombu")
ROW = re.compile(r"^\| `([a-z0-9-]+)` \| (redis-py|kombu|both) \| ([a-z_, ]+) \|", re.MULTILINE)
# Left to the peers' defaults when a URL does not say, and ours are others.
OPTIONS = {"client_name": "client_name", "protocol": "protocol", "connect_timeout": "socket_connect_timeout",
           "answer_timeout": "socket_timeout", "health_interval": "health_check_interval",
           "keep_alive": "socket_keepalive"}
WORDS = ["tea", "s3cret", "пароль", "a@b", "100%", "a b", "it's", '"quoted"', "%zz", "p%4", "x:y:z", "1+1=2", "a&b",
         "$(id)", "~^`|", "\\", "<>", "a,b", "%25", "%41", "ключ№1", "!*.-_"]
NOT_UTF8 = "%FF%FE"
# Of what the generator seldom makes alone.
EXAMPLES = {"address-in-query": "redis://h?host=x", "client-name": "redis://h?client_name=two+words",
            "encoding": "redis://h?encoding=cp1251", "half-a-pair": "rediss://h?ssl_cert_reqs=none&ssl_keyfile=/k",
            "kombu-false": "rediss://h?ssl_check_hostname=0", "kombu-words": "rediss://h/1/?ssl_cert_reqs=CERT_NONE",
            "newer": "redis://h?protocol=3", "no-socket": "unix://?db=1",
            "no-value": "redis://h?db", "not-here": "redis://h?connect_timeout=1", "socket-host": "unix://run/r.sock",
            "nothing-to-check": "rediss://h?ssl_cert_reqs=none&ssl_check_hostname=true", "upper": "REDIS://h?db=1",
            "hosts": "redis://h1,h2/1", "valkey": "valkey://h"}


class Grammar:
    """Random URLs with their marks, the same ones for the same seed."""

    def __init__(self, seed: int):
        self._random = random.Random(seed)
        self._marks: set[str] = set()

    def url(self) -> tuple[str, set[str]]:
        self._marks = set()
        kinds = {"redis": 50, "rediss": 22, "unix": 10, "redis+socket": 10, "REDIS": 2, "valkey": 2, "http": 1,
                 "sentinel": 1, "": 1}
        scheme = self._weighted(kinds)
        if scheme in ("valkey", "REDIS"):
            self._marks.add({"REDIS": "upper"}.get(scheme, scheme))
        network = scheme in ("redis", "rediss", "REDIS", "valkey")
        local = scheme in ("unix", "redis+socket")
        address = self._socket() if local else self._host() + self._port() + self._path()
        url = f"{scheme}://" * bool(scheme) + self._user() + address
        url += self._query(scheme if not network else scheme.lower())
        if self._rarely():
            self._marks.add("fragment")
            url += "#" + self._choose(["", "comment", "5"])
        if self._rarely():
            self._marks.add("control")
            place = self._random.randrange(len(url))
            url = url[:place] + self._choose(["\n", "\t", "\r", "\x01"]) + url[place:]
        elif self._rarely():
            self._marks.add("spaces-around")
            url = self._choose([" " + url, url + " "])
        return url, set(self._marks)

    def _choose(self, choices):
        return self._random.choice(choices)

    def _weighted(self, weights: dict):
        return self._random.choices(list(weights), list(weights.values()))[0]

    def _rarely(self) -> bool:
        return self._random.random() < 0.03

    def _often(self) -> bool:
        return self._random.random() < 0.6

    def _word(self) -> str:
        word = "".join(self._random.choices(WORDS, k=self._random.randint(1, 3)))
        if self._rarely():
            self._marks.add("not-utf8")
            word += NOT_UTF8
        if self._rarely():
            self._marks.add("semicolon")
            word += ";"
        if self._rarely():
            self._marks.add("bracket")
            word += self._choose(["[", "]", "[x]"])
        if self._rarely():
            self._marks.add("cut-password")
            word += self._choose(["/", "?", "#", "/x?y#z"])
        return word

    def _credential(self) -> str:
        word = self._word()
        return word if self._often() else urllib.parse.quote(word, safe=self._choose(["", "/"]))

    def _user(self) -> str:
        form = self._weighted({"": 30, "{}:{}@": 40, ":{}@": 20, "{}@": 4, ":@": 2, "@": 1, "7:12#{}@": 1, "7:12/{}@": 1,
                               "7:12?{}@": 1})
        if form.startswith("7"):
            self._marks.add("cut-password")
        # A colon would end the user.
        user = self._credential().replace(":", "")
        return form.format(user, self._credential()) if form.count("{}") == 2 else form.format(self._credential())

    def _host(self) -> str:
        plain = ["localhost", "127.0.0.1", "redis.example", "REDIS.Example", "a_b-c.d", "[::1]", "[2001:DB8::7]", "", "h%31"]
        odd = {"h1,h2": "hosts", "h1;h2": "hosts", "чай.рф": "host", "my host": "host", "::1": "", "h<x>": "host",
               "h%20x": "host"}
        if not self._rarely():
            return self._choose(plain)
        host = self._choose(list(odd))
        if odd[host]:
            self._marks.add(odd[host])
        if ";" in host:
            self._marks.add("semicolon")
        return host

    def _port(self) -> str:
        if self._rarely():
            self._marks.add("port-zero")
            return ":0"
        bad = [":x", ":70000", ":-1", ":٣", ": 6379", ":6379x", ":1.5"]
        return self._choose(bad) if self._rarely() else self._weighted({"": 4, ":": 1, ":6379": 4, ":7000": 3, ":06380": 1})

    def _path(self) -> str:
        if self._rarely():
            self._marks.add("path")
            return self._choose(["/x", "/1/2", "/1x", "/ ", "/default"])
        if self._rarely():
            self._marks.add("numbers")
            return self._choose(["/+1", "/ 1", "/1_0", "/-1", "/٣", "/%201"])
        return self._choose(["", "", "/", "/0", "/1", "/15", "/3/", "//2", "//", "/%31", "/007"])

    def _socket(self) -> str:
        if self._rarely():
            self._marks.add("socket-host")
            return self._choose(["run/redis.sock", "localhost/run/redis.sock"])
        if self._rarely():
            self._marks.add("no-socket")
            return self._choose(["", "/"])
        return self._choose(["/run/redis.sock", "/run/my%20redis.sock", "/tmp/чай.sock", "/run/redis.sock/", "//run/r"])

    def _query(self, scheme: str) -> str:
        items = []
        names = set()
        for _ in range(self._weighted({0: 40, 1: 35, 2: 15, 3: 10})):
            name, value = self._parameter(scheme)
            if name in names and value:
                self._marks.add("twice")
            names.add(name)
            items.append(f"{name}={value}")
        if scheme == "rediss":
            self._name_tls(items, names)
        if self._rarely():
            self._marks.add("no-value")
            items.append(self._choose(["db", "x", "x="]))
        if self._rarely():
            items.append("")
        return "?" + "&".join(items) if items else ""

    def _name_tls(self, items: list[str], names: set[str]) -> None:
        if not any(item.startswith("ssl_") and not item.endswith("=") for item in items):
            self._marks.add("kombu-tls")
        if "ssl_check_hostname" not in names or "ssl_check_hostname=" in items:
            self._marks.add("name-check")
        else:
            self._marks.add("kombu-false")
            if any("none" in item.lower() for item in items):
                self._marks.add("nothing-to-check")
        if names & {"ssl_keyfile", "ssl_password"}:
            self._marks.add("half-a-pair")

    def _parameter(self, scheme: str) -> tuple[str, str]:
        families = {"general": 50, "tls": 60 if scheme == "rediss" else 3, "no use": 8, "odd": 8}
        family = self._weighted(families)
        if family == "tls":
            if scheme != "rediss":
                self._marks.add("tls-by-parameter")
            return self._tls()
        if family == "no use":
            return self._no_use()
        if family == "odd":
            return self._odd()
        return self._general(scheme)

    def _general(self, scheme: str) -> tuple[str, str]:
        name = self._choose(["db", "virtual_host", "username", "password", "client_name", "protocol", "socket_timeout",
                             "socket_connect_timeout", "health_check_interval", "socket_keepalive"])
        if scheme == "redis+socket":
            self._marks.add("kombu-socket")
        if name == "socket_connect_timeout" and scheme == "unix":
            self._marks.add("newer")
        if name in ("username", "password"):
            return name, self._in_query(self._word().replace("&", "").replace("#", ""))
        if name == "db":
            return name, self._whole(["0", "3", "15", ""])
        if name == "virtual_host":
            return name, self._choose(["0", "3", "/3", "/", "x"])
        if name == "client_name":
            if self._rarely():
                self._marks.add("client-name")
                return name, "two+words"
            return name, self._choose(["worker", "worker-1", "shop:8", ""])
        if name == "protocol":
            self._marks.add("newer")
            return name, self._choose(["2", "3", "3", "4", "x"])
        if name == "health_check_interval":
            return name, self._whole(["0", "10", "30", "x", "1.5"])
        if name == "socket_keepalive":
            return name, self._truth()
        return name, self._time()

    def _in_query(self, word: str) -> str:
        """Raw, or encoded; redis-py decodes once more than was encoded."""
        encoded = word if self._often() else urllib.parse.quote(word, safe="")
        once = urllib.parse.unquote(encoded)
        if urllib.parse.unquote(once) != once:
            self._marks.add("decoded-twice")
        return encoded

    def _whole(self, usual: list[str]) -> str:
        if not self._rarely():
            return self._choose(usual)
        self._marks.add("numbers")
        return self._choose(["-1", "%2B1", "+1", "1_0", "٣"])

    def _time(self) -> str:
        if self._random.random() < 0.1:
            self._marks.add("numbers")
            return self._choose(["0", "-1", "inf", "nan", "1_0", "%2B3", "+3", "1e9"])
        return self._choose(["5", "0.5", "1e2", "30", "x", "5s", ""])

    def _truth(self) -> str:
        if self._random.random() < 0.1:
            self._marks.add("truth")
            return self._choose(["on", "off", "enabled", "2"])
        return self._choose(["true", "True", "1", "yes", "false", "False", "0", "no", "N", ""])

    def _tls(self) -> tuple[str, str]:
        name = self._choose(["ssl_cert_reqs", "ssl_cert_reqs", "ssl_check_hostname", "ssl_check_hostname", "ssl_ca_certs",
                             "ssl_ca_path", "ssl_ca_data", "ssl_certfile", "ssl_keyfile", "ssl_password", "ssl_ciphers"])
        if name == "ssl_cert_reqs":
            self._marks.add("kombu-words")
            return name, self._choose(["none", "optional", "required", "CERT_NONE", "CERT_OPTIONAL", "CERT_REQUIRED",
                                       "maybe", ""])
        if name == "ssl_check_hostname":
            return name, self._truth()
        if name == "ssl_ciphers":
            self._marks.add("newer")
            return name, self._choose(["ECDHE-RSA-AES128-GCM-SHA256", "HIGH:!aNULL", "HIGH%3A%21MD5"])
        if name == "ssl_password":
            return name, "s3cret"
        return name, self._choose(["/etc/ssl/tea.pem", "/etc/ssl/my%20tea.pem", "/etc/ssl/чай.pem"])

    def _no_use(self) -> tuple[str, str]:
        name = self._choose(["max_connections", "retry_on_timeout", "decode_responses", "encoding", "encoding_errors",
                             "lib_name", "lib_version"])
        if name.startswith("lib_"):
            self._marks.add("newer")
        if name == "encoding" and self._rarely():
            self._marks.add("encoding")
            return name, "cp1251"
        return name, {"max_connections": self._choose(["10", "x"]), "encoding": "utf-8"}.get(name, "true")

    def _odd(self) -> tuple[str, str]:
        marked = {"host": "address-in-query", "port": "address-in-query", "retry_on_error": "not-here",
                  "socket_read_size": "not-here", "ssl_min_version": "not-here", "ssl_validate_ocsp": "not-here",
                  "socket_keepalive_options": "not-here", "connect_timeout": "not-here", "heartbeat": "not-here",
                  "tea": "", "Db": "", "ssl": "not-here", "userid": "not-here", "hostname": "not-here"}
        name = self._choose(list(marked))
        if marked[name]:
            self._marks.add(marked[name])
        return name, self._choose(["1", "7"])


def listed() -> dict[str, list[tuple[str, set[str]]]]:
    """The differences of the documents: mark -> what it excuses, and in whom."""
    rows: dict[str, list[tuple[str, set[str]]]] = {}
    for mark, peer, fields in ROW.findall((ROOT / "docs/redis-url.md").read_text()):
        for one in PEERS if peer == "both" else (peer,):
            rows.setdefault(mark, []).append((one, set(fields.replace(" ", "").split(","))))
    return rows


def answers(command: list, urls: list[str]) -> list:
    done = subprocess.run(command, input="".join(json.dumps(url) + "\n" for url in urls), capture_output=True, text=True,
                          timeout=120, env={"LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def given(url: str) -> set[str]:
    """The parameters that have a value."""
    return {name for name, _ in urllib.parse.parse_qsl(url.partition("#")[0].partition("?")[2])}


def normal(reading: dict) -> dict:
    return {**reading, "host": reading["host"].replace(b"localhost".hex(), b"127.0.0.1".hex())}


def differing(url: str, ours, theirs) -> set[str]:
    """Names of what differs; {"refused"}: here alone."""
    if isinstance(theirs, str):
        return set()
    if isinstance(ours, str):
        return {"refused"}
    ours, theirs = normal(ours), normal(theirs)
    said = given(url)
    return {name for name, value in ours.items()
            if theirs.get(name) != value and (name not in OPTIONS or OPTIONS[name] in said)}


@functools.cache
def readings(generation: str):
    grammar = Grammar(10)
    urls = [grammar.url() for _ in range(URLS)]
    always = {"name-check", "kombu-tls", "kombu-words"}
    urls += [(url, {mark} | (always if url.startswith("rediss") else set())) for mark, url in EXAMPLES.items()]
    texts = [url for url, _ in urls]
    ours = answers([ROOT / "build/bin/redis_urls"], texts)
    theirs = answers([PYTHON[generation], HERE / "celery_redis_urls.py"], texts)
    assert len(ours) == len(theirs) == len(urls)
    return [(url, marks, mine, other) for (url, marks), mine, other in zip(urls, ours, theirs)]


def differences(generation: str):
    """URL, peer, what differs, the marks that excuse it."""
    excuses = listed()
    for url, marks, ours, theirs in readings(generation):
        excused = lambda peer, what: {mark for mark in marks for one, fields in excuses.get(mark, [])  # noqa: E731
                                      if one == peer and (what in fields or "anything" in fields)}
        for peer in PEERS:
            for what in differing(url, ours, theirs[peer]):
                yield url, peer, what, excused(peer, what)
        if not isinstance(ours, str) and all(isinstance(theirs[peer], str) for peer in PEERS):
            for peer in PEERS:
                yield url, peer, "accepted", excused("redis-py", "accepted") | excused("kombu", "accepted")


def test_urls_are_read_as_redis_py_and_kombu_read_them(generation):
    unexplained = [(url, peer, what) for url, peer, what, marks in differences(generation) if not marks]
    read = readings(generation)
    counts = {peer: sum(not isinstance(theirs[peer], str) for *_, theirs in read) for peer in PEERS}
    assert not unexplained, f"{len(unexplained)} of {len(read)}: {unexplained[:10]}"
    assert counts["redis-py"] > URLS / 3 and counts["kombu"] > URLS / 5, counts


def test_every_listed_difference_shows():
    shown = set()
    for generation in PYTHON:
        for _, peer, _, marks in differences(generation):
            shown |= {(mark, peer) for mark in marks}
    assert {(mark, peer) for mark, rows in listed().items() for peer, _ in rows} <= shown


def test_no_refusal_gives_a_password_away():
    secret = "Gehe1mnis"
    broken = ["redis://:{}@h:x", "redis://:{}/w@h", "redis://u:{}?w@h/0", "redis://u:12?{}=w@h", "redis://u:12?x&{}@h",
              "redis://u:12/{}@h", "redis://u:12#{}@h", "h:{}@x", "redis://h?password={}&db=x",
              "redis://h/{}", "redis://h:{}", "unix://u:{}@run/x", "http://u:{}@h", "redis://h?db={}",
              "rediss://h?ssl_password={}", "redis://:a/{}=1@h?x=1", "redis://:12?{}&b=c@h"]
    for ours, url in zip(answers([ROOT / "build/bin/redis_urls"], [each.format(secret) for each in broken]), broken):
        assert isinstance(ours, str), url
        assert secret not in ours, url
