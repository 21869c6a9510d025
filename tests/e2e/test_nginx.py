"""The nginx configuration that we ship, in front of two API processes."""

import http.client
import json
import os
import pathlib
import re
import ssl

from harness.certificates import make_self_signed
from harness.process import Process
from harness.redis_server import free_port
from harness.shop import PASSWORD, address_of
from harness.waiting import eventually
from harness.worker import ROOT

SHIPPED = ROOT / "packaging" / "nginx" / "localtea.conf"


class Nginx:
    """The shipped file, with this machine's ports and certificate in it and nothing else changed."""

    def __init__(self, folder: pathlib.Path, backends: list[int]):
        self.port = free_port()
        folder.mkdir()
        make_self_signed(folder, "cert", "shop.example")
        text = SHIPPED.read_text()
        for standard, actual in zip((8000, 8001), backends, strict=True):
            text = text.replace(f"127.0.0.1:{standard}", f"127.0.0.1:{actual}")
        text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl")
        text = re.sub(r".*listen \[::\].*\n", "", text)
        text = re.sub(r"/etc/ssl/localtea/fullchain\.pem", str(folder / "cert.pem"), text)
        text = re.sub(r"/etc/ssl/localtea/privkey\.pem", str(folder / "cert.key"), text)
        (folder / "shop.conf").write_text(text)
        temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi",
                                                                                 "scgi"))
        (folder / "nginx.conf").write_text(
            # Started by root, it would give up the right to its own folder here.
            f"{'user root;' if os.geteuid() == 0 else ''}\ndaemon off;\nerror_log stderr notice;\npid {folder}/pid;\nevents {{}}\n"
            f"http {{\naccess_log off;\n{temporary}include {folder}/shop.conf;\n}}\n")
        self._process = Process(["/usr/sbin/nginx", "-p", folder, "-c", folder / "nginx.conf"])
        self._process.wait_line("start worker process")

    def ask(self, method: str, path: str, body=None, headers: dict[str, str] | None = None):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=30, context=context)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json", **(headers or {})})
            answer = connection.getresponse()
            return answer.status, dict(answer.headers), answer.read()
        finally:
            connection.close()

    def close(self) -> None:
        self._process.terminate()
        self._process.close()


def test_the_shop_behind_nginx_is_the_shop(make_site, tmp_path, closing):
    site = make_site(TRUSTED_PROXIES="127.0.0.1")
    second = free_port()
    first_api = site.start_api()
    site.start_api(second)
    nginx = closing(Nginx(tmp_path / "nginx", [site.client.port, second]))
    body = json.dumps({"email": address_of("anna"), "username": "anna", "password": PASSWORD})
    status, headers, _ = nginx.ask("POST", "/api/v1/user/registration", body)
    assert (status, "max-age" in headers["Strict-Transport-Security"]) == (200, True)
    assert [nginx.ask("GET", path)[0] for path in ("/livez", "/readyz", "/metrics")] == [404, 404, 404]
    assert nginx.ask("POST", "/api/v1/user/registration", "x" * 1_200_000)[0] == 413
    first_api.terminate()
    eventually(lambda: nginx.ask("GET", "/api/v1/openapi.json")[0] == 200, "an answer from the other process")
