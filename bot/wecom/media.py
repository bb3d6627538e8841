"""Pictures and files of messages, fetched from where WeCom keeps them (100719, 90254).

An aibot's message names a URL that is good for five minutes and serves ciphertext; the app's names a
MediaId that is good for three days. Neither address, type nor length is believed: what comes is read in
pieces up to a limit, within a time, from the host that was named.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import Message
from urllib.parse import unquote, urlsplit

import requests

from bot.wecom.crypto import BadCallback, Crypto
from bot.wecom.errcodes import NotNow, SendError, from_status, from_transport
from bot.wecom.http import TIMEOUT_S, session

URL_LASTS = timedelta(minutes=5)
"""How long the URL in a callback is good for (100719)."""

MEDIA_ID_LASTS = timedelta(days=3)
"""How long a MediaId is good for (90254)."""

MOST_S = 30.0
"""Seconds one download may take in all."""

_GONE = frozenset({401, 403, 404, 410})
"""Statuses of a link that is no longer good."""

_PIECE = 64 * 1024


class Gone(Exception):
    """WeCom no longer has it, or the link has expired: asking again is in vain."""


class TooMuch(Exception):
    """It is longer than what is accepted; the rest was not read."""


@dataclass(frozen=True)
class Fetched:
    """A file as it was sent, and its name where the server said one."""

    data: bytes = field(repr=False)
    name: str


class CallbackMedia:
    """What the URLs of the aibot's messages serve, decrypted.

    Args:
        crypto: with the aibot's EncodingAESKey.
        base_url: of the WeCom API: its host alone may be spoken to without TLS.
        timeout: seconds to connect, and to wait between two pieces.
    """

    def __init__(self, crypto: Crypto, base_url: str, *, timeout: tuple[float, float] = TIMEOUT_S) -> None:
        self._crypto, self._timeout = crypto, timeout
        self._home = urlsplit(base_url)
        self._http = session()

    def fetch(self, ref: str, most: int) -> Fetched:
        """The file behind a URL of a callback.

        Args:
            ref: the URL. ``most``: bytes of the largest file that is accepted.

        Raises:
            Gone, TooMuch: as they say.
            NotNow: it may be had later.
        """
        url = urlsplit(ref)
        at_home = (url.scheme, url.netloc) == (self._home.scheme, self._home.netloc)
        if not (url.hostname and (url.scheme == "https" or at_home)):
            raise Gone("the message names no https address")
        sealed, name = download(self._http, ref, most + 32, self._timeout)
        try:
            return Fetched(self._crypto.open_file(sealed), name)
        except BadCallback as error:
            raise NotNow(f"a file could not be decrypted: {error}") from None


def download(
    http: requests.Session,
    url: str,
    most: int,
    timeout: tuple[float, float],
    params: dict[str, str] | None = None,
) -> tuple[bytes, str]:
    """The body and the file name of a GET that follows no redirect.

    Raises:
        Gone, TooMuch, NotNow: as :meth:`CallbackMedia.fetch`.
    """
    began = time.monotonic()
    try:
        with http.get(
            url,
            params=params,
            headers={"Accept-Encoding": "identity"},
            stream=True,
            allow_redirects=False,
            timeout=timeout,
        ) as response:
            if response.status_code in _GONE:
                raise Gone(f"HTTP {response.status_code}")
            if response.status_code != 200:
                raise _later(from_status(response.status_code, response.headers.get("Retry-After")))
            length = response.headers.get("Content-Length", "")
            if length.isdecimal() and int(length) > most:
                raise TooMuch
            data = bytearray()
            for piece in response.iter_content(_PIECE):
                data += piece
                if len(data) > most:
                    raise TooMuch
                if time.monotonic() - began > MOST_S:
                    raise NotNow("a download took too long")
            if length.isdecimal() and len(data) < int(length):
                raise NotNow("a download broke off")
            return bytes(data), _name(response.headers.get("Content-Disposition", ""))
    except requests.RequestException as error:
        failure = _later(from_transport(error))
    # Raised outside, so that nothing holding the address hangs on it.
    raise failure


def _later(failure: SendError) -> NotNow:
    """Nothing is changed by a download: whatever became of it, it may be tried again."""
    return failure if isinstance(failure, NotNow) else NotNow(failure.reason)


def _name(disposition: str) -> str:
    """The file name of a Content-Disposition, empty where it has none."""
    header = Message()
    header["Content-Disposition"] = disposition.encode("latin-1", "replace").decode("utf-8", "replace")
    name = header.get_filename("")
    return unquote(name) if "%" in name else name
