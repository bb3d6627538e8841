"""When two ways of writing a name or a userid are the same one."""

from __future__ import annotations

import unicodedata


def name_key(text: str) -> str:
    """What names are compared by: width (NFKC), case and spacing make no difference."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def userid_key(userid: str) -> str:
    """What userids are compared by: WeCom writes them lower-case in some of its answers."""
    return userid.strip().casefold()
