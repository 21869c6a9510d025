"""Samovar for others: installed or as a folder of their project, by CMake and by pkg-config, static and shared, with
every compiler of this machine that will do."""

import fcntl
import os
import pathlib
import re
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
RELEASE = ROOT / "build" / "release"
# Stays from run to run: a folder's engine is compiled once.
FOLDER = ROOT / "build" / "consumer"
VERSION = re.search(r'SAMOVAR_VERSION "(.*)"', (ROOT / "samovar/include/samovar/version.hpp").read_text())[1]

# Sets no standard and no compiler: the target brings what it needs.
PROJECT = """
cmake_minimum_required(VERSION 3.25)
project(user CXX)
{how}
add_executable(hello hello.cpp)
target_link_libraries(hello PRIVATE samovar::samovar)
"""


def run(*command, timeout=200, **environment):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=timeout, check=False,
                          env={**os.environ, **environment})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def built_with():
    found, = RELEASE.glob("CMakeFiles/*/CMakeCXXCompiler.cmake")
    return re.search(r'set\(CMAKE_CXX_COMPILER "(.*)"\)', found.read_text())[1]


def compilers():
    """What the engine was built with, and each g++ that compiles coroutines correctly. A machine without one has no
    such test: it does not pass, it is not there."""
    for name in ("g++", *(f"g++-{version}" for version in range(13, 20))):
        path = shutil.which(name)
        if path and int(run(path, "-dumpversion").split(".")[0]) >= 13:
            yield pytest.param(path, id=name)
    yield pytest.param(built_with(), id=pathlib.Path(built_with()).name)


def write_project(folder, how):
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("hello.cpp", (ROOT / "examples" / "01_hello.cpp").read_text()),
                       ("CMakeLists.txt", PROJECT.format(how=how))):
        path = folder / name
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
    return folder


def expect_hello(program, **environment):
    assert "worker" in run(program, "--help", **environment)


@pytest.fixture(scope="module")
def static_prefix(tmp_path_factory):
    prefix = tmp_path_factory.mktemp("static")
    run("cmake", "--install", RELEASE, "--prefix", prefix, "--component", "samovar")
    return prefix


@pytest.fixture(scope="module")
def shared_prefix(tmp_path_factory):
    """A project that has the engine as a folder of its own, built and installed, with a shared library."""
    prefix = tmp_path_factory.mktemp("shared")
    project = write_project(FOLDER, f"add_subdirectory({ROOT}/samovar samovar)")
    with open(FOLDER / "lock", "w", encoding="ascii") as lock:
        # The tests run in several processes, and the first has it compiled, which takes minutes the first time.
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Neither optimised nor debugged: what is tried here is how it is put together.
        run("cmake", "-G", "Ninja", "-S", project, "-B", project / "build", f"-DCMAKE_CXX_COMPILER={built_with()}",
            "-DCMAKE_CXX_FLAGS=-O0", "-DBUILD_SHARED_LIBS=ON", "-DSAMOVAR_INSTALL=ON", "-DLOCALTEA_UNITY=ON")
        run("cmake", "--build", project / "build", timeout=1500)
        run("cmake", "--install", project / "build", "--prefix", prefix)
    return prefix


@pytest.fixture
def prefix(request):
    return request.getfixturevalue(request.param)


kinds = pytest.mark.parametrize("prefix", [pytest.param("static_prefix", id="static"),
                                           pytest.param("shared_prefix", id="shared")], indirect=True)
pytestmark = pytest.mark.timeout(1800)


@kinds
@pytest.mark.parametrize("compiler", compilers())
def test_found_by_cmake(tmp_path, prefix, compiler):
    project = write_project(tmp_path / "project", "find_package(samovar 0.1 REQUIRED)")
    said = run("cmake", "-G", "Ninja", "-S", project, "-B", project / "build", f"-DCMAKE_CXX_COMPILER={compiler}",
               f"-DCMAKE_PREFIX_PATH={prefix}")
    assert "Warning" not in said
    run("cmake", "--build", project / "build")
    expect_hello(project / "build" / "hello")


