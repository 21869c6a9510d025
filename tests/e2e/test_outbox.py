"""Rows of the outbox that no Redis would ever take fail alone, and whoever runs the shop is told."""

import contextlib
import json
import sqlite3

from harness.shop import address_of
from harness.waiting import eventually

# More than a relay takes at once: should they stand in the way, nothing behind them would ever be tried.
RUBBISH = 120
TOO_LARGE = 17 << 20


def insert(site, rows: dict[str, bytes]) -> None:
    """Older than everything else, so that they are tried first."""
    with contextlib.closing(sqlite3.connect(site.folder / "shop.db", timeout=30)) as database, database:
        database.executemany(
            "INSERT INTO outbox (id, task, queue, payload, created_at) VALUES (?, 'backend.worker.send_email', 'celery', ?, ?)",
            [(name, payload, number) for number, (name, payload) in enumerate(rows.items())])


def waiting_payload(site) -> bytes:
    return site.query("SELECT payload FROM outbox")[0][0]


def test_rows_that_cannot_be_sent_are_put_aside_and_those_behind_them_go_out(site, durable_redis):
    durable_redis.stop()
    api = site.start_api()
    assert site.client.register("behind").status == 200
    message = waiting_payload(site)
    insert(site, {**{f"rubbish-{n}": b"rubbish" for n in range(RUBBISH)},
                  "arguments": json.dumps({"email_to": address_of("old")}).encode(),
                  "large": message.replace(b'"body": "', b'"body": "' + b"A" * TOO_LARGE, 1),
                  "unknown": message.replace(b"backend.worker.send_email", b"nobody.knows.this.task")})
    durable_redis.start()
    worker = site.start_worker()
    eventually(lambda: site.mails()[address_of("behind")], "the mail behind them", timeout=60)

    # Two relays share the rows; a claim's are put aside together, when the last of it was tried.
    eventually(lambda: json.loads(site.client.get("/readyz").text)["outbox_put_aside"] == RUBBISH + 2, "all of them")
    assert json.loads(site.client.get("/readyz").text)["redis"] == "ok"
    assert f"localtea_outbox_put_aside {RUBBISH + 2}\n" in site.client.get("/metrics").text
    listed = {row["id"]: row for row in json.loads(site.run("outbox", "list", "--json", "--limit", "1000").stdout)}
    assert listed.keys() == {"arguments", "large", *(f"rubbish-{n}" for n in range(RUBBISH))}
    assert "no task message" in listed["rubbish-0"]["reason"] and listed["rubbish-0"]["size"] == len(b"rubbish")
    assert "max_message_size" in listed["large"]["reason"] and listed["large"]["size"] > TOO_LARGE
    assert listed["large"].keys() == {"id", "task", "queue", "reason", "at", "size", "created_at", "request_id"}
    told = api.text + worker.text
    assert all(f"row {name} (backend.worker.send_email) cannot be sent" in told for name in listed)
    assert "waits for Redis" not in worker.text
    # A task that nobody knows can be sent. Whoever gets it says so.
    dead = json.loads(site.run("dead", "list", "--json").stdout)
    assert [letter["task"] for letter in dead] == ["nobody.knows.this.task"]


def test_what_was_put_aside_is_tried_again_or_dropped_by_the_staff(site, durable_redis):
    durable_redis.stop()
    api = site.start_api()
    assert site.client.register("behind").status == 200
    message = waiting_payload(site)
    insert(site, {"mended": b"rubbish", "hopeless": b"rubbish"})
    durable_redis.start()
    api.wait_line("row mended .* cannot be sent")
    api.wait_line("row hopeless .* cannot be sent")
    eventually(lambda: len(json.loads(site.run("outbox", "list", "--json").stdout)) == 2, "the two in the list")

    typo = site.run("outbox", "retry", "mended", "nobody")
    assert (typo.returncode, "no row nobody" in typo.stderr) == (1, True)
    assert "mended" in site.run("outbox", "list").stdout, "a mistyped id changes nothing"
    with contextlib.closing(sqlite3.connect(site.folder / "shop.db", timeout=30)) as database, database:
        database.execute("UPDATE outbox SET payload = ? WHERE id = 'mended'", [message])
    assert site.run("outbox", "retry", "mended").stdout == "mended waits again\n"
    assert site.run("outbox", "drop", "hopeless").stdout == "hopeless is dropped\n"
    assert site.run("outbox", "list").stdout == ""
    site.start_worker()
    # Its own, and the mended copy of it.
    eventually(lambda: site.query("SELECT count(*) FROM outbox") == [(0,)], "an empty outbox", timeout=60)


def test_the_command_names_what_it_accepts(site):
    assert site.run("outbox").returncode == 2
    assert site.run("outbox", "mend").returncode == 2
    assert site.run("outbox", "retry").returncode == 2
    assert "put aside" in site.run("outbox", "--help").stdout
