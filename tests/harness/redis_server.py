"""A redis-server of the test's own, on a free port, that can be stopped, killed, paused and started again."""

import os
import pathlib
import resource
import signal
import socket

import redis

from .process import Process

# A write beyond the limit of files is to fail, as on a full disk, and not to end it.
_COMMAND = ("env", "--ignore-signal=XFSZ", "redis-server")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class RedisServer:
    """The port stays the same over restarts. With `appendonly` everything that was answered survives a kill."""

    def __init__(self, folder: pathlib.Path, appendonly: bool = False, options: tuple[str, ...] = (),
                 env: dict[str, str] | None = None):
        self._folder = folder
        self._env = env and {**os.environ, **env}
        self._options = ["--appendonly", "yes" if appendonly else "no", "--appendfsync", "always", *options]
        self.port = 0
        self._process: Process | None = None
        self._start_on_a_free_port()
        self.client = redis.Redis(port=self.port)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def _start_on_a_free_port(self) -> None:
        for attempt in range(5):
            self.port = free_port()
            try:
                return self.start()
            except AssertionError:
                # Somebody else was quicker to take the port.
                if attempt == 4:
                    raise

    def start(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._process = Process([*_COMMAND, "--port", self.port, "--bind", "127.0.0.1", "--dir", self._folder,
                                 "--save", "", "--daemonize", "no", *self._options], self._env)
        self._process.wait_line("Ready to accept connections")

    def limit_files(self, size: int) -> None:
        """As on a disk without room, no file of this process grows beyond `size` bytes; -1: any."""
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def stop(self) -> None:
        """As an administrator does; what is in the append-only file comes back with start()."""
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()

    def restart(self) -> None:
        self.stop()
        self.start()

    def pause(self) -> None:
        """Answers nothing until resume(): connections stay open."""
        self._process.signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._process.signal(signal.SIGCONT)

    def close(self) -> None:
        self.client.close()
        self._process.close()
