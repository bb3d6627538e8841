"""From what a person typed to what can be compared: normal form, grams, sounds, synonyms."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from itertools import pairwise

LONGEST = 400
"""Characters of a question that are looked at; nobody asks one question in more."""

# What people wrap around a question. Dropped as whole phrases, longest first, never single characters
# that carry meaning: "不" and "没" stay, since "不能退款" and "能退款" are different questions.
_FILLERS = (
    "您好|你好|hello|hi|请问一下|请问下|请问|麻烦问一下|麻烦问下|想问一下|想问下|我想问|问一下|问下|咨询一下|咨询下|"
    "我想咨询|想咨询|咨询|麻烦帮忙|麻烦您|麻烦你|麻烦|劳驾|打扰一下|打扰了|打扰|帮忙看一下|帮忙看下|帮我看看|"
    "帮看一下|帮看下|看一下|看下|帮我|帮忙|各位|老师|亲爱的|亲|大神|小姐姐|客服|在吗|在不在|谢谢您|谢谢你|谢谢|多谢|感谢|"
    "辛苦了|辛苦|拜托|不好意思|是这样的|我想知道|想知道|谁知道|有谁知道|的话|一下"
)
_FILLER = re.compile(_FILLERS)
_NOT_WORDS = re.compile(r"[^0-9a-z一-鿿㐀-䶿]+")
_LATIN = re.compile(r"[0-9a-z]+")


@cache
def _sounds() -> dict[str, str]:
    """Toneless pinyin of each common character, simplified and traditional.

    The table was made once from pypinyin's (MIT): reading 28 KB costs 2 ms, importing pypinyin
    240 ms and 56 MB.
    """
    table: dict[str, str] = {}
    for line in files("knowledge").joinpath("pinyin.txt").read_text("utf-8").splitlines():
        sound, characters = line.split(" ")
        table.update(dict.fromkeys(characters, sound))
    return table


@cache
def _synonyms() -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern over every synonym, longest first, and the word each stands for."""
    groups = tomllib.loads(files("knowledge").joinpath("synonyms.toml").read_text("utf-8"))["groups"]
    meant = {word: group[0] for group in groups for word in group}
    return re.compile("|".join(map(re.escape, sorted(meant, key=len, reverse=True)))), meant


def normal(text: str) -> str:
    """The form everything compares: NFKC, lower case, no filler or punctuation, synonyms settled.

    Args:
        text: anything a person may type; beyond ``LONGEST`` characters it is not read.
    """
    text = unicodedata.normalize("NFKC", text[:LONGEST]).lower()
    text = _NOT_WORDS.sub(" ", text)
    text = _FILLER.sub(" ", text) if len(text) > 4 else text
    pattern, meant = _synonyms()
    text = pattern.sub(lambda found: meant[found[0]], text)
    return " ".join(text.split())


def tokens(text: str) -> list[str]:
    """Units of a normal text: one Chinese character, or one run of letters and digits."""
    units: list[str] = []
    for part in text.split(" "):
        at = 0
        for run in _LATIN.finditer(part):
            units.extend(part[at : run.start()])
            units.append(run[0])
            at = run.end()
        units.extend(part[at:])
    return units


def sound(unit: str) -> str:
    """How a unit sounds, with the confusions of southern speech and hurried typing folded together."""
    spoken = _sounds().get(unit, unit)
    if spoken is unit:
        return unit
    if spoken[1:2] == "h" and spoken[0] in "zcs":
        spoken = spoken[0] + spoken[2:]
    return spoken[:-1] if spoken.endswith(("ing", "eng")) else spoken


def grams(units: list[str]) -> list[str]:
    """Single units, pairs of neighbours, and pairs of their sounds: what two texts may have in common."""
    heard = [sound(unit) for unit in units]
    pairs = [a + b for a, b in pairwise(units)]
    spoken = [f"~{a} {b}" for a, b in pairwise(heard)]
    return units + pairs + spoken
