"""What is accepted and how it is made safe: by what it is, whatever it is called."""

from __future__ import annotations

import hashlib
import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.support.pictures import DOCX, PDF, XLSX, drawn, jpeg, office
from workorders.attachments import content
from workorders.attachments.content import MOST_FILE, MOST_PICTURE, accept, safe_name
from workorders.attachments.errors import Unacceptable


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def test_a_photo_loses_its_place_its_camera_and_its_comment() -> None:
    photo = jpeg()
    assert b"Exif" in photo
    assert opened(photo).getexif().get_ifd(0x8825), "the photo knows where it was taken"

    kept = accept(photo)

    assert kept.type == "image/jpeg"
    assert b"Exif" not in kept.data
    assert "星河相机".encode() not in kept.data
    assert b"shot at the shop" not in kept.data
    assert not opened(kept.data).getexif()
    assert kept.sha256 == hashlib.sha256(kept.data).hexdigest()


@pytest.mark.parametrize(
    ("orientation", "size"), [(1, (64, 48)), (6, (48, 64)), (8, (48, 64)), (3, (64, 48))]
)
def test_it_stands_upright_before_its_turn_is_forgotten(orientation: int, size: tuple[int, int]) -> None:
    assert opened(accept(jpeg(orientation=orientation)).data).size == size


def test_turned_by_half_its_left_is_its_right() -> None:
    red, _, blue = opened(accept(jpeg(orientation=3)).data).convert("RGB").getpixel((4, 24))  # type: ignore[misc]

    assert blue > red


def test_the_same_picture_is_the_same_content() -> None:
    assert accept(jpeg()).sha256 == accept(jpeg()).sha256
    assert accept(jpeg(gps=False)).sha256 == accept(jpeg()).sha256


@pytest.mark.parametrize(
    ("form", "type"),
    [("PNG", "image/png"), ("GIF", "image/png"), ("WEBP", "image/webp"), ("JPEG", "image/jpeg")],
)
def test_pictures_of_every_kind_are_drawn_anew(form: str, type: str) -> None:
    kept = accept(drawn(form), "whatever.exe")

    assert (kept.type, kept.sort) == (type, "picture")
    assert opened(kept.data).size == (20, 10)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_pictures_in_every_mode_are_drawn_anew(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (9, 7)).save(out, "JPEG" if mode == "CMYK" else "PNG")

    assert opened(accept(out.getvalue()).data).size == (9, 7)


def test_what_hides_behind_a_picture_is_left_behind() -> None:
    both = drawn("PNG") + b"PK\x03\x04 a second file <script>"

    assert b"<script>" not in accept(both).data


def test_text_in_a_png_is_left_behind() -> None:
    from PIL.PngImagePlugin import PngInfo

    notes = PngInfo()
    notes.add_text("Comment", "taken by xiaowang")
    notes.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta/>")

    kept = accept(drawn("PNG", pnginfo=notes, dpi=(300, 300)))

    assert b"xiaowang" not in kept.data
    assert b"xmpmeta" not in kept.data


def test_of_a_moving_picture_the_first_frame_is_kept() -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), color) for color in ("red", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])

    kept = opened(accept(out.getvalue()).data)

    assert getattr(kept, "n_frames", 1) == 1
    assert kept.convert("RGB").getpixel((0, 0)) == (255, 0, 0)


def test_a_bomb_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "MOST_PIXELS", 100)

    assert reason(drawn("PNG", (11, 10))) == "too_large"
    assert accept(drawn("PNG", (10, 10)))


