"""A call as somebody logged it, in one sentence or many lines, read into its fields.

What is recognised is cut out of the text, field by field; what is left is the problem. Nothing is guessed
silently: doubts are sentences for whoever logged the call.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from handlers.calls.names import (
    SAYS,
    SPACED,
    TITLED,
    looks_like_company,
    looks_like_name,
    nearest,
    short_name,
)
from handlers.calls.past import When, moments
from handlers.calls.phones import Number, numbers
from handlers.calls.remains import CUT, EDGE, tidy
from handlers.calls.urgency import urgencies
from handlers.reading import fold
from workorders.agreement.worktime import Calendar

Field = Literal["partner", "caller", "phone", "kind", "called_at", "problem"]


@dataclass(frozen=True)
class Doubt:
    """What could be read two ways or not at all: the field, and a sentence for whoever logged the call.

    Attributes:
        offer: the value it may well be, which a yes would settle; empty where there is none.
    """

    field: Field
    said: str
    offer: str = ""


@dataclass(frozen=True)
class Call:
    """How a logged call is understood (design §7, ``hotline read``).

    Attributes:
        partner: the directory's full name. ``caller``: as spoken. ``phone``: its digits, without +86, an
            extension after a hyphen.
        called_at: aware; when it was logged, where nothing else was said or what was said cannot be.
        missing: names of fields a call must have and this one lacks, in the order they are asked for.
        doubts: what could be read two ways or not at all.
        timed: whether a moment was said, and ``called_at`` is it.
    """

    partner: str | None
    caller: str | None
    phone: str | None
    kind: Literal["daily", "urgent"]
    called_at: datetime
    problem: str | None
    missing: tuple[Field, ...]
    doubts: tuple[Doubt, ...]
    timed: bool = False


_COMMAND = re.compile(
    r"^[\s【\[]*(?:请|麻烦)?(?:帮我|帮忙|我)?(?:(?:登记|记录|记|录入|新增)?(?:一下|一下子|一个|一条|个)?"
    r"(?:来电登记|来电记录|电话登记|电话记录|来电|热线电话?|(?:刚才?|刚刚)?接(?:到|了|到了)?(?:一?个)?(?:来自)?(?:电话)?|电话)|(?:登记|记录|记)(?:一下|一条|一个|个))[\s:：,，】\]]*"
)
_LABELS: dict[str, tuple[str, ...]] = {
    "partner": ("合作伙伴", "伙伴", "单位", "公司", "客户单位", "所属单位", "来电单位"),
    "caller": ("联系人", "来电人", "姓名", "称呼", "客户姓名", "来电者"),
    "phone": (
        "回电号码",
        "联系电话",
        "回拨电话",
        "回电",
        "电话号码",
        "手机号码",
        "手机号",
        "手机",
        "电话",
        "号码",
        "来电号码",
    ),
    "called_at": ("来电时间", "接听时间", "致电时间", "时间"),
    "kind": ("紧急程度", "级别", "类型", "优先级", "是否紧急"),
    "problem": ("问题描述", "故障描述", "问题", "故障", "内容", "描述", "事由", "情况"),
}
_FIELD_OF = {label: field for field, labels in _LABELS.items() for label in labels}
_LONGEST_FIRST = "|".join(sorted(_FIELD_OF, key=len, reverse=True))
_LABEL = re.compile(rf"(?:(?<=^)|(?<=[\s\0,，;；。、]))(?P<label>{_LONGEST_FIRST})\s*[:：]\s*")
_GLUE = re.compile(
    r"^(?:的|(?:股份)?(?:有限|责任)*公司|那边|这边|方面|处|家|有位|一位|的?客户|商户|的?同事|工作人员)+"
)
_CAME = re.compile(
    r"^(?:的?(?:来电话?|打来电话|打来|打过来|打电话来?|打的?电话|打的|致电|进线|打进来?|来的?电话|电话)的?|(?=反映|反馈|报障|报修|报|称|说))"
)
_OR = r"(?:或者?是?|和|及|以及)"
_CALLED = (
    r"(?:(?:回电|回拨|联系|来电|座机|本机)?(?:电话号码|电话|手机号码?|手机|号码|方式)"
    r"|座机|回电|回拨|tel|TEL|Tel)"
)
_NUMBERED = re.compile(
    rf"{_OR}?(?:请|麻烦|让|要|可以|可)?(?:我们|咱们|你们)?"
    rf"(?:(?:回|打|拨|联系)(?:给|到)?(?:[他她它]的?)?{_CALLED}?|(?:[他她]的?)?{_CALLED})(?:是|为|打)?[\s:：]*$|{_OR}\s*$"
)
#: 8:30-9:30 is a stretch of time, which no call comes at.
_UNTIL, _SINCE = re.compile(r"\s*[-~～—至到]+\s*\d"), re.compile(r"\d\s*[-~～—至到]+\s*$")
_CAME_BEFORE = re.compile(r"(?:来电时间|来电|接到|打来|时间)(?:是|为|于|在)?[\s:：]*$")


def read(text: str, at: datetime, partners: Iterable[tuple[str, Sequence[str]]], calendar: Calendar) -> Call:
    """Read a call.

    Args:
        text: as it was logged.
        at: when it was logged (aware); the default of ``called_at``, and what words such as 刚才 go by.
        partners: full name and aliases of every partner of the directory.
        calendar: whose zone the wall clock shows.
    """
    return _Reading(text, at, tuple(partners), calendar).call()


class _Reading:
    """One text being taken apart: ``rest`` loses what was recognised, at the same places."""

    def __init__(
        self, text: str, at: datetime, partners: tuple[tuple[str, Sequence[str]], ...], calendar: Calendar
    ) -> None:
        self.original = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", " ")
        self.rest = fold(self.original)
        self.at, self.partners, self.calendar = at, partners, calendar
        self.labelled: dict[str, tuple[int, int]] = {}
        self.doubts: list[Doubt] = []
        self.timed = False

    def call(self) -> Call:
        if found := _COMMAND.match(self.rest):
            # 电话 13800000000 is a label without its colon, and no less a beginning.
            self._cut(*found.span())
        self._labels()
        phone = self._phone()
        partner = self._partner()
        kind = self._kind()
        called_at = self._called_at()
        caller = self._caller()
        problem = self._problem()
        values = {"partner": partner, "caller": caller, "phone": phone, "problem": problem}
        missing: tuple[Field, ...] = tuple(
            field for field in ("partner", "caller", "phone", "problem") if values[field] is None
        )
        return Call(partner, caller, phone, kind, called_at, problem, missing, tuple(self.doubts), self.timed)

    def _cut(self, start: int, end: int) -> None:
        self.rest = self.rest[:start] + CUT * (end - start) + self.rest[end:]

    def _doubt(self, field: Field, said: str) -> None:
        self.doubts.append(Doubt(field, said))

    def _labels(self) -> None:
        """Where 联系人：, 电话： and the like say what follows; the labels themselves are cut out."""
        found = list(_LABEL.finditer(self.rest))
        edges = [*(label.start() for label in found), len(self.rest)]
        for here, end in zip(found, edges[1:], strict=True):
            field = _FIELD_OF[here["label"]]
            if field != "problem":
                line = self.rest.find("\n", here.end(), end)
                end = line if line >= 0 else end
            if field not in self.labelled:
                self.labelled[field] = (here.end(), end)
            self._cut(*here.span())

    def _within(self, field: str, start: int) -> bool:
        span = self.labelled.get(field)
        return span is not None and span[0] <= start < span[1]

    # Fields

    def _phone(self) -> str | None:
        found: list[Number] = [n for n in numbers(self.rest) if not self._within("problem", n.start)]
        labelled = [n for n in found if self._within("phone", n.start)]
        whole = [n for n in labelled if n.phone] or [n for n in found if n.phone]
        # One that stands by itself comes before one in the midst of other words, which are the problem's.
        whole.sort(key=lambda n: not self._alone(self._told(n), n.end))
        for number in found:
            if number.phone is None and (number in labelled or not whole):
                self._doubt("phone", f"电话「{number.said}」不完整，请核对")
                self._cut(number.start, number.end)
        if not whole:
            return None
        distinct = list(dict.fromkeys(n.phone for n in whole))
        if len(distinct) > 1:
            self._doubt(
                "phone", f"有 {len(distinct)} 个电话：{'、'.join(str(d) for d in distinct)}，回电打哪个？"
            )
        for number in whole:
            start = self._told(number)
            if number is whole[0] or self._alone(start, number.end):
                self._cut(start, number.end)
        return whole[0].phone

    def _told(self, number: Number) -> int:
        """Where a number begins with the words before it that say it is one: 回电, 她的手机号是."""
        before = _NUMBERED.search(self.rest[: number.start])
        return before.start() if before else number.start

    def _partner(self) -> str | None:
        """Names and aliases, longest first, so that 星河 in 星河支付 is not a second one."""
        known = sorted(
            (
                (fold(name).casefold(), full)
                for full, aliases in self.partners
                for name in (full, *aliases)
                if name
            ),
            key=lambda pair: -len(pair[0]),
        )
        named: dict[str, str] = {}
        text = self.rest.casefold()
        if len(text) != len(self.rest):
            text = self.rest  # a letter whose lower case is two: compared as it stands
        places: list[tuple[int, int, str]] = []
        for name, full in known:
            for found in re.finditer(re.escape(name), text):
                if not _inside_word(text, *found.span()) and not any(
                    s < found.end() and found.start() < e for s, e, _ in places
                ):
                    places.append((*found.span(), full))
        for start, end, full in sorted(places):
            named.setdefault(full, self.original[start:end])
        if len(named) > 1 and "partner" in self.labelled:
            marked = {full for start, _, full in places if self._within("partner", start)}
            named = {full: said for full, said in named.items() if full in marked} or named
        if len(named) > 1:
            self._doubt("partner", f"提到了 {len(named)} 家伙伴：{'、'.join(named)}，请确认是哪家")
            for start, end in self._runs(places):
                if self._alone(start, end):
                    self._cut(start, end)
            return None
        if len(named) == 1 and self._another(*sorted(places)[0]):
            return None
        for index, (start, end, _) in enumerate(sorted(places)):
            # Named again within the problem it belongs to the problem's words.
            if index == 0 or not self._within("problem", start):
                self._cut(start, end + len(_glue(self.rest[end:])))
        if named:
            return next(iter(named))
        if span := self.labelled.get("partner"):
            said = self.original[slice(*span)].strip(EDGE)
            if said:
                self._unknown(said)
                self._cut(*span)
                return None
        for piece in re.finditer(rf"[^\s{CUT},，。;；、:：!！|｜/]+", self.rest):
            elsewhere = any(self._within(field, piece.start()) for field in self.labelled)
            if not elsewhere and (looks_like_company(piece[0]) or self._near(piece[0])):
                self._unknown(piece[0])
                self._cut(*piece.span())
                break
        return None

    def _another(self, start: int, end: int, full: str) -> bool:
        """Whether 恒通 is said of another company than the directory's, such as 恒通科技."""
        word = re.match(rf"[^\s{CUT}{re.escape(EDGE)}]*", self.rest[start:])
        said = word[0] if word else ""
        if said == self.rest[start:end] or _GLUE.fullmatch(said[end - start :]):
            return False
        if not looks_like_company(said) and not nearest(said, [(fold(full), full)]):
            return False
        self.doubts.append(Doubt("partner", f"名录里没有「{said}」，是「{full}」吗？", full))
        self._cut(start, start + len(said))
        return True

    def _runs(self, places: list[tuple[int, int, str]]) -> list[tuple[int, int]]:
        """The places, those that only an 和 keeps apart as one."""
        runs: list[tuple[int, int]] = []
        for start, end, _ in sorted(places):
            if runs and re.fullmatch(
                r"[\s,，、/]*(?:和|与|及|还有)?[\s,，、/]*", self.rest[runs[-1][1] : start]
            ):
                runs[-1] = (runs[-1][0], end)
            else:
                runs.append((start, end))
        return runs

    def _near(self, said: str) -> str:
        """The partner whose name, or one of whose names, is written almost so."""
        names = [(fold(name), full) for full, aliases in self.partners for name in (full, *aliases)]
        return nearest(fold(said), names)

    def _unknown(self, said: str) -> None:
        """A partner the directory does not have, with the one it has that is written almost so."""
        near = self._near(said)
        asks = f"是「{near}」吗？" if near else "请确认是哪家伙伴"
        self.doubts.append(Doubt("partner", f"名录里没有「{said}」，{asks}", near))

    def _alone(self, start: int, end: int) -> bool:
        """Whether nothing but edges stands beside these words."""
        before, after = self.rest[:start][-1:], self.rest[end:][:1]
        return all(not beside or beside in EDGE + CUT for beside in (before, after))

    def _kind(self) -> Literal["daily", "urgent"]:
        kinds: set[str] = set()
        for said_so in list(urgencies(self.rest)):
            if self._within("problem", said_so.start) and said_so.mild:
                continue
            kinds.add(said_so.kind)
            self._cut(said_so.start, said_so.end)
        if span := self.labelled.get("kind"):
            said = self.original[slice(*span)].strip(EDGE)
            if said in ("是", "急", "高", "urgent"):
                kinds.add("urgent")
            self._cut(*span)
        if len(kinds) > 1:
            self._doubt("kind", "又说紧急又说不紧急，请确认")
            return "daily"
        return "urgent" if kinds == {"urgent"} else "daily"

    def _called_at(self) -> datetime:
        chosen: list[When] = []
        for when in moments(self.rest, self.at, self.calendar):
            if self._within("called_at", when.start) or self._is_calls(when):
                chosen.append(when)
        if span := self.labelled.get("called_at"):
            chosen = [when for when in chosen if self._within("called_at", when.start)]
            if not chosen and (said := self.original[slice(*span)].strip(EDGE)):
                self._doubt("called_at", f"来电时间「{said}」没看懂，请写成 15:30 或 5分钟前")
            for when in chosen:
                self._cut(when.start, when.end)
            self._cut(*span)
        called = None
        for when in chosen:
            start = (
                when.start - len(m[0]) if (m := _CAME_BEFORE.search(self.rest[: when.start])) else when.start
            )
            gap = len(self.rest[when.end :]) - len(self.rest[when.end :].lstrip(" "))
            came = _CAME.match(self.rest[when.end + gap :])
            self._cut(start, when.end + (gap + came.end() if came else 0))
            if when.doubt == "future":
                self._doubt("called_at", f"「{when.said.strip()}」还没到，来电时间不能晚于现在")
            elif when.doubt == "impossible":
                self._doubt("called_at", f"没有「{when.said.strip()}」这个时间，请核对来电时间")
            elif called is None:
                called = when.at
                if when.doubt:
                    said = when.said.strip()
                    self._doubt("called_at", f"「{said}」是几点？请连日期一起写，如「{said}15:00」")
            elif when.at != called:
                self._doubt("called_at", "说了两个时间，请确认来电时间")
        self.timed = called is not None
        return self.calendar.local(called or self.at)

    def _is_calls(self, when: When) -> bool:
        """Whether a moment stands by itself, or before 来电; 从昨天起 and 3天前申请的 are the problem's."""
        if self._within("problem", when.start):
            return False
        before, after = self.rest[: when.start], self.rest[when.end :]
        if _UNTIL.match(after) or _SINCE.search(before):
            return False
        if _CAME_BEFORE.search(before) or _CAME.match(after.lstrip(" ")):
            return True
        return self._alone(when.start, when.end)

    def _caller(self) -> str | None:
        if span := self.labelled.get("caller"):
            said = self.rest[slice(*span)].replace(CUT, " ").strip(EDGE)
            self._cut(*span)
            if said:
                return said
        pieces = list(re.finditer(rf"{SPACED}|[^\s{CUT},，。;；、:：!！|｜/()（）【】—-]+", self.rest))
        for piece in pieces:
            if self._within("problem", piece.start()):
                continue
            if (found := SAYS.match(piece[0])) and looks_like_name(found["name"]):
                self._cut(piece.start(), piece.start() + found.end())
                return found["name"]
        for piece in sorted(pieces, key=self._nearness):
            if self._within("problem", piece.start()):
                continue
            name = _INTRODUCED.sub("", piece[0])
            if looks_like_name(name) and not (name.isascii() and self._nearness(piece) >= 0):
                self._cut(*piece.span())
                return name
        for piece in pieces:
            if short_name(piece[0]) and self._nearness(piece) < -10_000:
                self._cut(*piece.span())
                return piece[0]
        for piece in pieces:
            if (found := TITLED.match(piece[0])) and not self._within("problem", piece.start()):
                self._cut(piece.start(), piece.start() + found.end())
                return found[0]
        return None

    def _nearness(self, piece: re.Match[str]) -> int:
        """Pieces beside a recognised field come first: names stand by the partner and the number."""
        before = self.rest[: piece.start()].rstrip(EDGE)[-1:]
        after = self.rest[piece.end() :].lstrip(EDGE)[:1]
        return -((before == CUT) + (after == CUT)) * 10_000 + piece.start()

    def _problem(self) -> str | None:
        if span := self.labelled.get("problem"):
            said = tidy(self._kept(*span))
            if said:
                return said
        return tidy(self._kept(0, len(self.rest))) or None

    def _kept(self, start: int, end: int) -> str:
        """What is left between two places, as it was written, a cut where something was taken out."""
        return "".join(
            CUT if self.rest[i] == CUT else self.original[i] for i in range(start, min(end, len(self.rest)))
        )


def _glue(text: str) -> str:
    found = _GLUE.match(text)
    return found[0] if found else ""


def _inside_word(text: str, start: int, end: int) -> bool:
    """Whether an alias of Latin letters or digits is only part of a longer word."""
    return (
        text[start].isascii()
        and text[start].isalnum()
        and start > 0
        and text[start - 1].isascii()
        and text[start - 1].isalnum()
    ) or (
        text[end - 1].isascii()
        and text[end - 1].isalnum()
        and end < len(text)
        and text[end].isascii()
        and text[end].isalnum()
    )


_INTRODUCED = re.compile(
    r"^(?:联系人|来电人|对接人|姓名|客户|顾客|商户|店长(?=..)|我是|找)(?:是|叫|为)?(?=.)"
)
