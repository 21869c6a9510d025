"""`make install` gives others a library that find_package finds and that carries nothing of this tree."""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]

PROJECT = """
cmake_minimum_required(VERSION 3.25)
project(user CXX)
find_package(samovar 0.1 REQUIRED)
add_executable(hello {source})
target_compile_features(hello PRIVATE cxx_std_20)
target_link_libraries(hello PRIVATE samovar::samovar)
"""


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_first_example_builds_against_the_installed_library(tmp_path):
    prefix, project = tmp_path / "prefix", tmp_path / "project"
    run("cmake", "--install", ROOT / "build" / "release", "--prefix", prefix)
    project.mkdir()
    (project / "hello.cpp").write_text((ROOT / "examples" / "01_hello.cpp").read_text())
    (project / "CMakeLists.txt").write_text(PROJECT.format(source="hello.cpp"))
    run("cmake", "-G", "Ninja", "-S", project, "-B", project / "build", "-DCMAKE_CXX_COMPILER=clang++-19",
        f"-DCMAKE_PREFIX_PATH={prefix}")
    run("cmake", "--build", project / "build")
    assert "worker" in run(project / "build" / "hello", "--help")
    assert "up" in run(prefix / "bin" / "localtea", "--help")
    package = "".join(path.read_text() for path in prefix.rglob("samovar*.cmake"))
    assert str(ROOT) not in package
    assert not list((prefix / "include").rglob("redis"))
