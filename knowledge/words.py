"""From what a person typed to what can be compared: normal form, units, grams, sounds, synonyms."""

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
_FILLERS = """
您好 你好 请问一下 请问下 请问 麻烦问一下 麻烦问下 想问一下 想问下 我想问 问一下 问下 咨询一下 咨询下
我想咨询 想咨询 咨询 麻烦帮忙 麻烦您 麻烦你 麻烦 劳驾 打扰一下 打扰了 打扰 帮忙看一下 帮忙看下 帮我看看
帮看一下 帮看下 看一下 看下 帮我 帮忙 各位 老师 亲爱的 亲 大神 小姐姐 在吗 在不在 谢谢您 谢谢你 谢谢 多谢
感谢 辛苦了 辛苦 拜托 不好意思 是这样的 我想知道 想知道 有谁知道 谁知道 的话 一下
"""
_FILLER = re.compile("|".join(sorted(_FILLERS.split(), key=len, reverse=True)))
_SHORT = 4  # up to this many characters a filler may be all there is ("你好"), and is kept
_NOT_WORDS = re.compile(r"[^0-9a-z一-鿿㐀-䶿]+")
_UNIT = re.compile(r"[0-9a-z]+|[^ ]")
_NEEDLESS_SPACE = re.compile(r"(?<![0-9a-z]) +| +(?![0-9a-z])")

# Characters that make a question of a sentence but say nothing of what it is about. Counting them in full
# would make "英语四级什么时候考" a near neighbour of every "什么时候…" in a small library.
_FUNCTION = frozenset(
    "的了吗呢啊吧么嘛呀是我你您他她它们这那有在就都也还要会能可以和跟与及或个些什怎多少几哪为何如谁请让给把被对从"
    "到去来说想看用做办得地着过啥咋样里时候"
)

# How much each kind of gram counts; tuned on one half of public question pairs, reported on the other
# (benchmarks/ask.py): a handful of numbers, no trained weights.
_CHARACTER, _CODE, _LATIN_WORD, _FUNCTION_WORD = 1.0, 6.0, 2.0, 0.4
_LATIN_WORD_LETTERS = 4  # at most; longer runs are codes
_PAIR, _SOUND, _SOUND_PAIR = 0.5, 0.7, 0.2


@cache
def _sounds() -> dict[str, str]:
    """Toneless pinyin of each common character, simplified and traditional.

    The table was made once from pypinyin's (MIT): reading 28 KB costs 2 ms, importing pypinyin
    240 ms and 56 MB.
    """
    table: dict[str, str] = {}
    for line in files("knowledge").joinpath("pinyin.txt").read_text("utf-8").splitlines():
        spoken, characters = line.split(" ")
        table.update(dict.fromkeys(characters, spoken))
    return table


@cache
def _synonyms() -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern over every synonym, longest first, and the word each stands for."""
    tables = tomllib.loads(files("knowledge").joinpath("synonyms.toml").read_text("utf-8"))
    meant = {word: group[0] for table in tables.values() for group in table for word in group}
    return re.compile("|".join(map(re.escape, sorted(meant, key=len, reverse=True)))), meant


def normal(text: str) -> str:
    """The form everything compares: NFKC, lower case, no filler or punctuation, synonyms settled.

    Args:
        text: anything a person may type; beyond ``LONGEST`` characters it is not read.
    """
    text = unicodedata.normalize("NFKC", text[:LONGEST])[:LONGEST].lower()
    text = _NEEDLESS_SPACE.sub("", _NOT_WORDS.sub(" ", text))
    if len(text) > _SHORT:
        text = _NEEDLESS_SPACE.sub("", _FILLER.sub(" ", text))
    pattern, meant = _synonyms()
    return pattern.sub(lambda found: meant[found[0]], text)


def units(text: str) -> list[str]:
    """Units of a normal text: one Chinese character, or one run of letters and digits (a code, a name)."""
    return _UNIT.findall(text)


def content(text: str) -> list[str]:
    """The units of a normal text that say what it is about."""
    return [unit for unit in units(text) if unit not in _FUNCTION]


@cache
def sound(unit: str) -> str:
    """How a unit sounds, with the confusions of southern speech and hurried typing folded together."""
    spoken = _sounds().get(unit)
    if spoken is None:
        return unit
    if spoken[1:2] == "h" and spoken[0] in "zcs":
        spoken = spoken[0] + spoken[2:]
    return spoken[:-1] if spoken.endswith(("ing", "eng")) else spoken


def _count(unit: str) -> float:
    """How much one unit counts: a code (51, A0, USERPAYING) most, a Latin word (pos, api) some."""
    if unit[0].isascii():
        return _CODE if len(unit) > _LATIN_WORD_LETTERS or not unit.isalpha() else _LATIN_WORD
    return _FUNCTION_WORD if unit in _FUNCTION else _CHARACTER


def grams(text: str) -> dict[str, float]:
    """What two texts may have in common, and how much each counts.

    Units, pairs of neighbours, sounds (``~``, so that 进建 finds 进件) and pairs of sounds. A code such as
    51 or USERPAYING counts as much as a whole question in words: nobody types one by accident.
    """
    row = units(normal(text))
    heard = [sound(unit) for unit in row]
    counts = [_count(unit) for unit in row]
    bag: dict[str, float] = {}
    for unit, spoken, count in zip(row, heard, counts, strict=True):
        bag[unit] = count
        if spoken != unit:
            bag["~" + spoken] = _SOUND * count
    for (first, after), (count, next_count) in zip(pairwise(row), pairwise(counts), strict=True):
        bag[first + after] = _PAIR * min((count + next_count) / 2, 1.5)
    for (first, after), (count, next_count) in zip(pairwise(heard), pairwise(counts), strict=True):
        bag[f"~{first} {after}"] = _SOUND_PAIR * min((count + next_count) / 2, 1.5)
    return bag
