"""Pictures and documents made for a test, with everything in them that must not be kept."""

from __future__ import annotations

import io
import zipfile

from PIL import Image


def jpeg(size: tuple[int, int] = (64, 48), *, orientation: int = 1, gps: bool = True) -> bytes:
    """A photo: left half red, right half blue, with a camera, a place and a turn in its EXIF."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    exif = Image.Exif()
    exif[0x010F] = "星河相机"  # Make
    exif[0x0112] = orientation
    if gps:
        place = exif.get_ifd(0x8825)
        place[1], place[2] = "N", (31.0, 18.0, 0.0)
        place[3], place[4] = "E", (121.0, 6.0, 0.0)
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=b"shot at the shop")
    return out.getvalue()


def drawn(form: str, size: tuple[int, int] = (20, 10), **more: object) -> bytes:
    """A small green picture of that format."""
    out = io.BytesIO()
    Image.new("RGB", size, "green").save(out, form, **more)
    return out.getvalue()


def office(*parts: str) -> bytes:
    """A zip file with those parts, as office documents are."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for part in parts:
            packed.writestr(part, "<x/>")
    return out.getvalue()


XLSX = office("[Content_Types].xml", "xl/workbook.xml")
DOCX = office("[Content_Types].xml", "word/document.xml")
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"
