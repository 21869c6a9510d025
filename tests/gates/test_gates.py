"""Each gate finds what it is there to find: it runs on a small tree with one thing planted."""

import pathlib
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "scripts"

LAYERS = """
module samovar/core   samovar/src/core   ->
module samovar/redis  samovar/src/redis  -> samovar/core
module samovar/broker samovar/src/broker -> samovar/redis samovar/core
module localtea/jobs  localtea/jobs      -> <samovar>
public samovar/core   value.hpp
public samovar/broker app.hpp
"""


@pytest.fixture
def tree(tmp_path):
    """tree(files) writes {path: text} beside a table of layers."""

    def write(files: dict[str, str]) -> pathlib.Path:
        for path, text in {"scripts/layers.txt": LAYERS, "scripts/exceptions.txt": "", **files}.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, encoding="utf-8")
        return tmp_path

    return write


def gate(name: str, root: pathlib.Path, *options: str) -> tuple[int, str]:
    command = [sys.executable, SCRIPTS / f"{name}.py", "--root", root, *options]
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return result.returncode, result.stdout


def finds(name: str, root: pathlib.Path, text: str) -> None:
    status, output = gate(name, root)
    assert (status, text in output) == (1, True), output


def passes(name: str, root: pathlib.Path) -> None:
    status, output = gate(name, root)
    assert (status, output) == (0, "")


HPP = "#pragma once\n"
HEADERS = {
    "samovar/src/redis/url.hpp": HPP,
    "samovar/src/broker/keys.hpp": HPP,
    "samovar/include/samovar/value.hpp": HPP,
    "samovar/include/samovar/app.hpp": HPP,
}


@pytest.mark.parametrize(
    ("path", "include", "finding"),
    [
        ("samovar/src/redis/a.cpp", '#include "broker/keys.hpp"', "samovar/redis may not include"),
        ("samovar/src/core/a.cpp", '#include "redis/url.hpp"', "samovar/core may not include"),
        ("samovar/src/redis/a.cpp", "#include <samovar/app.hpp>", "samovar/redis may not include"),
        ("samovar/src/redis/a.cpp", '#  include "../broker/keys.hpp"', "samovar/redis may not include"),
        ("localtea/jobs/a.cpp", '#include "redis/url.hpp"', "localtea/jobs may not include"),
        ("localtea/jobs/a.cpp", "#include <samovar/unheard_of.hpp>", "does not say which module"),
        ("samovar/src/broker/a.cpp", '#include "boost/asio.hpp"', "is no file of the project"),
        ("samovar/src/newcomer/a.cpp", "", "belongs to no module"),
        ("samovar/include/samovar/stray.hpp", "", "belongs to no module"),
    ],
)
def test_layers_finds_a_forbidden_include(tree, path, include, finding):
    finds("check_layers", tree({**HEADERS, path: include + "\n"}), finding)


def test_layers_lets_through_what_the_table_lists(tree):
    passes("check_layers", tree({
        **HEADERS,
        "samovar/src/broker/a.cpp": '#include "broker/keys.hpp"\n#include "redis/url.hpp"\n#include <samovar/value.hpp>\n'
                                    '#include "embedded/scripts.hpp"\n#include <vector>\n',
        "localtea/jobs/a.cpp": "#include <samovar/app.hpp>\n",
    }))


def test_layers_refuses_a_table_with_an_unknown_name(tree):
    status, output = gate("check_layers", tree({"scripts/layers.txt": "module a b -> c\n"}))
    assert (status, "unknown module c" in output) == (1, True), output


def test_sizes_finds_a_long_file(tree):
    finds("check_sizes", tree({"samovar/src/core/a.cpp": "int x;\n" * 401}), "401 lines")
    passes("check_sizes", tree({"samovar/src/core/a.cpp": "int x;\n" * 400}))


@pytest.mark.parametrize(
    ("path", "head", "line", "tail"),
    [
        ("samovar/src/core/a.cpp", "int f(int x) {\n", "    ++x;\n", "    return x;\n}\n"),
        ("samovar/src/core/a.cpp", "struct S {\n    void f(int x) const {\n", "    ++x;\n", "    }\n};\n"),
        ("scripts/a.py", "def f(x):\n", "    x += 1\n", "    return x\n"),
    ],
)
def test_sizes_finds_a_long_function(tree, path, head, line, tail):
    finds("check_sizes", tree({path: head + line * 60 + tail}), "make a function")
    passes("check_sizes", tree({path: head + line * 55 + tail}))


