"""An SMTP server of the test's own, that keeps what it gets and answers as it is told."""

import email
import email.policy
import threading

from aiosmtpd.controller import Controller

from .redis_server import free_port


class SmtpServer:
    """`answer` is what the next messages get: "250 OK", or a refusal such as "451 try later"."""

    def __init__(self):
        self.port = free_port()
        self.answer = "250 OK"
        self.refused = 0
        self._messages: list[tuple[str, list[str], bytes]] = []
        self._changed = threading.Condition()
        self._controller: Controller | None = None
        self.start()

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """Refuses connections until start()."""
        if self._controller:
            self._controller.stop()
            self._controller = None

    async def handle_DATA(self, server, session, envelope):
        with self._changed:
            if self.answer.startswith("2"):
                self._messages.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
            else:
                self.refused += 1
            self._changed.notify_all()
        return self.answer

    def wait_messages(self, count: int, timeout: float = 30.0) -> list[email.message.EmailMessage]:
        """Waits until so many have arrived; returns all of them, parsed."""
        with self._changed:
            arrived = self._changed.wait_for(lambda: len(self._messages) >= count, timeout)
            assert arrived, f"{len(self._messages)} of {count} messages arrived in {timeout:.0f} s"
            return [email.message_from_bytes(content, policy=email.policy.default)
                    for _, _, content in self._messages]

    def wait_refused(self, count: int, timeout: float = 30.0) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.refused >= count, timeout), f"{self.refused} refused"

    @property
    def recipients(self) -> list[str]:
        return [to for _, recipients, _ in self._messages for to in recipients]

    def close(self) -> None:
        self.stop()
