"""Obligations as people write them: numbers (Y3), forms filed in one sentence, marks of a survey."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from handlers.calls import past
from handlers.here import Here
from handlers.phrases.names import ROLE_WORDS
from handlers.reading import fold
from workorders.directory.people import Partner, Role
from workorders.obligations.errors import BadField
from workorders.obligations.matters import Goods, Item

#: An obligation's number as people say it; never part of a word or of a longer number.
NUMBER = r"(?:约定事项|约定)?\s*(?<![A-Za-z0-9])[Yy]\s*([1-9]\d{0,6})(?!\d)\s*号?"

_AMOUNT = re.compile(r"(?P<sign>[-－负])?\s*[￥¥]?\s*(?P<n>\d[\d,，]*(?:\.\d+)?)\s*(?P<unit>万元|元|块)")
_DAY = re.compile(
    r"(?:(?P<y>20\d\d)[-/.年])?(?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})[日号]?(?![\d:：])|"
    r"(?P<w>今天|今日|昨天|昨日|前天|明天|后天)"
)
_WORDS = {"今天": 0, "今日": 0, "昨天": -1, "昨日": -1, "前天": -2, "明天": 1, "后天": 2}
_MARKS = re.compile(r"^\s*(?:[0-9][\s分,，、/;；]*+){4}(?![0-9])")
_ALL = re.compile(r"^(?:全部?|都|均)(?:是|打|给)?\s*([0-9])\s*分?(?![0-9])")
_EDGES = " \n,，。.;；、:：-—"


def split(text: str) -> list[str]:
    """The words of a form."""
    return [word for word in re.split(r"[\s,，;；、]+", text.strip()) if word]


def partner(word: str, here: Here) -> Partner:
    """The partner of that name.

    Raises:
        BadField: no or several partners are called that.
    """
    found = here.directory.partners_named(word) if word else ()
    if len(found) != 1:
        raise BadField("partner", word, "a partner's name or alias as in the directory")
    return found[0]


def goods(text: str) -> Goods:
    """Hardware or software.

    Raises:
        BadField: neither, or both.
    """
    hard, soft = "硬件" in text, "软件" in text
    if hard is soft:
        raise BadField("goods", "", "hardware, software")
    return "hardware" if hard else "software"


def fen(text: str) -> int:
    """An amount in hundredths of a yuan.

    Raises:
        BadField: there is none, it is negative, or finer than that.
    """
    found = _AMOUNT.search(fold(text))
    if found is None:
        raise BadField("amount", "", "yuan, from 0, at most two decimals")
    amount = Decimal(found["n"].replace(",", "").replace("，", "")) * (
        10000 if found["unit"] == "万元" else 1
    )
    hundredths = amount * 100
    if found["sign"] or hundredths != int(hundredths):
        raise BadField("amount", found[0].strip(), "yuan, from 0, at most two decimals")
    return int(hundredths)


def without_amount(text: str) -> str:
    """The text without its amount, whose digits are no moment."""
    return _AMOUNT.sub(" ", fold(text))


def delivered(text: str, here: Here) -> datetime:
    """The past moment a text names; a day alone means its noon, or this moment today.

    Raises:
        BadField: there is none, or it is impossible or to come.
    """
    named = past.moments(fold(text), here.now, here.agreement.calendar)
    if named:
        when = named[0]
        if when.at is None or when.at > here.now:
            raise BadField(
                "delivered", when.said.strip(_EDGES), "a moment of the last year, not in the future"
            )
        return when.at
    on = day(text, here, "delivered", ahead=False)
    return min(here.agreement.calendar.moment(on, 12 * 60), here.now)


def day(text: str, here: Here, field: str, *, ahead: bool) -> date:
    """The day a text names.

    Args:
        field: what to call it where it cannot be. ``ahead``: a day without a year is the next of that date,
            else the last.

    Raises:
        BadField: no day, or one no calendar has.
    """
    found = _DAY.search(fold(text))
    if found is None:
        raise BadField(field, "", "a day, e.g. 2026-12-07")
    today = here.agreement.calendar.local_day(here.now)
    if found["w"]:
        return date.fromordinal(today.toordinal() + _WORDS[found["w"]])
    year, month, dom = int(found["y"] or today.year), int(found["m"]), int(found["d"])
    try:
        on = date(year, month, dom)
        if not found["y"] and ahead and on < today:
            on = date(year + 1, month, dom)
        if not found["y"] and not ahead and on > today:
            on = date(year - 1, month, dom)
    except ValueError:
        raise BadField(field, found[0], "a day, e.g. 2026-12-07") from None
    return on


@dataclass(frozen=True)
class Moved:
    """Who is moved by a change, as written: the post, who leaves, who comes, and what else was said."""

    role: Role
    rank: int
    leaves: str
    comes: str
    effective: date
    stamped: bool
    reach: str


_POST = re.compile(r"(?P<role>[\u4e00-\u9fffA-Za-z]{2,5}?)(?:对接人|岗位|岗)?(?P<rank>一责|二责)?$")
_FROM_TO = re.compile(
    r"(?:由|从)?(?P<leaves>[^\s,，>→]{1,16}?)\s*(?:->|→|>|改为|变更为|换成|换为|换)\s*(?P<comes>[^\s,，。]{1,16})"
)
_STAMP = re.compile(r"(?P<no>未|没|无|不)?(?:有)?(?:已)?(?:加)?盖(?:公)?章|(?P<none>无章)")
_PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)")


def moved(text: str, here: Here) -> Moved:
    """A change of people: 技术 小王→小新 12月7日 盖章 13800000000.

    Raises:
        BadField: the first field that is missing or impossible.
    """
    folded = fold(text)
    first = next(iter(split(folded)), "")
    found = _POST.match(first)
    role = ROLE_WORDS.get(found["role"].casefold()) if found else None
    if found is None or role is None:
        raise BadField("role", first, "a post, e.g. 技术")
    people = _FROM_TO.search(folded[folded.index(first) + len(first) :])
    if people is None:
        raise BadField("leaves", "", "who had the post and who gets it: 小王→小新")
    rest = folded.replace(people[0], " ", 1)
    stamp, phone = _STAMP.search(rest), _PHONE.search(rest)
    if stamp is None:
        raise BadField("stamped", "", "yes or no: whether the letter bears the company's stamp")
    return Moved(
        role,
        2 if found["rank"] == "二责" else 1,
        people["leaves"],
        people["comes"],
        day(_PHONE.sub(" ", rest), here, "effective", ahead=True),
        not (stamp["no"] or stamp["none"]),
        phone[0] if phone else "",
    )


def marks(text: str) -> tuple[Mapping[Item, int], str] | None:
    """A survey's marks and the remark after them: 5 4 5 4 回复再快些, 5454, 都5分; None where it has none."""
    folded = fold(text)
    if found := _ALL.match(folded.strip()):
        start = len(folded) - len(folded.lstrip()) + found.end()
        return dict.fromkeys(Item, int(found[1])), _remark(text[start:])
    if found := _MARKS.match(folded):
        digits = [int(c) for c in found[0] if c.isdigit()]
        return dict(zip(Item, digits, strict=True)), _remark(text[found.end() :])
    return None


def _remark(text: str) -> str:
    """The remark without the word that announces it (意见：…)."""
    return re.sub(r"^(?:意见|备注|建议)\s*[:：]\s*", "", text.strip(_EDGES))
