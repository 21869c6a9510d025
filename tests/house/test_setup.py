"""The set-up: what is there costs nothing, and what it cannot do itself it says in one line."""

import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Whatever tries to reach the network ends up at a port where nobody listens.
DEAD_PROXY = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")

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


def run_setup(fresh: pathlib.Path, which: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run([*UNPRIVILEGED, "scripts/setup", which], cwd=fresh / "tree", text=True, capture_output=True,
                          env={"PATH": f"{fresh}/bin:{os.environ['PATH']}", "HOME": str(fresh), "STAGES": "3",
                               **environment},
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


def test_bench_asks_for_what_its_peers_need_and_for_no_test_tools(fresh):
    program(fresh, "dpkg-query", "exit 1")
    program(fresh, "sudo", "exit 1")
    wanted = set(run_setup(fresh, "bench").stderr.splitlines()[-1].split())
    assert {"libbenchmark-dev", "python3-venv", "python3-celery", "wrk"} <= wanted
    assert not {"libgtest-dev", "libgmock-dev", "postgresql", "python3-pytest", "clang-tidy-19"} & wanted


def test_benchmarks_need_no_test_library(tmp_path):
    environment = {"CARGO_HOME": str(ROOT / ".cache" / "cargo"), **os.environ}
    for command in (["cmake", "--preset", "release", "-B", tmp_path, "-DLOCALTEA_BENCH=ON", "-DLOCALTEA_TESTS=OFF",
                     "-DCMAKE_DISABLE_FIND_PACKAGE_GTest=ON"], ["ninja", "-C", tmp_path, "-n", "benchmarks"]):
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=200, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    assert "gtest" not in done.stdout


@pytest.mark.parametrize(("target", "told"), [("install", "run make build first"), ("format", "scripts/setup test")])
def test_a_target_that_needs_another_first_names_it(tmp_path, target, told):
    (tmp_path / "Makefile").symlink_to(ROOT / "Makefile")
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "bin").mkdir()
    for tool in ("make", "bash", "dirname", "cat"):
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool))
    done = subprocess.run(["make", target], cwd=tmp_path, env={"PATH": str(tmp_path / "bin")}, capture_output=True,
                          text=True, stdin=subprocess.DEVNULL, timeout=60, check=False)
    assert done.returncode == 2 and told in done.stderr, done


@pytest.mark.parametrize(("release", "boost"), [("12", "libboost1.81-dev"), ("13", "libboost-dev"), ("", "libboost-dev")])
def test_each_release_is_asked_for_the_names_that_it_has(fresh, release, boost):
    program(fresh, "dpkg-query", "exit 1")
    program(fresh, "sudo", "exit 1")
    (fresh / "os-release").write_text(f"VERSION_ID={release}\n")
    wanted = run_setup(fresh, "run", OS_RELEASE=str(fresh / "os-release")).stderr.splitlines()[-1].split()
    assert [name for name in wanted if name.startswith("libboost")] == \
        sorted([boost, boost.replace("boost", "boost-url", 1)])


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
