"""Fetching what people sent from where WeCom keeps it: the cipher, the limits, and every way it may fail."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.simulator.media import sealed as simulated
from bot.wecom.client import Client
from bot.wecom.crypto import BadPadding, Crypto, Malformed
from bot.wecom.errcodes import Never, NotNow
from bot.wecom.media import CallbackMedia, Gone, TooMuch

KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
CRYPTO = Crypto("token", KEY, "")


def sealed_by_openssl(data: bytes) -> bytes:
    """The construction of 100719 by another implementation, its pad put on by hand."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl on the PATH to seal a file with")
    key = base64.b64decode(KEY + "=")
    pad = 32 - len(data) % 32
    command = [openssl, "enc", "-aes-256-cbc", "-nopad", "-K", key.hex(), "-iv", key[:16].hex()]
    return subprocess.run(command, input=data + bytes([pad]) * pad, capture_output=True, check=True).stdout


def sealed(data: bytes) -> bytes:
    return simulated(data, KEY)


@pytest.mark.parametrize("length", [0, 1, 15, 16, 31, 32, 33, 1000])
def test_a_file_sealed_by_another_implementation_opens(length: int) -> None:
    data = bytes(range(256)) * 4

    assert CRYPTO.open_file(sealed_by_openssl(data[:length])) == data[:length]


@pytest.mark.parametrize("broken", [b"", b"x", bytes(16), bytes(48)])
def test_what_is_no_whole_number_of_blocks_does_not_open(broken: bytes) -> None:
    with pytest.raises(Malformed):
        CRYPTO.open_file(broken)


def test_another_key_does_not_open_it() -> None:
    other = Crypto("token", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "")

    with pytest.raises(BadPadding):
        other.open_file(sealed(b"a picture of a till"))


@dataclass
class Shop:
    """A file server: what it answers, and what it was asked."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    promised: int | None = None
    bodies: list[bytes] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def shop() -> Iterator[Shop]:
    made = Shop()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(self.path)
            body = made.bodies.pop(0) if made.bodies else made.body
            self.send_response(made.status)
            self.send_header("Content-Length", str(len(body) if made.promised is None else made.promised))
            for name, value in made.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_port}"
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def fetch(shop: Shop, most: int = 1000, path: str = "/f/1?sign=secret") -> tuple[bytes, str]:
    fetched = CallbackMedia(CRYPTO, shop.url, timeout=(60, 60)).fetch(shop.url + path, most)
    return fetched.data, fetched.name


def test_it_comes_decrypted_with_its_name(shop: Shop) -> None:
    shop.body = sealed(b"a report")
    shop.headers = {"Content-Disposition": "attachment; filename*=UTF-8''%E5%AF%B9%E8%B4%A6.csv"}

    assert fetch(shop) == (b"a report", "对账.csv")


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="a b.txt"', "a b.txt"),
        ("attachment; filename=%E5%9B%BE.png", "图.png"),
        ("attachment; filename=图.png".encode().decode("latin-1"), "图.png"),
        ("inline", ""),
        (";;;", ""),
    ],
)
def test_a_name_is_read_however_it_is_written(shop: Shop, disposition: str, name: str) -> None:
    shop.body, shop.headers = sealed(b"x"), {"Content-Disposition": disposition}

    assert fetch(shop)[1] == name


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_link_that_expired_is_gone(shop: Shop, status: int) -> None:
    shop.status = status

    with pytest.raises(Gone):
        fetch(shop)


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_a_server_in_trouble_is_asked_again_later(shop: Shop, status: int) -> None:
    shop.status = status

    with pytest.raises(NotNow):
        fetch(shop)


def test_no_redirect_is_followed(shop: Shop) -> None:
    shop.status, shop.headers = 302, {"Location": f"{shop.url}/elsewhere"}

    with pytest.raises(NotNow):
        fetch(shop)
    assert len(shop.asked) == 1


def test_more_than_is_accepted_is_not_read(shop: Shop) -> None:
    shop.body = sealed(bytes(2000))

    with pytest.raises(TooMuch):
        fetch(shop)


def test_a_length_that_lies_does_not_help(shop: Shop) -> None:
    shop.body, shop.promised = sealed(bytes(100)), 5_000_000_000

    with pytest.raises(TooMuch):
        fetch(shop)


def test_a_body_that_breaks_off_is_fetched_again_later(shop: Shop) -> None:
    shop.body, shop.promised = sealed(bytes(100)), 160

    with pytest.raises(NotNow):
        fetch(shop)


def test_what_does_not_decrypt_is_fetched_again_later(shop: Shop) -> None:
    shop.body = bytes(64)

    with pytest.raises(NotNow):
        fetch(shop)


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/latest/meta-data", "file:///etc/passwd", "ftp://h.example/x", "nonsense", ""]
)
def test_only_https_or_the_api_itself_is_asked(shop: Shop, url: str) -> None:
    with pytest.raises(Gone):
        CallbackMedia(CRYPTO, shop.url).fetch(url, 100)


def test_no_secret_stands_in_what_is_raised(shop: Shop) -> None:
    shop.status = 500

    with pytest.raises(NotNow) as failed:
        fetch(shop)
    assert "secret" not in str(failed.value)
    assert failed.value.__cause__ is None


# media/get


def client(shop: Shop) -> Client:
    return Client(shop.url, "corp", 218, "the-secret", None, timeout=(60, 60))


def token(value: str) -> bytes:
    return json.dumps({"errcode": 0, "access_token": value, "expires_in": 7200}).encode()


def refused(errcode: int) -> bytes:
    return json.dumps({"errcode": errcode, "errmsg": "x"}).encode()


def test_the_apps_picture_comes_by_its_media_id(shop: Shop) -> None:
    shop.bodies, shop.body = [token("t1")], b"\xff\xd8\xff..."

    assert client(shop).fetch("M/1&x", 1000).data == b"\xff\xd8\xff..."
    assert shop.asked[1] == "/cgi-bin/media/get?access_token=t1&media_id=M%2F1%26x"


def test_a_refused_token_is_renewed_once(shop: Shop) -> None:
    shop.bodies, shop.body = [token("t1"), refused(42001), token("t2")], b"bytes"

    assert client(shop).fetch("M1", 1000).data == b"bytes"


@pytest.mark.parametrize(
    ("errcode", "failure"), [(40007, Gone), (-1, NotNow), (45009, NotNow), (60020, Never)]
)
def test_an_errcode_stands_for_its_failure(shop: Shop, errcode: int, failure: type[Exception]) -> None:
    shop.bodies, shop.body = [token("t1")], refused(errcode)

    with pytest.raises(failure):
        client(shop).fetch("M1", 1000)


def test_a_file_that_reads_like_a_refusal_is_a_file(shop: Shop) -> None:
    shop.bodies, shop.body = [token("t1")], refused(40007)
    shop.headers = {"Content-Disposition": 'attachment; filename="answer.txt"'}

    assert client(shop).fetch("M1", 1000).data == refused(40007)
