"""Beats, as processes of the laboratory program, and what they sent."""

import datetime
import json
import pathlib

import redis

from .process import Process
from .waiting import eventually
from .worker import BIN, run_command, shop_environment

FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
SECOND = datetime.timedelta(seconds=1)


class Beats:
    """`url` is the store; `lease` in seconds."""

    def __init__(self, folder: pathlib.Path, url: str, client: redis.Redis, lease: float):
        self._folder = folder
        self._url = url
        self._client = client
        self._lease = lease
        self.running: list[Process] = []
        (folder / "trace").parent.mkdir(parents=True, exist_ok=True)

    def start(self, clock: str | None = None) -> Process:
        """`clock`: its own clock, as faketime has it, such as +300s."""
        environment = {**shop_environment(self._folder, self._url), "LAB_TRACE": str(self._folder / "trace")}
        if clock:
            environment |= {"LD_PRELOAD": FAKETIME, "FAKETIME": clock}
        beat = Process([BIN / "lab", "beat", "--lease", str(self._lease)], environment, self._folder)
        self.running.append(beat)
        beat.wait_line("beat ready")
        return beat

    def command(self, *arguments: str):
        # The laboratory program asks for it, whatever the command.
        done = run_command(self._folder, self._url, "beat", *arguments, program="lab",
                           env={"LAB_TRACE": str(self._folder / "trace")})
        assert done.returncode == 0, done.stderr
        return done.stdout

    def leader(self) -> Process:
        """Waits until one leads."""
        def look():
            token = self._client.get("samovar:beat:lab:leader")
            leads = f"leads, under {token.decode()}" if token else None
            return next((beat for beat in self.running if leads and leads in beat.text), None)

        return eventually(look, "a leader", timeout=60)

    def replace(self, beat: Process, clock: str | None = None) -> Process:
        self.running.remove(beat)
        beat.kill()
        return self.start(clock)

    def sent(self, queue: str = "ticks") -> list[tuple[datetime.datetime, str]]:
        """(slot, id), in the order of sending."""
        envelopes = [json.loads(raw) for raw in reversed(self._client.lrange(queue, 0, -1))]
        return [(datetime.datetime.fromisoformat(each["headers"]["periodic_slot"]), each["headers"]["id"])
                for each in envelopes]

    def slots(self, queue: str = "ticks") -> list[datetime.datetime]:
        return [slot for slot, _ in self.sent(queue)]

    def wait_sent(self, count: int, queue: str = "ticks") -> None:
        eventually(lambda: self._client.llen(queue) >= count, f"{count} messages in {queue}", timeout=120)

    def close(self) -> None:
        for beat in self.running:
            beat.close()


def assert_each_once(slots: list[datetime.datetime]) -> None:
    """Every second from the first to the last, in order."""
    expected = [slots[0] + index * SECOND for index in range(len(slots))]
    assert slots == expected
