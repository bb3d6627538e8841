"""Pictures and files people send: kept, and handed to the desk as WeCom does (encrypted for the aibot)."""

from __future__ import annotations

import base64
import secrets
import tempfile
from pathlib import Path
from urllib.parse import quote

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

LARGEST = 10 * 1024 * 1024
"""Bytes of one picture; WeCom's own limit for what a person may send as a picture."""

KINDS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}


LARGEST_FILE = 20 * 1024 * 1024
"""Bytes of one file; people of a real WeCom may send 100 MB, more than this demo has any use for."""


class BadFile(ValueError):
    """Something that cannot be sent; the text is for the person who chose it."""


def kind_of(data: bytes) -> str:
    """The content type by the first bytes, never by the name.

    Raises:
        BadFile: it is no JPG, PNG or GIF, or too large.
    """
    if len(data) > LARGEST:
        raise BadFile("图片超过 10 MB，未发送。请压缩后再发。")
    for magic, kind in KINDS.items():
        if data.startswith(magic):
            return kind
    raise BadFile("只支持 JPG、PNG、GIF 图片，未发送。")


def check_file(data: bytes) -> None:
    """WeCom's people may send files of any kind.

    Raises:
        BadFile: it is too large, or empty.
    """
    if len(data) > LARGEST_FILE:
        raise BadFile("文件超过 20 MB，未发送。请压缩或拆分后再发。")
    if not data:
        raise BadFile("文件是空的，未发送。")


class Media:
    """Files by an opaque id.

    Args:
        folder: where they are kept; None uses a folder that goes with the process.
    """

    def __init__(self, folder: Path | None) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="simulator-") if folder is None else None
        self._folder = Path(self._temporary.name) if self._temporary else (folder or Path()) / "media"
        self._folder.mkdir(parents=True, exist_ok=True)

    def keep(self, data: bytes, name: str = "") -> str:
        """Keep a file under the name its sender gave it, and return its id."""
        media_id = "3" + secrets.token_urlsafe(32)
        (self._folder / media_id).write_bytes(data)
        if name:
            (self._folder / f"{media_id}.name").write_text(Path(name).name, encoding="utf-8")
        return media_id

    def name(self, media_id: str) -> str:
        """What its sender calls it; empty for a picture, which WeCom gives no name."""
        path = self._folder / f"{media_id}.name"
        return path.read_text(encoding="utf-8") if self.find(media_id) is not None and path.is_file() else ""

    def find(self, media_id: str) -> bytes | None:
        """The file's bytes, None where there is none of that id."""
        if not media_id.replace("-", "").replace("_", "").isalnum():
            return None
        path = self._folder / media_id
        return path.read_bytes() if path.is_file() else None

    def close(self) -> None:
        """Remove the temporary folder, if there is one."""
        if self._temporary:
            self._temporary.cleanup()


def disposition(name: str) -> dict[str, str]:
    """The header by which a file server says what a file is called; none without a name."""
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"} if name else {}


def sealed(data: bytes, aes_key: str) -> bytes:
    """A file as an aibot's media URL serves it: AES-256-CBC, PKCS#7 to 32, no frame (100719)."""
    key = base64.b64decode(aes_key + "=")
    pad = 32 - len(data) % 32
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return encryptor.update(data + bytes([pad]) * pad) + encryptor.finalize()
