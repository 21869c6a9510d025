"""`localtea up` as a new user meets it, and as it behaves when parts of it die."""

import os
import re
import signal
import socket
import subprocess

import pytest

from harness.process import Process
from harness.redis_server import RedisServer, free_port
from harness.shop import PASSWORD, PROGRAM, Up, address_of, path_of
from harness.waiting import eventually

PARTS = {"redis-server", "api", "worker", "beat"}


@pytest.fixture
def start_up(tmp_path, closing):
    def start(**options):
        return closing(Up(tmp_path, **options))

    return start


@pytest.fixture
def up(start_up):
    return start_up().wait_ready()


def refused(tmp_path, *arguments, **environment):
    """Runs an `up` that cannot start; returns its exit code and what it wrote to stderr."""
    ended = subprocess.run([PROGRAM, "up", *map(str, arguments)], cwd=tmp_path, text=True, capture_output=True,
                           timeout=60, stdin=subprocess.DEVNULL, check=False,
                           env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), **environment})
    return ended.returncode, ended.stderr


def confirm(client, name):
    """Follows the mail's link as a browser does and presses the button; returns the token."""
    link = client.confirmation_link(name)
    led = client.get(path_of(link))
    assert led.status == 303
    page = client.get(path_of(led.headers["location"]))
    assert page.status == 200
    action = re.search(r'<form method="post" action="([^"]+)"><button', page.text)[1]
    assert client.log_in(name).status == 403, "looking at the page confirmed the address"
    done = client.post(action, headers={"Accept": "text/html"})
    assert done.status == 200
    return link.rpartition("=")[2]


def test_a_customer_registers_confirms_and_logs_in_and_no_log_tells_who(up):
    client = up.client
    registered = client.register("boris")
    assert registered.status == 200
    assert registered.json["is_email_confirmed"] is False
    token = confirm(client, "boris")
    login = client.log_in("boris")
    profile = client.profile(login.json["access_token"], login.cookies["csrf_token"])
    assert profile.status == 200
    assert profile.json["email"] == address_of("boris")
    assert profile.json["is_email_confirmed"] is True
    assert up.process.terminate() == 0
    for secret in (address_of("boris"), PASSWORD, token, login.json["access_token"], *login.cookies.values(), "token=", "?"):
        assert secret not in logged(up), f"the log tells {secret!r}"
    assert (up.data / "redis").stat().st_mode & 0o777 == 0o700
    for file in ("secret_key", "csrf_secret_key", "redis_password"):
        path = up.data / file
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.read_text().strip() not in up.process.text


def logged(up):
    """Everything but Redis's own lines, which are none of ours."""
    return "\n".join(line for line in up.process.lines if not re.match(r"\d+:", line))


def test_a_second_one_on_the_folder_is_told_process_and_address_of_the_first(up, tmp_path):
    code, told = refused(tmp_path, "--port", free_port(), "--data", up.data)
    assert code == 1
    assert f"process {up.process.pid} at {up.client.address}" in told
    assert up.client.ready()


