"""The shop's pages in a real browser."""

import html
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile

import pytest

from harness.shop import Up, address_of


@pytest.fixture
def browse():
    """browse(url): the page's HTML once its scripts have run. Chromium refuses root, so root becomes nobody."""
    home = pathlib.Path(tempfile.mkdtemp(prefix="browser-"))
    identity = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        os.chown(home, nobody.pw_uid, nobody.pw_gid)

    def open_page(url):
        # The sandbox needs namespaces that containers do not give; the pages are our own.
        page = subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--disable-background-networking", f"--user-data-dir={home}/profile", "--virtual-time-budget=20000", "--dump-dom", url],
            env={"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}, cwd=home, text=True,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False, **identity)
        assert page.returncode == 0, page.stderr[-4000:]
        return html.unescape(page.stdout)

    yield open_page
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def client(tmp_path, closing):
    return closing(Up(tmp_path)).wait_ready().client


def test_docs_list_every_call(client, browse):
    page = browse(f"{client.address}/docs")
    paths = client.get("/api/v1/openapi.json").json["paths"]
    assert "/api/v1/user/registration" in paths
    # The interface breaks paths for display with invisible spaces.
    shown = page.replace("\u200b", "").replace("<wbr>", "")
    assert [path for path in paths if path not in shown] == []


def test_mailbox_shows_the_mail(client, browse):
    assert client.register("zoya").status == 200
    client.confirmation_link("zoya")
    page = browse(f"{client.address}/mailbox")
    assert address_of("zoya") in page
    assert "Подтвердите адрес электронной почты" in page
