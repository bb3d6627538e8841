"""The drivers of outgoing mail: SMTP, none, and one that remembers; held to one contract by their tests."""

from __future__ import annotations

import smtplib
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.policy import SMTP
from email.utils import parseaddr
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from bot.mail.message import on_the_wire
from bot.wecom.errcodes import AnswerLost, Never, NotNow, SendError

#: Seconds to connect, and to wait for each answer.
TIMEOUT_S = 20.0
#: Seconds after which a connection kept open is asked whether it still lives.
_FRESH_S = 15.0
#: Seconds to wait where the server refuses this desk rather than one mail.
_REFUSED_S = 60.0


class Mails(Protocol):
    """What a lane asks of mail."""

    def send(self, payload: Mapping[str, Any]) -> str:
        """Send one mail made by :func:`bot.mail.message.mail`; returns its Message-ID.

        Raises:
            NotNow: nothing was sent; it may go later. Never: the address or the mail is refused.
            AnswerLost: whether the server took it is unknown.
        """

    def close(self) -> None:
        """Give every connection back."""


class MailOff:
    """Mail where no server is set: nothing is sent, and nobody waits for it."""

    def send(self, payload: Mapping[str, Any]) -> str:
        raise Never("mail is off: SMTP_URL is not set")

    def close(self) -> None:
        """There is none."""


@dataclass
class Remembered:
    """Mail that stays here: addresses in ``refused`` are refused as a server would."""

    refused: set[str] = field(default_factory=set)
    sent: list[dict[str, Any]] = field(default_factory=list)

    def send(self, payload: Mapping[str, Any]) -> str:
        if payload["to"] in self.refused:
            raise Never(_refused(payload["to"], 550, b"no such user"))
        self.sent.append(dict(payload))
        return str(payload["message_id"])

    def close(self) -> None:
        """There is none."""


class SmtpMail:
    """Mail through one server; one object serves every thread, each with a connection of its own.

    Args:
        url: ``smtp://[USER:PASSWORD@]HOST[:PORT]`` (STARTTLS where the server offers it, and always before
            a password) or ``smtps://…`` (TLS from the start).
        sender: the From, an address perhaps with a name.
    """

    def __init__(self, url: str, sender: str, timeout: float = TIMEOUT_S) -> None:
        parts = urlsplit(url)
        self._host, self._tls = parts.hostname or "", parts.scheme == "smtps"
        self._port = parts.port or (465 if self._tls else 25 if parts.username is None else 587)
        self._login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        self._sender, self._address = sender, parseaddr(sender)[1]
        self._timeout = timeout
        self._mine = threading.local()
        self._open: set[smtplib.SMTP] = set()

    def send(self, payload: Mapping[str, Any]) -> str:
        """As :class:`Mails` says."""
        server = self._connected()
        try:
            self._hand_over(server, payload)
        except SendError:
            raise
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise NotNow(f"the mail server broke off: {type(error).__name__}") from None
        self._mine.used = time.monotonic()
        return str(payload["message_id"])

    def close(self) -> None:
        """Give every thread's connection back."""
        while self._open:
            self._open.pop().close()
        self._mine = threading.local()

    def _hand_over(self, server: smtplib.SMTP, payload: Mapping[str, Any]) -> None:
        to = str(payload["to"])
        code, said = server.mail(self._address)
        if code != 250:
            server.rset()
            raise NotNow(f"the mail server refuses MAIL_FROM: {_line(code, said)}", retry_after=_REFUSED_S)
        code, said = server.rcpt(to)
        if code not in (250, 251):
            server.rset()
            if code >= 500:
                raise Never(_refused(to, code, said))
            raise NotNow(f"the mail server does not take {to} now: {_line(code, said)}")
        try:
            code, said = server.data(on_the_wire(payload, self._sender).as_bytes(policy=SMTP))
        except smtplib.SMTPDataError as error:
            code, said = error.smtp_code, _bytes(error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            # It had begun to take the mail, and nothing says whether it has it.
            self._drop()
            raise AnswerLost(
                f"sent, but the mail server broke off before its answer: {type(error).__name__}"
            ) from None
        if code != 250:
            self._drop()
            kind = Never if code >= 500 else NotNow
            raise kind(f"the mail server does not take this mail: {_line(code, said)}")

    def _connected(self) -> smtplib.SMTP:
        """This thread's connection, made anew where it does not live.

        Raises:
            NotNow: no connection, no TLS or no login.
        """
        server: smtplib.SMTP | None = getattr(self._mine, "server", None)
        if server is not None:
            if time.monotonic() - self._mine.used < _FRESH_S:
                return server
            try:
                if server.noop()[0] == 250:
                    return server
            except (smtplib.SMTPException, OSError):
                pass
            self._drop()
        try:
            server = self._greeted()
        except smtplib.SMTPAuthenticationError as error:
            line = _line(error.smtp_code, _bytes(error.smtp_error))
            raise NotNow(f"SMTP_URL: the login is refused: {line}", retry_after=_REFUSED_S) from None
        except smtplib.SMTPNotSupportedError:
            raise NotNow(
                "SMTP_URL: the server offers no TLS, and a password goes out under none",
                retry_after=_REFUSED_S,
            ) from None
        except ssl.SSLError:
            raise NotNow("SMTP_URL: no TLS with the server: is its certificate trusted here?") from None
        except (smtplib.SMTPException, OSError) as error:
            raise NotNow(f"no connection to the mail server: {type(error).__name__}") from None
        self._mine.server, self._mine.used = server, time.monotonic()
        self._open.add(server)
        return server

    def _greeted(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if self._tls:
            server = smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout, context=context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        try:
            server.ehlo_or_helo_if_needed()
            if not self._tls and (self._login or server.has_extn("starttls")):
                server.starttls(context=context)
                server.ehlo()
            if self._login:
                server.login(*self._login)
        except BaseException:
            server.close()
            raise
        return server

    def _drop(self) -> None:
        server: smtplib.SMTP | None = getattr(self._mine, "server", None)
        if server is not None:
            self._mine.server = None
            self._open.discard(server)
            server.close()


def _refused(address: str, code: int, said: bytes) -> str:
    return f"the mail server refuses {address}: {_line(code, said)}"


def _line(code: int, said: bytes) -> str:
    return f"{code} {' '.join(said.decode('utf-8', 'replace').split())[:200]}"


def _bytes(said: bytes | str) -> bytes:
    return said.encode("utf-8", "replace") if isinstance(said, str) else said
