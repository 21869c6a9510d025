#!/usr/bin/env python3
"""Reads messages with Python's email package.

Input: a JSON list of base64 messages. Output: a JSON list of their headers, parts and defects.
"""

import base64
import email
import email.header
import email.policy
import email.utils
import json
import sys


def mailbox(header):
    """The one address of a header. (The newer parser loses nothing but keeps the space between encoded words.)"""
    name, address = email.utils.parseaddr(header)
    return [str(email.header.make_header(email.header.decode_header(name))), address]


def parsed(raw):
    message = email.message_from_bytes(raw, policy=email.policy.SMTP)
    parts = list(message.walk())
    return {
        "from": mailbox(email.message_from_bytes(raw)["from"]), "to": [a.addr_spec for a in message["to"].addresses],
        "subject": str(message["subject"]), "date": message["date"].datetime.isoformat(),
        "message_id": str(message["message-id"]).strip(), "type": message.get_content_type(),
        "headers": sorted(name.lower() for name in message),
        "parts": [[part.get_content_type(), part.get_content_charset(), part.get_content().replace("\r\n", "\n")]
                  for part in parts[1:]],
        "defects": [repr(defect) for part in parts for defect in part.defects]
        + [repr(defect) for value in message.values() for defect in value.defects],
        "longest_line": max(len(line) for line in raw.split(b"\r\n")), "bare_ends": raw.replace(b"\r\n", b"").count(b"\n"),
    }


json.dump([parsed(base64.b64decode(raw)) for raw in json.load(sys.stdin)], sys.stdout)