@pytest.mark.parametrize(
    ("path", "line", "rule"),
    [
        ("samovar/src/core/a.cpp", "// TODO: later", "unfinished"),
        ("scripts/a.py", "# FIXME", "unfinished"),
        ("samovar/tests/unit/core/a_test.cpp", "TEST(Url, DISABLED_reads) {}", "disabled"),
        ("samovar/tests/unit/core/a_test.cpp", "    GTEST_SKIP();", "disabled"),
        ("tests/fault/test_a.py", "@pytest.mark.skip", "disabled"),
        ("samovar/tests/unit/core/a_test.cpp", "// TEST(Url, reads_a_port) {", "commented-out"),
        ("samovar/tests/unit/core/a_test.cpp", "#if 0", "commented-out"),
        ("tests/fault/test_a.py", "# def test_kill():", "commented-out"),
        ("samovar/src/core/a.cpp", "auto t = std::chrono::system_clock::now();", "clock"),
        ("localtea/domain/a.cpp", "auto t = steady_clock::now();", "clock"),
        ("localtea/domain/a.cpp", "auto t = std::time(nullptr);", "clock"),
        ("samovar/tests/unit/core/a_test.cpp", "std::this_thread::sleep_for(1s);", "sleep"),
        ("tests/fault/test_a.py", "    time.sleep(1)", "sleep"),
        ("localtea/domain/a.cpp", 'std::string path = "/home/someone/file";', "machine"),
        ("scripts/a", "cd /root/project", "machine"),
    ],
)
def test_words_finds(tree, path, line, rule):
    finds("check_words", tree({path: line + "\n"}), f"[{rule}]")


@pytest.mark.parametrize(
    ("path", "line", "told"),
    [
        ("samovar/tests/unit/core/a_test.cpp", "TEST(Url, ReadsAPort) {}", "ReadsAPort"),
        ("samovar/src/core/a.hpp", "    struct State;", "Impl"),
        ("docs/decisions/001-a.md", "# 001. a heading", "# 001: "),
        ("docs/decisions/001-a.md", "# 002: Another number", "# 001: "),
    ],
)
def test_names_finds(tree, path, line, told):
    finds("check_names", tree({path: line + "\n"}), told)


def test_names_passes(tree):
    passes("check_names", tree({"samovar/tests/unit/core/a_test.cpp": "TEST(Url, reads_a_port) {}\n",
                                "samovar/src/core/a.hpp": "    struct Impl;\n",
                                "docs/decisions/001-a.md": "# 001: A heading\n"}))


def test_words_honours_an_exception_with_a_reason_and_only_while_it_is_needed(tree):
    source = {"samovar/src/core/a.cpp": "auto t = steady_clock::now();\n"}
    exception = {"scripts/exceptions.txt": "clock samovar/src/core/a.cpp it is the clock\n"}
    passes("check_words", tree({**source, **exception}))
    finds("check_words", tree({"samovar/src/core/a.cpp": "", **exception}), "no longer needed")


def test_words_refuses_an_exception_without_a_reason(tree):
    status, output = gate("check_words", tree({"scripts/exceptions.txt": "clock samovar/src/core/a.cpp\n"}))
    assert (status, "needs RULE PATH REASON" in output) == (1, True), output


def test_headers_finds_a_26th_public_header(tree):
    headers = {f"samovar/include/samovar/h{n}.hpp": HPP for n in range(25)}
    passes("check_headers", tree(headers))
    finds("check_headers", tree({"samovar/include/samovar/one_more.hpp": HPP}), "26 public headers")


@pytest.mark.parametrize("header", ["boost/asio/ip/tcp.hpp", "rapidjson/document.h", "spdlog/spdlog.h", "sqlite3.h"])
def test_headers_finds_a_heavy_include(tree, header):
    finds("check_headers", tree({"samovar/src/core/a.hpp": f"{HPP}#include <{header}>\n"}), "belongs into .cpp files")
    passes("check_headers", tree({"samovar/src/core/a.hpp": HPP, "samovar/src/core/a.cpp": f"#include <{header}>\n"}))


def test_headers_lets_implementation_headers_be_heavy_but_only_cpp_files_include_them(tree):
    heavy = {"web/src/detail/asio/loop.hpp": f"{HPP}#include <boost/asio/io_context.hpp>\n"}
    passes("check_headers", tree({**heavy, "web/src/a.cpp": '#include "detail/asio/loop.hpp"\n'}))
    finds("check_headers", tree({"web/src/a.hpp": f'{HPP}#include "detail/asio/loop.hpp"\n'}), "belongs into .cpp files")


def test_headers_finds_a_missing_guard(tree):
    finds("check_headers", tree({"samovar/src/core/a.hpp": "int x;\n"}), "no #pragma once")


@pytest.mark.parametrize("definition", ["int bad(int a) {", "[[noreturn]] void bad(const std::string& a,", "struct bad {",
                                        "constexpr int bad = 1;", "std::vector<int> bad() { return {}; }"])
