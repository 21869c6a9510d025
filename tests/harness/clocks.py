"""Calendars of programs that a test moves; their other clocks go on."""

import mmap
import os
import pathlib
import struct

from .worker import BIN


class _Clock:
    def __init__(self, folder: pathlib.Path, variable: str):
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / "clock"
        self._file.write_bytes(b"\0" * 8)
        self._map = mmap.mmap(os.open(self._file, os.O_RDWR), 8)
        self._variable = variable

    def _write(self, seconds: float) -> None:
        self._map[:] = struct.pack("=q", round(seconds * 1e6) * 1000)

    @property
    def environment(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(BIN / "calendar.so"), self._variable: str(self._file)}


class FrozenClock(_Clock):
    """A calendar that stands still unless it is moved."""

    def __init__(self, folder: pathlib.Path, start: float):
        super().__init__(folder, "FROZEN_CLOCK")
        self.set(start)

    def set(self, now: float) -> None:
        self.now = now
        self._write(now)


class SteppedClock(_Clock):
    """A calendar that goes on, and steps when it is told to be so many seconds ahead of the true one."""

    def __init__(self, folder: pathlib.Path):
        super().__init__(folder, "STEPPED_CLOCK")

    def step(self, ahead: float) -> None:
        self._write(ahead)
