"""A mail server of the simulated world: it takes every mail, sends none on, and its page shows them.

Only the stdlib, and only what a client needs (RFC 5321): EHLO, HELO, MAIL, RCPT, DATA, RSET, NOOP, QUIT.
"""

from __future__ import annotations

import email
import email.policy
import re
import socketserver
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from flask import Blueprint, render_template

#: Mails kept, and bytes of one.
_KEPT, _LARGEST = 500, 5 * 1024 * 1024
_LINK = re.compile(r"https?://[^\s，。；）]+")
#: An address at this domain is refused, so that one can see what becomes of it.
REFUSED = "refused.example"


@dataclass(frozen=True)
class Taken:
    """One mail: to whom, and its words as text."""

    to: str
    subject: str
    date: str
    text: str

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The text, each address in it with itself as a link."""
        parts, at = [], 0
        for found in _LINK.finditer(self.text):
            parts += [(self.text[at : found.start()], ""), (found[0], found[0])]
            at = found.end()
        return [*parts, (self.text[at:], "")]


class Mailbox:
    """Takes mail on a port of its own."""

    def __init__(self) -> None:
        self._taken: deque[Taken] = deque(maxlen=_KEPT)
        self._server: socketserver.ThreadingTCPServer | None = None

    def start(self, port: int, host: str = "127.0.0.1") -> None:
        """Serve in threads of this process.

        Raises:
            OSError: the port is taken.
        """
        mailbox = self

        class Handler(_Conversation):
            take = mailbox._take

        socketserver.ThreadingTCPServer.allow_reuse_address = True
        self._server = socketserver.ThreadingTCPServer((host, port), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Take nothing more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def blueprint(self) -> Blueprint:
        """``/mail``: what came, newest first."""
        routes = Blueprint("mailbox", __name__)

        @routes.get("/mail")
        def mail() -> str:
            return render_template("mail.html", taken=list(reversed(self._taken)))

        return routes

    def _take(self, to: str, content: bytes) -> None:
        message = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        body = message.get_body(("plain", "html"))
        text = str(body.get_content()) if body is not None else ""
        self._taken.append(Taken(to, str(message["Subject"] or ""), str(message["Date"] or ""), text))


class _Conversation(socketserver.StreamRequestHandler):
    """One client's connection."""

    timeout = 60
    take: Any

    def handle(self) -> None:
        # A client that fell silent, or has gone, is no news.
        with suppress(OSError):
            self._converse()

    def _converse(self) -> None:
        self._say("220 simulated mail")
        to: list[str] = []
        while line := self.rfile.readline(2048):
            word, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
            match word.upper():
                case "EHLO" | "HELO":
                    self._say("250 here")
                case "MAIL" | "RSET":
                    to = []
                    self._say("250 ok")
                case "NOOP":
                    self._say("250 ok")
                case "RCPT":
                    found = re.search(r"<([^>]*)>", rest)
                    address = found[1] if found else ""
                    if address.endswith("@" + REFUSED) or not address:
                        self._say("550 no such user")
                    else:
                        to.append(address)
                        self._say("250 ok")
                case "DATA":
                    self._say("354 go on")
                    content = self._content()
                    for address in to:
                        self.take(address, content)
                    self._say("250 taken" if to else "554 no recipients")
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("502 not here")

    def _content(self) -> bytes:
        lines: list[bytes] = []
        size = 0
        while (line := self.rfile.readline(65536)) and line.rstrip(b"\r\n") != b".":
            size += len(line)
            if size <= _LARGEST:
                lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")
