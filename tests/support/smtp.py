"""A real SMTP server on this machine: what it took, and whom it refuses."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.support.ports import kept_ports


@dataclass
class MailServer:
    """Takes mail.

    Attributes:
        refused: addresses it answers 550. ``busy``: addresses it answers 450.
        data: what it answers to a mail's content, instead of taking it; ``drop`` breaks off without a word.
    """

    refused: set[str] = field(default_factory=set)
    busy: set[str] = field(default_factory=set)
    data: str = ""
    taken: list[EmailMessage] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def to(self, address: str) -> list[EmailMessage]:
        """The mail that address got, oldest first."""
        return [message for message in self.taken if message["To"] == address]

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.refused:
            return "550 5.1.1 no such user"
        if address in self.busy:
            return "450 4.2.1 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.data == "drop":
            server.transport.abort()
            return "250 OK"
        if self.data:
            return self.data
        found = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(found, EmailMessage)
        self.taken.append(found)
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A server of its own, gone at the end."""
    server = MailServer()
    # It connects to itself when it starts, so it must know its port before.
    with kept_ports() as server.port:
        controller = Controller(
            server, hostname="127.0.0.1", port=server.port, ready_timeout=60, server_hostname="mail.example"
        )
        controller.start()
        try:
            yield server
        finally:
            controller.stop()
