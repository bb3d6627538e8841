"""What is accepted, told by its first bytes and never by its name or a header; and made safe to keep.

Pictures are decoded and encoded anew, so that nothing of the file that was sent is left but what can be
seen: no place, no camera, no thumbnail, no second file behind the first. Of a moving picture the first
frame is kept. Documents are kept as they are and only ever handed out as downloads.
"""

from __future__ import annotations

import hashlib
import io
import warnings
import zipfile
from dataclasses import dataclass, field

from PIL import Image, ImageOps

from workorders.attachments.attachment import Sort, Unfit
from workorders.attachments.errors import Unacceptable

MOST_PICTURE = 10 * 1024 * 1024
MOST_FILE = 20 * 1024 * 1024
#: Bytes of the largest thing that is accepted.
MOST = max(MOST_PICTURE, MOST_FILE)
#: Pixels of the largest picture that is decoded: a phone's 50 megapixels, 200 MB in memory.
MOST_PIXELS = 50_000_000
#: Entries of the largest document that is looked into; its parts are never unpacked.
_MOST_PARTS = 10_000

#: Media type to the ending a file of it is handed out with.
ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "text/csv": "csv",
    "text/plain": "txt",
}
_OFFICE = {
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
#: Parts of an office document that run: macros, controls, embedded programs.
_RUNS = ("vbaproject.bin", "activex", "oleobject", "/macrosheets/", "/embeddings/")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
#: How text begins that something would run or render.
_ACTIVE = ("<", "#!", "@echo", "{\\rtf")
_TEXTS = ("txt", "log", "csv")


@dataclass(frozen=True)
class Content:
    """Something accepted, as it is kept.

    Attributes:
        data: the bytes; of a picture, those it was encoded to anew.
        type: its media type. ``sha256``: of ``data``, in hexadecimal.
        sort: whether it is shown as a picture.
    """

    data: bytes = field(repr=False)
    type: str
    sha256: str
    sort: Sort


def accept(data: bytes, name: str = "") -> Content:
    """Make what somebody sent safe to keep.

    Args:
        data: all of it.
        name: what its sender calls it; tells nothing but a CSV from other text.

    Raises:
        Unacceptable: it is too large, broken, or of no kind that is accepted.
    """
    if len(data) > MOST:
        raise Unacceptable(Unfit.TOO_LARGE)
    if _is_picture(data):
        if len(data) > MOST_PICTURE:
            raise Unacceptable(Unfit.TOO_LARGE)
        return _content(*_redrawn(data), "picture")
    return _content(data, _document(data, name), "file")


def _content(data: bytes, type: str, sort: Sort) -> Content:
    return Content(data, type, hashlib.sha256(data).hexdigest(), sort)


def _is_picture(data: bytes) -> bool:
    webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return webp or data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a"))


def _redrawn(data: bytes) -> tuple[bytes, str]:
    """The picture drawn anew: upright, its first frame, and nothing else of the file."""
    try:
        with warnings.catch_warnings():
            # Whatever Pillow warns of (a bomb, a broken tag) is judged below, by its size and by decoding it.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "GIF", "WEBP")) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise Unacceptable(Unfit.TOO_LARGE)
                form = picture.format
                upright = ImageOps.exif_transpose(picture)
                plain = _plain(upright, keeps_alpha=form != "JPEG")
        drawn = io.BytesIO()
        if form == "JPEG":
            plain.save(drawn, "JPEG", quality=90)
        elif form == "WEBP":
            plain.save(drawn, "WEBP", quality=90)
        else:
            plain.save(drawn, "PNG")
    except Unacceptable:
        raise
    except Image.DecompressionBombError:
        raise Unacceptable(Unfit.TOO_LARGE) from None
    except Exception as error:  # a decoder raises all sorts of things on a file made to break it
        raise Unacceptable(Unfit.BROKEN) from error
    return drawn.getvalue(), {"JPEG": "image/jpeg", "WEBP": "image/webp"}.get(form or "", "image/png")


def _plain(picture: Image.Image, *, keeps_alpha: bool) -> Image.Image:
    """Its pixels alone, in a mode every encoder here takes."""
    see_through = keeps_alpha and (picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info)
    mode = "RGBA" if see_through else "L" if picture.mode[0] in "1LIF" else "RGB"
    converted = picture.convert(mode)
    return Image.frombytes(mode, converted.size, converted.tobytes())


def _document(data: bytes, name: str) -> str:
    """The media type of a document.

    Raises:
        Unacceptable: it is none that is accepted.
    """
    if data.startswith(b"%PDF-"):
        return "application/pdf"
    if data.startswith(b"PK"):
        return _office(data)
    if data.startswith(_ARCHIVES):
        raise Unacceptable(Unfit.ARCHIVE)
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if not _is_text(data) or ending not in ("", *_TEXTS):
        raise Unacceptable(Unfit.FORBIDDEN)
    return "text/csv" if ending == "csv" else "text/plain"


def _office(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = [part.filename for part in parts.infolist()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Unacceptable(Unfit.BROKEN) from None
    types = [type for part, type in _OFFICE.items() if part in names]
    if len(types) != 1 or "[Content_Types].xml" not in names:
        raise Unacceptable(Unfit.ARCHIVE)
    if len(names) > _MOST_PARTS or any(runs in name.lower() for name in names for runs in _RUNS):
        raise Unacceptable(Unfit.FORBIDDEN)
    return types[0]


def _is_text(data: bytes) -> bool:
    """Text a person reads, in either encoding used here, that nothing would run or render."""
    if not data or b"\0" in data:
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        control = sum(char < " " and char not in "\t\r\n\f\x1b" for char in text[:4096])
        return control == 0 and not text[:1024].lstrip().lower().startswith(_ACTIVE)
    return False


def safe_name(name: str) -> str:
    """A file name without folders and control characters, at most 100 characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(char for char in last if char.isprintable() and char not in '<>:"|?*').strip(" .")
    if len(plain) <= 100:
        return plain
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[: 99 - len(ending)]}.{ending}" if dot and len(ending) <= 10 else plain[:100]
