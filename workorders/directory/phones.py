"""The one way a phone number is written, however somebody typed it."""

from __future__ import annotations

import re
import unicodedata

ACCEPTED = "a mobile as 13800000000, a landline with its area code as 010-62345678-802, 400…, 95… or +852…"

_HOME = r"(?:(?:\+|00)?86-?)?"
_FORMS = tuple(
    re.compile(form + r"(?:(?:-|转|#|x|ext)(?P<extension>\d{1,6}))?")
    for form in (
        _HOME + r"(?P<number>1[3-9](?:-?\d){9})",
        _HOME + r"(?P<number>0(?:10|2\d)-?\d{4}-?\d{4}|0[3-9]\d\d-?\d{3,4}-?\d{4})",
        # Behind +86 the area code is said without its 0.
        r"\+86-?(?P<area>(?:10|2\d)-?\d{4}-?\d{4}|[3-9]\d\d-?\d{3,4}-?\d{4})",
        r"(?P<number>[48]00(?:-?\d){7})",
        r"(?P<number>9[56]\d{3,6})",
        r"(?P<number>\+(?!86)[1-9](?:-?\d){6,14})",
    )
)


def phone_number(text: str) -> str:
    """A number as digits, without +86, an extension after a hyphen (design §6, ``hotline read``).

    Numbers abroad keep their ``+`` and country code.

    Raises:
        ValueError: this is no complete phone number; ``ACCEPTED`` says what is.
    """
    written = re.sub(r"[\s().]|[‐-―]", _plain, unicodedata.normalize("NFKC", text).lower())
    for form in _FORMS:
        if found := form.fullmatch(written):
            parts = found.groupdict()
            digits = parts.get("number") or "0" + parts["area"]
            extension = parts.get("extension")
            return digits.replace("-", "") + (f"-{extension}" if extension else "")
    raise ValueError(f"{text!r} is no complete phone number")


def _plain(mark: re.Match[str]) -> str:
    """A hyphen for every kind of dash, nothing for spacing and brackets."""
    return "-" if mark[0] in "‐‑‒–—―" else ""