def test_private_names_finds_a_name_that_two_files_of_a_module_give(tree, definition):
    first = "namespace {\n\nint bad(char a) {\n}\n\n}  // namespace\n"
    second = f"namespace {{\n\n{definition}\n}}\n\n}}  // namespace\n"
    finds("check_private_names", tree({"web/src/a.cpp": first, "web/src/b.cpp": second}), "web/src/a.cpp has a private bad")


def test_private_names_lets_other_modules_and_public_names_be(tree):
    private = "namespace {\n\nint bad(char a) {\n}\n\n}  // namespace\n"
    passes("check_private_names", tree({"web/src/a.cpp": private, "localtea/db/a.cpp": private,
                                        "web/src/b.cpp": "int bad(char a) {\n    return bad(a);\n}\n"}))


PAGE = "# Page\n\n<!-- file: examples/01_hello.cpp -->\n\n```cpp\nint main() {}\n```\n"


def test_snippets_finds_text_that_differs_from_the_compiled_file(tree):
    passes("check_snippets", tree({"README.md": PAGE, "examples/01_hello.cpp": "int main() {}\n"}))
    finds("check_snippets", tree({"examples/01_hello.cpp": "int main() { return 1; }\n"}), "differs")


def test_snippets_finds_code_that_nobody_compiles(tree):
    finds("check_snippets", tree({"README.md": "```cpp\nint x;\n```\n"}), "never compiled")
    finds("check_snippets", tree({"README.md": PAGE}), "does not exist")


def test_diagram_finds_an_outdated_document(tree):
    page = "<!-- generated by scripts/layers_diagram.py --write -->\nold\n<!-- end -->\n"
    root = tree({"docs/architecture.md": page})
    finds("layers_diagram", root, "differs from scripts/layers.txt")
    assert gate("layers_diagram", root, "--write")[0] == 0
    passes("layers_diagram", root)


CMAKE = """
cmake_minimum_required(VERSION 3.25)
project(small CXX)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
enable_testing()
add_executable(core_unit samovar/tests/url_test.cpp)
{test}
"""


def configured(tree, files: dict[str, str], test: str) -> pathlib.Path:
    root = tree({"samovar/tests/url_test.cpp": "int main() {}\n", "CMakeLists.txt": CMAKE.format(test=test), **files})
    subprocess.run(["cmake", "-G", "Ninja", "-DCMAKE_CXX_COMPILER=clang++-19", "-S", root, "-B",
                    root / "build" / "release"], check=True, capture_output=True)
    return root


ADD_TEST = "add_test(NAME core_unit COMMAND core_unit)"


def test_registered_finds_a_test_file_that_is_compiled_into_nothing(tree):
    root = configured(tree, {"samovar/tests/forgotten_test.cpp": "int x;\n"}, ADD_TEST)
    finds("check_registered", root, "forgotten_test.cpp:1: is compiled into nothing")


def test_registered_finds_a_test_program_that_ctest_does_not_run(tree):
    finds("check_registered", configured(tree, {}, ""), "which ctest does not run")
    root = configured(tree, {}, ADD_TEST)
    subprocess.run(["cmake", "--build", root / "build" / "release"], check=True, capture_output=True)
    passes("check_registered", root)


def test_detached_finds_a_coroutine_whose_end_nobody_sees(tree):
    code = "#include <boost/asio/detached.hpp>\nvoid go() { asio::co_spawn(loop, run(), asio::detached); }\n"
    root = tree({"samovar/src/core/role.cpp": code})
    finds("check_detached", root, "samovar/src/core/role.cpp:2: starts a coroutine whose end nobody sees")


def test_detached_lets_tests_examples_and_words_be(tree):
    code = "auto token = asio::detached;\n"
    passes("check_detached", tree({"samovar/tests/unit/a.cpp": code, "examples/01_a.cpp": code, "bench/a.cpp": code,
                                   "web/src/a.cpp": "// is not detached from its owner\n"}))


def test_tidy_finds_a_bug_forgets_nothing_and_remembers_what_passed(tree):
    shutil.copy(ROOT / ".clang-tidy", tree({}))
    bug = "int main(int argc, char**) {\n    if (argc = 2) return 1;\n    return 0;\n}\n"
    root = configured(tree, {"samovar/tests/url_test.cpp": bug}, ADD_TEST)
    finds("check_tidy", root, "bugprone-assignment-in-if-condition")
    finds("check_tidy", root, "bugprone-assignment-in-if-condition")
    root = configured(tree, {"samovar/tests/url_test.cpp": "int main() {}\n"}, ADD_TEST)
    passes("check_tidy", root)
    assert len(list((root / ".cache" / "tidy").iterdir())) == 1
    passes("check_tidy", root)
