"""The shop's programs from the outside: `localtea up`, or api and worker one by one, and their mail."""

import collections
import dataclasses
import email
import email.policy
import html
import http.client
import http.cookies
import json
import os
import pathlib
import re
import signal
import sqlite3
import subprocess
import urllib.parse

from .process import Process
from .redis_server import free_port
from .waiting import eventually
from .worker import BIN, shop_environment

PROGRAM = BIN / "localtea"
PASSWORD = "correct horse battery"

CONFIRMATION_LINK = re.compile(r"https?://[^\s\"'<>)]*confirm-email\?token=[\w-]+")


@dataclasses.dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str
    cookies: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def json(self):
        return json.loads(self.text)


class Client:
    """One request a connection, so that no test depends on what became of an earlier one."""

    def __init__(self, port: int):
        self.port = port

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method: str, path: str, *, body=None, raw: str | bytes | None = None,
            headers: dict[str, str] | None = None, timeout: float = 30.0) -> Answer:
        """`body` travels as JSON, `raw` as it is."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            payload = raw if body is None else json.dumps(body)
            kind = {"Content-Type": "application/json"} if body is not None else {}
            connection.request(method, path, payload, {**kind, **(headers or {})})
            reply = connection.getresponse()
            fields = {name.lower(): value for name, value in reply.getheaders()}
            cookies = {key: morsel.value for line in reply.headers.get_all("Set-Cookie", [])
                       for key, morsel in http.cookies.SimpleCookie(line).items()}
            return Answer(reply.status, fields, reply.read().decode(), cookies)
        finally:
            connection.close()

    def get(self, path: str, **options) -> Answer:
        return self.ask("GET", path, **options)

    def post(self, path: str, **options) -> Answer:
        return self.ask("POST", path, **options)

    def register(self, name: str) -> Answer:
        return self.post("/api/v1/user/registration",
                         body={"email": address_of(name), "username": name, "password": PASSWORD})

    def log_in(self, name: str) -> Answer:
        return self.post("/api/v1/user/login", body={"email": address_of(name), "password": PASSWORD})

    def profile(self, access_token: str, csrf_token: str) -> Answer:
        return self.get("/api/v1/user/get-profile",
                        headers={"Authorization": f"Bearer {access_token}", "X-CSRF-Token": csrf_token})

    def ready(self) -> bool:
        try:
            return self.get("/readyz", timeout=5).status == 200
        except OSError:
            return False

    def confirmation_link(self, name: str, timeout: float = 30.0) -> str:
        """From the mail that /mailbox shows for this customer, once it is there."""
        def look():
            for item in self.get("/mailbox").text.split("<li>")[1:]:
                if address_of(name) in html.unescape(item):
                    return re.search(r'href="(/mailbox/[^"]+)"', item)[1]
            return None
        page = eventually(look, f"the mail of {name} in /mailbox", timeout)
        return CONFIRMATION_LINK.search(html.unescape(self.get(page + "/content").text))[0]


def address_of(name: str) -> str:
    return f"{name}@tea-lovers.example"


def path_of(link: str) -> str:
    parts = urllib.parse.urlsplit(link)
    return f"{parts.path}?{parts.query}"


def alive(pid: int) -> bool:
    """A zombie is not: whoever reaps orphans on this machine is not under test."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def children(pid: int) -> dict[str, int]:
    """The processes that this one started: what they are (redis-server, api, worker) to their number."""
    found = {}
    for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        words = pathlib.Path(f"/proc/{child}/cmdline").read_bytes().decode().split("\0")
        if alive(int(child)):
            name = pathlib.Path(words[0]).name
            found[words[1] if name == PROGRAM.name else name] = int(child)
    return found


class Up:
    """`localtea up` on a folder of the test's own. Everything that it and its children write is in `process.text`."""

    def __init__(self, folder: pathlib.Path, port: int | None = None, **environment: str):
        self.data = folder / "data"
        self.client = Client(port or free_port())
        folder.mkdir(parents=True, exist_ok=True)
        self.process = Process([PROGRAM, "up", "--port", self.client.port, "--data", self.data],
                               {"PATH": os.environ["PATH"], "HOME": str(folder), **environment}, folder)

    def wait_ready(self) -> "Up":
        self.process.wait_line("Ctrl-C stops it", 60)
        return self

    def children(self) -> dict[str, int]:
        return children(self.process.pid)

    def wait_gone(self, pids) -> None:
        eventually(lambda: not [pid for pid in pids if alive(pid)], "the processes' end")

    def close(self) -> None:
        # Its children end by their death signal; the folder is removed under nobody's feet.
        pids = self.children().values() if self.process.running() else []
        self.process.close()
        self.wait_gone(pids)


class Site:
    """api and worker as programs of their own, on a database, a Redis and a mail folder of the test's own."""

    def __init__(self, folder: pathlib.Path, redis_url: str, **environment: str):
        self.folder = folder
        self.client = Client(free_port())
        self.environment = {**shop_environment(folder, redis_url), "DATA_DIR": str(folder),
                             "BASE_URL": self.client.address, "API_BASE_URL": self.client.address, **environment}
        self._processes: list[Process] = []
        folder.mkdir(parents=True, exist_ok=True)

    def start_api(self, port: int | None = None) -> Process:
        """On the client's own port, or as one more on another."""
        api = self._start("api", "--port", str(port or self.client.port))
        api.wait_line("listening on")
        return api

    def start_another_api(self, **environment: str) -> Client:
        """A further process on the same database and Redis."""
        client = Client(free_port())
        self._start("api", "--port", str(client.port), **environment).wait_line("listening on")
        return client

    def start_worker(self, *options: str) -> Process:
        worker = self._start("worker", "-c", "2", *options)
        worker.wait_line(" ready: ")
        return worker

    def run(self, *arguments) -> subprocess.CompletedProcess:
        """One command of the program, to its end."""
        return subprocess.run([PROGRAM, *map(str, arguments)], env=self.environment, cwd=self.folder, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)

    def _start(self, *arguments: str, **environment: str) -> Process:
        process = Process([PROGRAM, *arguments], {**self.environment, **environment}, self.folder)
        self._processes.append(process)
        return process

    def mails(self) -> collections.Counter:
        """How many mails each address got."""
        parse = email.message_from_bytes
        files = (self.folder / "mail").glob("*.eml")
        return collections.Counter(parse(f.read_bytes(), policy=email.policy.default)["to"] for f in files)

    def query(self, statement: str) -> list[tuple]:
        database = sqlite3.connect(f"file:{self.folder}/shop.db?mode=ro", uri=True, timeout=10)
        try:
            return database.execute(statement).fetchall()
        finally:
            database.close()

    def close(self) -> None:
        for process in reversed(self._processes):
            process.signal(signal.SIGTERM)
        for process in reversed(self._processes):
            process.close()