def test_a_picture_of_two_hundred_million_pixels_is_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (20_000, 10_000)).save(out, "PNG")

    assert reason(out.getvalue()) == "too_large"


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_that_breaks_off_is_refused(form: str) -> None:
    whole = drawn(form, (200, 200))

    assert reason(whole[: len(whole) // 2]) == "broken"


@given(st.binary(max_size=200), st.sampled_from(["PNG", "JPEG", "GIF", "WEBP"]))
def test_whatever_follows_a_pictures_first_bytes_it_is_kept_or_refused(noise: bytes, form: str) -> None:
    with suppress(Unacceptable):
        assert accept(drawn(form)[:40] + noise).sort == "picture"


@pytest.mark.parametrize(
    ("data", "name", "type"),
    [
        (PDF, "a.exe", "application/pdf"),
        (XLSX, "", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (DOCX, "b.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("时间,金额\n10:00,128.00\n".encode(), "对账.csv", "text/csv"),
        ("时间,金额\n".encode("gb18030"), "对账.CSV", "text/csv"),
        ("2026-11-23 10:00 连接超时\n".encode(), "pos.log", "text/plain"),
        ("\ufeff日志".encode(), "", "text/plain"),
    ],
)
def test_documents_are_kept_as_they_are(data: bytes, name: str, type: str) -> None:
    kept = accept(data, name)

    assert (kept.data, kept.type, kept.sort) == (data, type, "file")


FORBIDDEN = {
    "a program": (b"MZ\x90\0\3", "a.pdf"),
    "an ELF program": (b"\x7fELF\2\1", ""),
    "a page": (b"<!DOCTYPE html><script>alert(1)</script>", "a.txt"),
    "a page behind space": (b"\n \t<html>", ""),
    "a vector picture": (b"<?xml version='1.0'?><svg onload='x()'/>", "a.png"),
    "a shell script": (b"#!/bin/sh\nrm -rf /\n", "a.txt"),
    "a batch file": (b"@echo off\r\ndel *", "a.txt"),
    "text called a script": (b"alert(1)", "a.js"),
    "text called a page": (b"hello", "a.html"),
    "an old Word document": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc"),
    "rich text": (b"{\\rtf1\\ansi}", "a.txt"),
    "nothing": (b"", "a.txt"),
    "binary": (bytes(range(256)), "a.txt"),
    "macros": (office("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), "a.xlsx"),
    "an embedded program": (office("[Content_Types].xml", "word/document.xml", "word/embeddings/x.bin"), ""),
    "a TIFF": (drawn("TIFF"), "a.tif"),
}


@pytest.mark.parametrize(("data", "name"), FORBIDDEN.values(), ids=FORBIDDEN)
def test_what_runs_or_renders_is_refused(data: bytes, name: str) -> None:
    assert reason(data, name) == "forbidden"


@pytest.mark.parametrize(
    "data",
    [
        office("a.txt"),
        office("[Content_Types].xml"),
        b"Rar!\x1a\7\1\0",
        b"7z\xbc\xaf\x27\x1c\0",
        b"\x1f\x8b\x08",
    ],
    ids=["zip", "a zip with one part of an office document", "rar", "7z", "gzip"],
)
def test_an_archive_is_refused_as_one(data: bytes) -> None:
    assert reason(data) == "archive"


def test_a_zip_that_breaks_off_is_broken() -> None:
    assert reason(XLSX[:40]) == "broken"


def test_the_limits_are_inclusive() -> None:
    assert accept(b"a" * MOST_FILE, "a.txt")
    assert reason(b"a" * (MOST_FILE + 1), "a.txt") == "too_large"
    assert reason(b"\x89PNG\r\n\x1a\n" + bytes(MOST_PICTURE)) == "too_large"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("对账单 11月.xlsx", "对账单 11月.xlsx"),
        ("..\\..\\windows\\a.txt", "a.txt"),
        ("/etc/passwd", "passwd"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie x.txt"),
        ('"><script>.txt', "script.txt"),
        ("\u202egpj.exe", "gpj.exe"),
        ("...", ""),
        ("长" * 300 + ".xlsx", "长" * 95 + ".xlsx"),
    ],
)
def test_a_name_is_one_line_and_no_path(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def reason(data: bytes, name: str = "") -> str:
    with pytest.raises(Unacceptable) as refused:
        accept(data, name)
    return refused.value.reason
