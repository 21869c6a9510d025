#!/usr/bin/env python3
"""A real SMTP server for tests, driven over its standard input; smtp_server.hpp says what it can do.

Every command is one line and is answered by one line. The end of the input ends the server.
"""

import argparse
import asyncio
import collections
import json
import logging
import pathlib
import ssl
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult

STAGES = ("banner", "mail", "rcpt", "data", "body")


class Script:
    """What the server does next at each stage instead of accepting."""

    def __init__(self):
        self.steps = {stage: collections.deque() for stage in STAGES}
        self.connections = 0

    async def play(self, stage, server):
        """The reply to give instead of the usual one, None for the usual one."""
        if not self.steps[stage]:
            return None
        action, text = self.steps[stage].popleft()
        if action == "reply":
            return text
        if action == "drop":
            server.transport.abort()
        # Dropped or held: whoever waits here is cancelled when the connection ends.
        await asyncio.get_running_loop().create_future()


class Server(SMTP):
    def __init__(self, *args, script, **kwargs):
        super().__init__(*args, **kwargs)
        self.script = script

    async def _handle_client(self):
        self.script.connections += 1
        reply = await self.script.play("banner", self)
        if reply is None:
            return await super()._handle_client()
        await self.push(reply)
        self.transport.close()

    async def smtp_DATA(self, arg):
        reply = await self.script.play("data", self)
        if reply is None:
            return await super().smtp_DATA(arg)
        await self.push(reply)


class Handler:
    """Keeps every message as NNNN.eml and its envelope as NNNN.json."""

    def __init__(self, script, folder):
        self.script = script
        self.folder = folder
        self.count = len(list(folder.glob("*.json")))

    async def handle_MAIL(self, server, session, envelope, address, options):
        reply = await self.script.play("mail", server)
        if reply is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return reply or "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        reply = await self.script.play("rcpt", server)
        if reply is None:
            envelope.rcpt_tos.append(address)
        return reply or "250 OK"

    async def handle_DATA(self, server, session, envelope):
        reply = await self.script.play("body", server)
        if reply is None:
            self.keep(server, session, envelope)
        return reply or "250 OK"

    def keep(self, server, session, envelope):
        self.count += 1
        path = self.folder / f"{self.count:04}"
        path.with_suffix(".eml").write_bytes(envelope.original_content)
        path.with_suffix(".json").write_text(json.dumps({
            "from": envelope.mail_from, "to": envelope.rcpt_tos, "options": envelope.mail_options,
            "user": session.auth_data.decode() if session.authenticated else "",
            "tls": server.transport.get_extra_info("cipher") is not None,
        }))


def authenticator(user, password):
    def check(server, session, envelope, mechanism, data):
        if (data.login, data.password) == (user.encode(), password.encode()):
            return AuthResult(success=True, auth_data=data.login)
        return AuthResult(success=False, handled=False)
    return check


def answer(line, script):
    command, _, rest = line.rstrip("\n").partition(" ")
    if command in ("reply", "drop", "hold"):
        stage, _, text = rest.partition(" ")
        script.steps[stage].append((command, text))
        return "ok"
    if command == "connections":
        return str(script.connections)
    return f"unknown command {command}"


async def serve(options):
    # It warns of what tests do on purpose: AUTH without STARTTLS, connections that break.
    warnings.simplefilter("ignore")
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    script = Script()
    handler = Handler(script, options.folder)
    context = None
    if options.mode != "plain":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options.certificate, options.key)
    settings = {"hostname": "localhost", "enable_SMTPUTF8": options.utf8}
    if options.user:
        settings.update(auth_required=True, auth_require_tls=options.mode == "starttls",
                        authenticator=authenticator(options.user, options.password))
    if options.mode == "starttls":
        settings.update(tls_context=context, require_starttls=True)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Server(handler, loop=loop, script=script, **settings), "127.0.0.1",
                                      options.port, ssl=context if options.mode == "tls" else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        print(answer(line.decode(), script), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--mode", choices=("plain", "starttls", "tls"), default="plain")
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--user", default="")
    parser.add_argument("--password", default="")
    parser.add_argument("--utf8", action="store_true")
    asyncio.run(serve(parser.parse_args()))


main()
