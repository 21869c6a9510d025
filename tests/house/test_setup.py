"""The set-up: what is there costs nothing, and what it cannot do itself it says in one line."""

import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Whatever tries to reach the network ends up at a port where nobody listens.
DEAD_PROXY = {name: "http://127.0.0.1:9" for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")}

# As somebody else when the tests run as root, since the set-up would then install for real.
UNPRIVILEGED = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []


def test_second_run_makes_no_network_call():
    environment = {"CARGO_HOME": str(ROOT / ".cache" / "cargo"), **os.environ, **DEAD_PROXY}
    result = subprocess.run(["scripts/setup", "test"], cwd=ROOT, env=environment, capture_output=True, text=True,
                            stdin=subprocess.DEVNULL, timeout=60, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "packages are installed" in result.stdout
    assert "fetching" not in result.stdout


@pytest.fixture
def fresh():
    """A tree with the scripts alone, and a folder for programs that stand in front of the machine's own. Outside
    pytest's own folder, which only its owner may enter."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        shutil.copytree(ROOT / "scripts", folder / "tree" / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "bin").mkdir()
        for path in (folder, folder / "tree"):
            path.chmod(0o777)
        yield folder


def program(fresh: pathlib.Path, name: str, text: str) -> None:
    path = fresh / "bin" / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def run_setup(fresh: pathlib.Path, which: str) -> subprocess.CompletedProcess:
    return subprocess.run([*UNPRIVILEGED, "scripts/setup", which], cwd=fresh / "tree", text=True, capture_output=True,
                          env={"PATH": f"{fresh}/bin:{os.environ['PATH']}", "HOME": str(fresh), "STAGES": "3"},
                          stdin=subprocess.DEVNULL, timeout=60, check=False)


MISSING_REDIS = 'case "$*" in *redis-server*) exit 1 ;; *) echo installed ;; esac'


def test_without_a_way_to_become_root_it_prints_the_one_apt_line(fresh):
    program(fresh, "dpkg-query", MISSING_REDIS)
    program(fresh, "sudo", "exit 1")
    result = run_setup(fresh, "run")
    assert result.returncode == 2
    assert result.stderr.splitlines()[-1].strip() == \
        "apt-get update && apt-get install -y --no-install-recommends redis-server"


def test_run_asks_for_no_test_tools(fresh):
    program(fresh, "dpkg-query", "exit 1")
    program(fresh, "sudo", "exit 1")
    wanted = run_setup(fresh, "run").stderr.splitlines()[-1].split()
    assert "clang-19" in wanted
    assert not {"postgresql", "libgtest-dev", "python3-pytest", "chromium", "clang-tidy-19"} & set(wanted)
    assert {"postgresql", "libgtest-dev", "python3-pytest"} <= set(run_setup(fresh, "test").stderr.splitlines()[-1].split())


def test_only_what_is_missing_is_installed_and_through_sudo(fresh):
    program(fresh, "dpkg-query", MISSING_REDIS)
    program(fresh, "sudo", f'printf "%s\\n" "$*" >>"{fresh}/sudo.log"')
    (fresh / "sudo.log").write_text("")
    (fresh / "sudo.log").chmod(0o666)
    run_setup(fresh, "run")
    assert (fresh / "sudo.log").read_text().splitlines() == ["-n true", "-n scripts/install_packages redis-server"]


def test_half_configured_package_counts_as_missing(fresh):
    program(fresh, "dpkg-query", 'case "$*" in *redis-server*) echo half-configured ;; *) echo installed ;; esac')
    program(fresh, "sudo", "exit 1")
    assert run_setup(fresh, "run").stderr.splitlines()[-1].endswith(" redis-server")


def test_folder_that_cannot_be_written_is_named(fresh):
    program(fresh, "dpkg-query", "echo installed")
    (fresh / "tree").chmod(0o555)
    result = run_setup(fresh, "run")
    (fresh / "tree").chmod(0o777)
    # The owner of a folder may not write to it either once its mode says so.
    assert result.returncode == 2
    assert f"{fresh / 'tree'} is not writable" in result.stderr
