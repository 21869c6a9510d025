"""A TCP proxy in front of Redis that fails at a chosen command.

Each command has three places where its connection can break: before Redis gets it, after Redis has executed it but
before the reply arrives, and after the reply. `cut(n, where)` breaks the connection at the n-th matching command from
now on, with `half` amid the command or its reply; `silence(n, where)` leaves it half-open there: it stays, and nothing
passes any more. `freeze()` keeps what arrives until `thaw()`, as a network does that is away for a while, and `hold()`
begins that before the reply to a matching command; `delay` is for how many seconds it keeps what arrives otherwise.
"""

import contextlib
import enum
import re
import socket
import threading
from collections.abc import Callable

from . import resp


class Where(enum.Enum):
    BEFORE = "before the request"
    BEFORE_REPLY = "after the request, before its reply"
    AFTER_REPLY = "after the reply"


class Cut:
    def __init__(self, number: int, where: Where, matches: Callable[[list[bytes]], bool], silent: bool,
                 half: bool = False, hold: bool = False):
        self.where = where
        self.hold = hold
        self.silent = silent
        self.half = half
        self.matches = matches
        self.left = number
        self.done = threading.Event()
        self.command = b""


# These are answered by pushes alone: a RESP3 push, or in RESP2 an array that begins with one of their names.
_NO_REPLY = {b"SUBSCRIBE", b"PSUBSCRIBE", b"UNSUBSCRIBE", b"PUNSUBSCRIBE"}
_PUSH = re.compile(rb">|\*\d+\r\n\$\d+\r\n(p?message|p?(un)?subscribe)\r\n", re.IGNORECASE)


class _Link:
    """One client's connection and its own connection to the server."""

    def __init__(self, proxy: "FaultProxy", client: socket.socket):
        self._proxy = proxy
        self._client = client
        self._server = socket.create_connection(("127.0.0.1", proxy.target_port))
        # The cut (or None) of each command whose reply is due, in order.
        self._due: list[Cut | None] = []
        self._lock = threading.Lock()
        self._silent = False
        for run in (self._requests, self._replies):
            threading.Thread(target=self._guarded, args=(run,), daemon=True).start()

    def silence(self) -> None:
        self._silent = True

    def close(self) -> None:
        for end in (self._client, self._server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._proxy.forget(self)

    def _guarded(self, run: Callable[[], None]) -> None:
        try:
            run()
        except OSError:
            pass
        finally:
            self.close()

    def _requests(self) -> None:
        rest = b""
        while data := self._client.recv(1 << 16):
            self._proxy.keep(self._proxy.flowing)
            commands, rest = resp.split(rest + data)
            for command in commands:
                if not self._forward(command):
                    return

    def _break(self, cut: Cut) -> bool:
        """False: the connection is to be closed."""
        cut.done.set()
        self._silent = cut.silent
        return self._silent

    def _forward(self, command: bytes) -> bool:
        """False: the connection is to be closed."""
        if self._silent:
            return True
        parts = resp.words(command)
        cut = self._proxy.seen(parts)
        if cut is not None and cut.where is Where.BEFORE:
            if cut.half:
                self._server.sendall(command[: len(command) // 2])
            return self._break(cut)
        with self._lock:
            if parts[0].upper() not in _NO_REPLY:
                self._due.append(cut)
            self._server.sendall(command)
        return True

    def _replies(self) -> None:
        rest = b""
        while data := self._server.recv(1 << 16):
            self._proxy.keep(self._proxy.answering)
            replies, rest = resp.split(rest + data)
            for reply in replies:
                if not self._deliver(reply):
                    return

    def _deliver(self, reply: bytes) -> bool:
        """False: the connection is to be closed."""
        if self._silent:
            return True
        cut = None
        if not _PUSH.match(reply):
            with self._lock:
                cut = self._due.pop(0)
        if cut is not None and cut.hold:
            self._proxy.freeze()
            cut.done.set()
            self._proxy.answering.wait()
            cut = None
        if cut is not None and cut.where is Where.BEFORE_REPLY:
            if cut.half:
                self._client.sendall(reply[: len(reply) // 2])
            return self._break(cut)
        self._client.sendall(reply)
        return cut is None or self._break(cut)


class FaultProxy:
    def __init__(self, target_port: int):
        self.target_port = target_port
        self.delay = 0.0
        self.flowing = threading.Event()
        self.flowing.set()
        self.answering = threading.Event()
        self.answering.set()
        self._never = threading.Event()
        self._links: set[_Link] = set()
        self._lock = threading.Lock()
        self._cut: Cut | None = None
        self._commands: list[list[bytes]] = []
        self._refusing = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.flowing.wait()
            if self._refusing:
                client.close()
                continue
            try:
                link = _Link(self, client)
            except OSError:
                # The server is down: the client sees a connection that ends at once.
                client.close()
                continue
            with self._lock:
                self._links.add(link)

    def seen(self, command: list[bytes]) -> Cut | None:
        """Records a command; returns the cut that is due at it."""
        with self._lock:
            self._commands.append(command)
            cut = self._cut
            if cut is None or not cut.matches(command):
                return None
            cut.left -= 1
            if cut.left >= 0:
                return None
            cut.command = command[0]
            self._cut = None
            return cut

    def forget(self, link: _Link) -> None:
        with self._lock:
            self._links.discard(link)

    def keep(self, flowing: threading.Event) -> None:
        """What one direction does with what has arrived."""
        flowing.wait()
        if self.delay:
            self._never.wait(self.delay)

    def cut(self, number: int, where: Where, matches: Callable[[list[bytes]], bool] = lambda command: True,
            half: bool = False) -> Cut:
        """Breaks the connection at the matching command that follows `number` others. `.done` is set when it did."""
        return self._arm(Cut(number, where, matches, silent=False, half=half))

    def silence(self, number: int, where: Where) -> Cut:
        """Leaves the connection half-open at the command that follows `number` others. `.done` is set when it did."""
        return self._arm(Cut(number, where, lambda command: True, silent=True))

    def hold(self, matches: Callable[[list[bytes]], bool]) -> Cut:
        """Freezes both directions when the reply to the next matching command has come, until thaw()."""
        return self._arm(Cut(0, Where.BEFORE_REPLY, matches, silent=False, hold=True))

    def _arm(self, cut: Cut) -> Cut:
        with self._lock:
            self._cut = cut
            return cut

    def take_commands(self) -> list[list[bytes]]:
        """The commands since the last call."""
        with self._lock:
            commands, self._commands = self._commands, []
            return commands

    def cut_all(self) -> None:
        """Breaks every connection now."""
        for link in self._all():
            link.close()

    def silence_all(self) -> None:
        """Leaves every connection of now half-open; new ones work."""
        for link in self._all():
            link.silence()

    def _all(self) -> list[_Link]:
        with self._lock:
            return list(self._links)

    def refuse(self, refusing: bool) -> None:
        """While refusing, a new connection ends at once."""
        self._refusing = refusing

    def freeze(self, requests: bool = True, replies: bool = True) -> None:
        if requests:
            self.flowing.clear()
        if replies:
            self.answering.clear()

    def thaw(self) -> None:
        self.flowing.set()
        self.answering.set()

    def close(self) -> None:
        self.thaw()
        self._listener.close()
        self.cut_all()
