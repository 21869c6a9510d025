"""Both sides that count rate limits in one Redis: Python's library, and ours."""

import json
import os
import pathlib
import subprocess

from .process import die_with_parent
from .worker import BIN, ROOT

HERE = pathlib.Path(__file__).resolve().parent
PYTHON = ROOT / "build" / "limits" / "bin" / "python"


class _Peer:
    def __init__(self, command: list, env: dict[str, str]):
        self._child = subprocess.Popen(command, env={"PATH": os.environ["PATH"], **env}, text=True,
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=die_with_parent)

    def _write(self, text: str) -> None:
        self._child.stdin.write(text)
        self._child.stdin.flush()

    def _line(self) -> str:
        line = self._child.stdout.readline()
        assert line, f"{self._child.args[0]} ended with status {self._child.wait(10)}"
        return line

    def close(self) -> None:
        self._child.stdin.close()
        self._child.stdout.close()
        self._child.kill()
        self._child.wait()


class PythonLimits(_Peer):
    def __init__(self, url: str, frozen: bool = False):
        super().__init__([PYTHON, HERE / "limits_app.py"],
                         {"LIMITS_URL": url, "PYTHONDONTWRITEBYTECODE": "1", **({"LIMITS_FROZEN": "1"} if frozen else {})})

    def run(self, commands: list) -> list:
        self._write(json.dumps(commands) + "\n")
        return json.loads(self._line())


class OurLimits(_Peer):
    def __init__(self, url: str, prefix: str = "LIMITS:"):
        super().__init__([BIN / "limits_probe"], {"REDIS_URL": url, "LIMITS_PREFIX": prefix})

    def run(self, commands: list[str]) -> list:
        """Answers as Python's side: [admitted, remaining, seconds], a list of limits, or None."""
        if not commands:
            return []
        self._write("\n".join(commands) + "\n\n")
        return [self._read(self._line()) for _ in commands]

    @staticmethod
    def _read(line: str):
        line = line.rstrip("\n")
        if line in ("ok", "refused"):
            return None
        if line.startswith("parsed;"):
            return line.split(";")[1:]
        admitted, remaining, microseconds = line.split()
        return [admitted == "1", int(remaining), int(microseconds) / 1e6]
