"""A real SMTP server that speaks TLS with a certificate of the test's own authority, and can be down."""

import email
import email.message
import email.policy
import pathlib
import subprocess

from .certificates import make_self_signed, make_signed
from .process import die_with_parent
from .redis_server import free_port
from .worker import ROOT

_SCRIPT = ROOT / "localtea" / "tests" / "support" / "smtp_server.py"

class MailServer:
    """Its port is the same whenever it is up; what arrived is kept over the times it is down."""

    # The name in its certificate.
    host = "localhost"

    def __init__(self, folder: pathlib.Path):
        self.port = free_port()
        self.ca_file = folder / "ca.pem"
        self._folder = folder
        self._child: subprocess.Popen | None = None
        folder.mkdir(parents=True)
        make_self_signed(folder, "ca", "Authority")
        make_signed(folder, "server", self.host, "ca")

    @property
    def environment(self) -> dict[str, str]:
        """The shop's variables for sending to it."""
        return {"MAIL_BACKEND": "smtp", "SMTP_SERVER": self.host, "SMTP_PORT": str(self.port), "SMTP_SECURITY": "tls",
                "SMTP_CA_FILE": str(self.ca_file), "EMAILS_FROM_EMAIL": "shop@tea.example"}

    def start(self) -> None:
        self._child = subprocess.Popen(
            ["/usr/bin/python3", _SCRIPT, "--folder", self._folder, "--port", str(self.port), "--mode", "tls",
             "--certificate", self._folder / "server.pem", "--key", self._folder / "server.key"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, preexec_fn=die_with_parent)
        assert int(self._child.stdout.readline()) == self.port

    def stop(self) -> None:
        """Refuses connections until start()."""
        if self._child:
            self._child.stdin.close()
            self._child.wait(10)
            self._child.stdout.close()
            self._child = None

    def next_reply(self, stage: str, reply: str) -> None:
        """The answer, instead of the usual one, to the next banner, mail, rcpt, data or body."""
        self._child.stdin.write(f"reply {stage} {reply}\n")
        self._child.stdin.flush()
        assert self._child.stdout.readline() == "ok\n"

    def mails(self) -> list[email.message.EmailMessage]:
        return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
                for file in sorted(self._folder.glob("*.eml"))]

    def close(self) -> None:
        self.stop()
