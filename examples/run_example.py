"""Runs an example as the comment at its head says, beside a Redis of its own, and compares what it prints.

run_example.py SOURCE PROGRAM

In the comment, lines that start with "$ " are commands, the lines below each are what it prints; a command that
ends in "&" goes on in the background.
"""

import os
import pathlib
import shlex
import socket
import subprocess
import sys
import tempfile
import time

MARK = "//   "


def session(source: pathlib.Path) -> list[tuple[str, list[str]]]:
    """The commands of the comment, each with the lines it prints."""
    commands: list[tuple[str, list[str]]] = []
    for line in source.read_text().splitlines():
        if not line.startswith("//"):
            break
        if not line.startswith(MARK):
            continue
        text = line.removeprefix(MARK)
        if text.startswith("$ "):
            commands.append((text.removeprefix("$ "), []))
        else:
            commands[-1][1].append(text)
    return commands


def start_redis(folder: pathlib.Path) -> subprocess.Popen:
    path = folder / "redis.sock"
    server = subprocess.Popen(
        ["redis-server", "--port", "0", "--unixsocket", str(path), "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    while server.poll() is None:
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(path))
                return server
        except OSError:
            time.sleep(0.005)
    raise SystemExit("redis-server did not start")


def run(command: list[str], environment: dict[str, str], expected: list[str]) -> bool:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60,
                          check=False)
    printed = [line.rstrip() for line in done.stdout.splitlines()]
    if printed == expected:
        return True
    print(f"{command}\nshould print {expected}\nprinted      {printed}\n{done.stderr}")
    return False


def main() -> int:
    source, program = pathlib.Path(sys.argv[1]), sys.argv[2]
    commands = session(source)
    if not commands:
        raise SystemExit(f"{source} does not say how to run it")
    good = True
    with tempfile.TemporaryDirectory() as folder:
        background = [start_redis(pathlib.Path(folder))]
        environment = dict(os.environ, REDIS_URL=f"unix://{folder}/redis.sock")
        try:
            for text, expected in commands:
                words = [program, *shlex.split(text)[1:]]
                if words[-1] == "&":
                    background.append(subprocess.Popen(words[:-1], env=environment))
                else:
                    good = run(words, environment, expected) and good
        finally:
            for process in reversed(background):
                process.terminate()
                process.wait(30)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