def test_a_busy_port_is_refused_before_anything_starts(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code, told = refused(tmp_path, "--port", port, "--data", tmp_path / "data")
    assert code == 1
    assert f"port {port}" in told and "--port" in told
    assert not (tmp_path / "data" / "redis").exists()


@pytest.mark.parametrize("arguments", [["--port", "0"], ["--port", "tea"], ["--beat"]])
def test_bad_usage_exits_2(tmp_path, arguments):
    assert refused(tmp_path, *arguments)[0] == 2


def test_a_wrong_configuration_names_the_variable_and_exits_2(tmp_path):
    code, told = refused(tmp_path, "--port", free_port(), "--data", tmp_path / "data", SECRET_KEY="short")
    assert code == 2
    assert "SECRET_KEY must be at least 32 bytes" in told


def test_without_redis_server_one_line_says_what_to_install(tmp_path):
    code, told = refused(tmp_path, "--port", free_port(), "--data", tmp_path / "data", PATH=str(tmp_path))
    assert code == 1
    assert "apt install redis-server" in told
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize("part", sorted(PARTS))
def test_a_part_that_is_killed_is_started_again_and_works(up, part):
    before = up.children()
    assert set(before) == PARTS
    os.kill(before[part], signal.SIGKILL)
    eventually(lambda: up.children().get(part, before[part]) != before[part], f"another {part}")
    eventually(up.client.ready, "the shop")
    assert up.client.register("after").status == 200
    # Longer than the lease of a worker that died.
    up.client.confirmation_link("after", timeout=45)


def test_killed_itself_it_takes_everything_along_and_the_next_one_has_the_data(up, start_up):
    client = up.client
    assert client.register("vera").status == 200
    confirm(client, "vera")
    pids = list(up.children().values())
    up.process.kill()
    up.wait_gone(pids)
    again = start_up().wait_ready()
    assert again.client.log_in("vera").status == 200
    assert again.client.register("galina").status == 200
    again.client.confirmation_link("galina")


def test_terminated_it_stops_everything_and_says_so(up):
    pids = list(up.children().values())
    assert up.process.terminate() == 0
    up.wait_gone(pids)
    for part in ("beat", "worker", "api", "redis"):
        assert f"{part} stopped" in up.process.text
    assert up.process.text.index("api stopped") < up.process.text.index("redis stopped")


def test_asked_twice_it_waits_no_longer_for_its_programs_but_still_for_redis(up):
    pids = up.children()
    # It can neither finish its work nor end.
    os.kill(pids["worker"], signal.SIGSTOP)
    up.process.signal(signal.SIGTERM)
    up.process.wait_line("api stopped")
    assert up.process.running()
    up.process.signal(signal.SIGTERM)
    assert up.process.wait() == 130
    up.wait_gone(pids.values())
    assert "worker is killed" in up.process.text
    assert "redis is killed" not in up.process.text


def test_the_redis_of_one_that_crashed_is_stopped_first(up, start_up, closing):
    up.process.terminate()
    orphan = closing(Process(["redis-server", up.data / "redis" / "redis.conf"]))
    eventually((up.data / "redis.sock").exists, "the orphan's socket")
    again = start_up().wait_ready()
    assert "it is stopped first" in again.process.text
    assert orphan.wait() == 0


def test_somebody_elses_redis_on_the_socket_is_left_alone(tmp_path, closing):
    data = tmp_path / "data"
    data.mkdir()
    stranger = closing(RedisServer(tmp_path / "other", options=("--unixsocket", str(data / "redis.sock"))))
    code, told = refused(tmp_path, "--port", free_port(), "--data", data)
    assert code == 1
    assert "is not this shop's Redis" in told
    assert stranger.client.ping()


def test_a_redis_from_outside_is_used_and_named_loudly(start_up, redis_server):
    up = start_up(REDIS_URL=redis_server.url).wait_ready()
    assert set(up.children()) == {"api", "worker", "beat"}
    assert "REDIS_URL IS SET" in up.process.text
    assert f"127.0.0.1:{redis_server.port}" in up.process.text
    assert up.client.register("dina").status == 200
    up.client.confirmation_link("dina")
    assert up.process.terminate() == 0
    assert redis_server.client.ping()


def staff(folder, *arguments, **environment):
    """A command of the staff, run in that folder with no other variables."""
    return subprocess.run([PROGRAM, *map(str, arguments)], cwd=folder, text=True, capture_output=True, timeout=60,
                          stdin=subprocess.DEVNULL, check=False,
                          env={"PATH": os.environ["PATH"], "HOME": str(folder), **environment})


STAFF = [["orders", "list"], ["seed"], ["migrate"], ["dead", "list"], ["delayed", "list"], ["inspect", "stats"],
         ["status"], ["beat", "list"], ["call", "backend.worker.test_celery", "--args", '["tea"]', "--wait"]]


def test_the_staff_s_commands_find_the_data_of_a_running_up(up, tmp_path):
    (tmp_path / "var").symlink_to(up.data)
    for command in STAFF:
        by_default, by_option = staff(tmp_path, *command), staff(tmp_path / "data", *command, "--data", up.data)
        for done in (by_default, by_option):
            assert done.returncode == 0, done
            assert f"using the data of localtea up ({up.client.address})" in done.stderr, done
    assert "test task return tea" in by_default.stdout
    other = f"sqlite:///{tmp_path}/other.db"
    given = staff(tmp_path, "migrate", "--data", up.data, DATABASE_URL=other)
    assert "other.db" in given.stdout and given.stderr == "DATABASE_URL is set and wins over --data\n", given
    up.process.terminate()
    refused = staff(tmp_path, "dead", "list")
    assert (refused.returncode, refused.stdout, len(refused.stderr.splitlines())) == (2, "", 1), refused
    assert f"localtea up is not running on {tmp_path}/var: start it there, name its folder with --data DIR" in refused.stderr
    assert staff(tmp_path, "orders", "list").returncode == 0, "the database is there without it"
    for command, variable in ((["orders", "list"], "DATABASE_URL"), (["dead", "list"], "REDIS_URL")):
        nowhere = staff(tmp_path, *command, "--data", "nowhere")
        assert nowhere.returncode == 2 and len(nowhere.stderr.splitlines()) == 1, nowhere
        assert "no localtea up has run on" in nowhere.stderr and variable in nowhere.stderr


def test_the_staff_is_told_when_up_itself_was_given_its_store(start_up, tmp_path, redis_server):
    up = start_up(REDIS_URL=redis_server.url).wait_ready()
    told = staff(tmp_path, "dead", "list", "--data", up.data)
    assert told.returncode == 2 and "was given its REDIS_URL" in told.stderr, told
    assert staff(tmp_path, "dead", "list", "--data", up.data, REDIS_URL=redis_server.url).returncode == 0


@pytest.mark.parametrize(("line", "told"), [
    (["api", "--port", "tea"], "localtea api: --port must be a whole number from 0 to 65535, not 'tea'"),
    (["up", "--port", "0"], "localtea up: --port must be a whole number from 1 to 65535, not '0'"),
    (["orders"], "localtea orders: one of list, ship, ready, deliver is needed"),
    (["orders", "brew"], "localtea orders: there is no 'brew', only list, ship, ready, deliver"),
    (["orders", "ship", "seven", "--tracking", "1"], "ID must be a whole number from 1 on, not 'seven'"),
    (["orders", "list", "--status", "brewing"], "--status must be one of awaiting_payment, paid,"),
    (["migrate", "--now"], "localtea migrate: there is no option --now"),
    (["seed", "tea"], "localtea seed: 'tea' is one argument too many"),
    (["brew"], "unknown command 'brew'")])
def test_a_wrong_command_line_is_answered_in_one_line(tmp_path, line, told):
    answer = staff(tmp_path, *line)
    assert (answer.returncode, len(answer.stderr.splitlines())) == (2, 1), answer
    assert told in answer.stderr