@kinds
@pytest.mark.parametrize("compiler", compilers())
def test_found_by_pkg_config(tmp_path, prefix, compiler):
    folder = prefix / "lib" / "pkgconfig"
    flags = run("pkg-config", "--cflags", "--libs", "samovar", PKG_CONFIG_PATH=str(folder)).split()
    assert run("pkg-config", "--modversion", "samovar", PKG_CONFIG_PATH=str(folder)).strip() == VERSION
    run(compiler, "-std=c++20", ROOT / "examples" / "01_hello.cpp", "-o", tmp_path / "hello", *flags)
    expect_hello(tmp_path / "hello", LD_LIBRARY_PATH=str(prefix / "lib"))


def test_added_as_a_folder(shared_prefix):
    del shared_prefix
    expect_hello(FOLDER / "build" / "hello")


def files(prefix):
    return {str(path.relative_to(prefix)) for path in prefix.rglob("*") if not path.is_dir()}


def test_library_alone_brings_no_program_and_nothing_internal(static_prefix):
    installed = files(static_prefix)
    assert {"lib/libsamovar.a", "lib/pkgconfig/samovar.pc", "share/doc/samovar/LICENSE",
            "include/samovar/version.hpp", "include/samovar/value.hpp"} <= installed
    assert {name.split("/")[0] for name in installed} == {"include", "lib", "share"}
    assert {name.split("/")[1] for name in installed if name.startswith("include/")} == {"samovar"}
    assert [name for name in installed if name.endswith(".a")] == ["lib/libsamovar.a"]
    package = "".join(path.read_text() for path in (static_prefix / "lib").rglob("samovar*.[cp][mc]*"))
    assert package and str(ROOT) not in package


def test_shared_library_has_a_soname_of_its_minor_version_and_hides_what_is_not_ours(shared_prefix):
    library = shared_prefix / "lib" / "libsamovar.so"
    minor = ".".join(VERSION.split(".")[:2])
    assert f"[libsamovar.so.{minor}]" in run("readelf", "-d", library)
    symbols = run("nm", "-D", "--defined-only", "-C", library)
    assert "samovar::App::App(" in symbols
    for hidden in ("CLI::", "rapidjson::", "spdlog::", "fmt::v"):
        assert not re.search(rf"^\S+ \w {hidden}", symbols, re.MULTILINE), hidden


def test_programs_are_components_of_their_own(tmp_path, shared_prefix):
    for component, name in (("samovar-program", "samovar"), ("localtea", "localtea")):
        prefix = tmp_path / component
        run("cmake", "--install", RELEASE, "--prefix", prefix, "--component", component)
        assert files(prefix) == {f"bin/{name}", f"share/doc/{component}/LICENSE"}
        assert "inspect" in run(prefix / "bin" / name, "--help")
    # The one beside a shared library finds it without being told.
    assert run(shared_prefix / "bin" / "samovar", "--version").strip() == f"samovar {VERSION}"


def test_engine_is_configured_without_what_the_rest_needs(tmp_path):
    """No PostgreSQL, SQLite, libcurl, libsodium, Prometheus, cargo: neither asked for nor linked."""
    run("cmake", "-G", "Ninja", "-S", ROOT / "samovar", "-B", tmp_path, f"-DCMAKE_CXX_COMPILER={built_with()}",
        PATH="/usr/bin:/bin", CARGO_HOME="/nonexistent")
    rules = (tmp_path / "build.ninja").read_text().lower()
    for name in ("libpq", "sqlite", "libcurl", "sodium", "prometheus", "cargo", "localtea/", "web/src"):
        assert name not in rules.replace(str(ROOT).lower(), ""), name
    tests = run("ctest", "--test-dir", tmp_path, "-N")
    assert "samovar_task_unit" in tests and "example_01_hello" in tests
