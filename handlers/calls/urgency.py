"""Whether a call is urgent, as people say it: 紧急, 很急, 不是很紧急; and what only sounds so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["urgent", "daily"]

_VERY = r"(?:十分|非常|特别|比较|有点|很|挺|太|万分|真的?)"
_SAID = re.compile(
    rf"(?P<no>(?:不是(?:很|太|特别|那么)?|并不|不太|不算|不怎么|不用|不|非)(?:紧急|着急|加急|急)(?!于)的?)|"
    rf"(?P<yes>(?:情况|事情|问题)?{_VERY}?(?:紧急|加急|特急|急件|十万火急|火急|火速|急需|急用|着急用?)"
    # 紧急联系人, 加急的那单: named, not said.
    r"(?!联系|停|按钮|预案|程度(?!高)|号码|电话|制动|出口|情况下|时候?(?!间)|的?[那这]|的单|的?审核|进件|费)(?:处理|故障|工单|情况|程度高)?|"
    rf"{_VERY}急的?|(?<![\w])急+(?![\w])|(?i:urgent))|"
    r"(?P<mild>(?:级别|优先级|(?<![\w]))(?:日常|普通|一般)(?:问题|工单|故障|咨询)?(?![\w]))"
)


@dataclass(frozen=True)
class Said:
    """Words about how urgent it is, at ``start`` to ``end``; ``mild`` where they only name the usual."""

    kind: Kind
    start: int
    end: int
    mild: bool


def urgencies(text: str) -> Iterator[Said]:
    """Whatever a text says about how urgent it is, in order."""
    for found in _SAID.finditer(text):
        yield Said("urgent" if found["yes"] else "daily", *found.span(), bool(found["mild"]))


def urgency(said: str) -> Kind | None:
    """What is urgent by these words and no others: 紧急, 不急; None where they say something else."""
    found = _SAID.fullmatch(said)
    return None if found is None else "urgent" if found["yes"] else "daily"
