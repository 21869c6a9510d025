"""A child process whose log lines can be waited for, and which never outlives the tests."""

import ctypes
import os
import pathlib
import re
import signal
import subprocess
import threading
import time

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def die_with_parent() -> None:
    """For a child's preexec_fn: not even a test run that is killed leaves it behind."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Process:
    """Runs a command, keeps every line of its output, and is killed by its own pid."""

    def __init__(self, command: list, env: dict[str, str] | None = None, cwd: pathlib.Path | None = None):
        self.command = [str(part) for part in command]
        self.lines: list[str] = []
        self._changed = threading.Condition()
        self._ended = False
        self._child = subprocess.Popen(
            self.command, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True, preexec_fn=die_with_parent)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for raw in self._child.stdout:
            with self._changed:
                self.lines.append(raw.decode(errors="replace").rstrip("\n"))
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def running(self) -> bool:
        return self._child.poll() is None

    def wait_line(self, pattern: str, timeout: float = 30.0, after: int = 0) -> int:
        """Waits for a line that matches, at position `after` or later; returns the position behind it."""
        deadline = time.monotonic() + timeout
        expression = re.compile(pattern)
        position = after
        with self._changed:
            while True:
                while position < len(self.lines):
                    position += 1
                    if expression.search(self.lines[position - 1]):
                        return position
                if self._ended or not self._changed.wait(max(0.0, deadline - time.monotonic())):
                    raise AssertionError(
                        f"no line {pattern!r} from {' '.join(self.command)}"
                        f"{' (it ended)' if self._ended else ''}; it wrote:\n{self.text[-4000:]}")

    def wait_lines(self, pattern: str, count: int, timeout: float = 60.0) -> None:
        """Waits until `count` lines match, from the beginning on."""
        position = 0
        for _ in range(count):
            position = self.wait_line(pattern, timeout, position)

    def signal(self, number: int) -> None:
        if self.running():
            os.kill(self.pid, number)

    def kill(self) -> None:
        """kill -9, and waits until it is gone and everything that it wrote was read."""
        self.signal(signal.SIGKILL)
        self.wait()

    def terminate(self, timeout: float = 30.0) -> int:
        self.signal(signal.SIGTERM)
        return self.wait(timeout)

    def wait(self, timeout: float = 30.0) -> int:
        """Waits for its end; returns the exit status."""
        try:
            status = self._child.wait(timeout)
        except subprocess.TimeoutExpired as error:
            raise AssertionError(f"{' '.join(self.command)} did not end; it wrote:\n{self.text[-4000:]}") from error
        self._reader.join(5)
        return status

    def pause(self) -> None:
        self.signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.signal(signal.SIGCONT)

    def close(self) -> None:
        if self.running():
            self.resume()
            self.kill()
