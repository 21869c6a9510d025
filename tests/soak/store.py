"""The Redis of the soak, and what can happen to it."""

import pathlib
import re
import shutil
import time

import redis

from harness.clocks import SteppedClock
from harness.redis_server import RedisServer
from harness.waiting import eventually

# Faults change the rights and the password of the user that everybody else is. Whatever is answered is in the file,
# which kill -9 does not undo: with a second's fsync Redis would sometimes wait with its writes for the disk.
_OPTIONS = ("--appendfsync", "no", "--user", "soak", "on", ">soak", "~*", "&*", "+@all")


class Store:
    """Its server changes with a failover; `client` may do everything at any time."""

    def __init__(self, folder: pathlib.Path):
        self._folder = folder
        self._number = 0
        self.clock = SteppedClock(folder)
        self.server = self._another()

    def _another(self) -> RedisServer:
        self._number += 1
        server = RedisServer(self._folder / str(self._number), appendonly=True, options=_OPTIONS,
                             env=self.clock.environment)
        server.client.close()
        server.client = redis.Redis(port=server.port, username="soak", password="soak")
        return server

    @property
    def client(self) -> redis.Redis:
        return self.server.client

    def _data(self) -> pathlib.Path:
        return self._folder / str(self._number) / "appendonlydir"

    def restart_empty(self) -> None:
        self.server.kill()
        shutil.rmtree(self._data())
        self.server.start()

    def end_of_file(self) -> tuple[pathlib.Path, int]:
        """The append-only file that is written to, and where it ends."""
        manifest = next(self._data().glob("*.manifest")).read_text()
        file = self._data() / re.findall(r"file (\S+) seq \d+ type i", manifest)[-1]
        return file, file.stat().st_size

    def restart_from(self, file: pathlib.Path, size: int) -> None:
        """As after a power loss: what was written to the file behind `size` never reached the disk."""
        self.server.kill()
        with open(file, "r+b") as tail:
            tail.truncate(size)
        self.server.start()

    def fill_disk(self) -> None:
        """No more is written to the append-only file."""
        self.server.limit_files(self.end_of_file()[1])

    def free_disk(self) -> None:
        """Returns when everything that was answered meanwhile is in the file."""
        self.server.limit_files(-1)
        eventually(lambda: self._buffered() == 0, "the append-only file", 60)

    def _buffered(self) -> int:
        return self.client.info("persistence")["aof_buffer_length"]

    def replica(self) -> tuple[RedisServer, float]:
        """Follows the server, and has everything that was answered before that time."""
        replica = self._another()
        replica.client.replicaof("127.0.0.1", self.server.port)
        eventually(lambda: replica.client.info("replication").get("master_link_status") == "up", "the replica", 60)
        caught_up = now()
        offset = self.client.info("replication")["master_repl_offset"]
        eventually(lambda: replica.client.info("replication")["slave_repl_offset"] >= offset, "the replica's offset")
        return replica, caught_up

    def fail_over(self, replica: RedisServer) -> None:
        old, self.server = self.server, replica
        old.close()

    def kick(self) -> None:
        """Ends everybody's connections."""
        self.client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        self.client.execute_command("CLIENT", "KILL", "TYPE", "pubsub", "SKIPME", "yes")

    def heal(self) -> None:
        """Everybody may do everything again, and there is room."""
        self.server.resume()
        self.server.limit_files(-1)
        self.clock.step(0)
        eventually(self._answers, "Redis", 60)
        self.client.replicaof("NO", "ONE")
        self.client.execute_command("ACL", "SETUSER", "default", "on", "nopass", "~*", "&*", "+@all")
        self.client.config_set("maxmemory", 0)

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.RedisError:
            return False

    def close(self) -> None:
        self.server.close()


def now() -> float:
    """Of the clock that all processes of the machine share and nobody steps."""
    return time.monotonic()
