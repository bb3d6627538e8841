"""Reading a message as a command: 接单 1001, 1001 解决 已换, 催单 1001 1002, 挂起 alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from handlers.commands import COMMANDS, Command
from handlers.reading import NUMBER, asks, bare, fold

_BY_WORD: Mapping[str, Command] = {word: command for command in COMMANDS for word in command.words}
_WORDS = "|".join(sorted(_BY_WORD, key=len, reverse=True))


@dataclass(frozen=True)
class Spoken:
    """A command as somebody typed it.

    Attributes:
        command: which. ``number``: the order, None where none was named.
        argument: what follows, as typed.
        sure: it cannot be anything else: it names a number, or is the word alone.
        more: the orders named beside the first.
    """

    command: Command
    number: int | None
    argument: str
    sure: bool
    more: tuple[int, ...] = ()


_LABEL = r"(?:工单|单号|[#№])?\s*[#№]?\s*"
# After a space only where nothing is tied to it: 1001 单 已好, but 1001 单台报错, 1001 号段不符.
_UNIT = r"(?:(?:号(?:工单|单)?|工单|单)|\s+(?:号(?:工单|单)?|工单|单)(?=\W|[和与及跟]|$))?"
_NOT_NUMBER = r"(?!\s*(?:元|块|笔|万|个|条|台|年|月|次|报错|错误|代码|应答码))"
_BREAK = r"[\s,，:：、。;；]+"
_LEADING = re.compile(
    rf"^{_LABEL}{NUMBER}{_NOT_NUMBER}{_UNIT}\s*[,，:：]?\s*(?P<word>{_WORDS})(?P<rest>.*)$", re.DOTALL
)
_TRAILING = re.compile(
    rf"^(?:请|麻烦|帮忙|我要|帮我)?(?P<word>{_WORDS})(?:一下|下)?\s*[:：,，]?\s*{_LABEL}{NUMBER}{_NOT_NUMBER}{_UNIT}(?P<rest>.*)$",
    re.DOTALL,
)
_MORE = re.compile(
    rf"\s*(?:[,，、;；和与及跟]|(?<=\s)|\s)\s*{_LABEL}{NUMBER}{_NOT_NUMBER}{_UNIT}(?=\W|[和与及跟]|$)"
)
_LIST = re.compile(
    rf"^{_LABEL}{NUMBER}{_UNIT}(?P<more>(?:{_MORE.pattern})+)\s*[,，:：]?\s*(?P<word>{_WORDS})(?P<rest>.*)$",
    re.DOTALL,
)
_TAKE = re.compile(rf"接\s*{_LABEL}{NUMBER}{_UNIT}")
_WITHOUT = re.compile(rf"^(?P<word>{_WORDS}){_BREAK}(?P<rest>.+)$", re.DOTALL)


def read(text: str) -> Spoken | None:
    """The command a message is, None where it is none.

    A question about something (退回1001元怎么操作, 解决方案在哪看) is none.
    """
    folded = fold(text).strip()
    whole = bare(text)
    if whole in _BY_WORD:
        return Spoken(_BY_WORD[whole], None, "", sure=True)
    if found := _TAKE.fullmatch(whole):
        return Spoken(_BY_WORD["接单"], int(found[1]), "", sure=True)
    offset = len(text) - len(text.lstrip())
    if found := _LIST.match(folded):
        numbers = [int(n) for n in re.findall(NUMBER, folded[: found.end("more")])]
        rest = _argument(text[offset:][found.start("rest") :])
        if not asks(rest):
            return Spoken(_BY_WORD[found["word"]], numbers[0], rest, sure=True, more=tuple(numbers[1:]))
    for form in (_LEADING, _TRAILING):
        if found := form.match(folded):
            command = _BY_WORD[found["word"]]
            rest = _argument(text[offset:][found.start("rest") : found.end("rest")])
            if asks(rest) or (found["word"] == "方案" and form is _LEADING and not rest):
                continue
            more: list[int] = []
            at = found.start("rest")
            while form is _TRAILING and (other := _MORE.match(folded, at)):
                more, at = [*more, int(other[1])], other.end()
            if more and not command.takes:
                rest = _argument(text[offset:][at : found.end("rest")])
            number = int(found[_number_group(found)])
            return Spoken(command, number, rest, sure=True, more=tuple(more))
    if found := _WITHOUT.match(folded):
        command = _BY_WORD[found["word"]]
        rest = _argument(text[offset:][found.start("rest") : found.end("rest")])
        if command.takes and not asks(rest):
            return Spoken(command, None, rest, sure=False)
    return None


def _number_group(found: re.Match[str]) -> int:
    return next(i for i in range(1, 4) if (found[i] or "").isdigit())


def _argument(rest: str) -> str:
    """What follows the words of a command, without the marks between."""
    return rest.strip().lstrip(",，:：、。;；").strip()
