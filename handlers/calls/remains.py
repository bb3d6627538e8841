"""What is left of a call once its fields are taken out: the problem, in the caller's words."""

from __future__ import annotations

import re

CUT = "\0"
"""Stands in a text wherever something was taken out of it."""
EDGE = " \n\t,，。.;；、:：!！|｜/~～-—()（）【】[]\"'“”「」"
"""What stands between fields and says nothing by itself."""
_PAIRS = {"(": ")", "（": "）", "【": "】", "[": "]", "“": "”", "「": "」"}
_MARKS = "".join(mark for mark in EDGE if mark not in "()（）【】[]“”「」")

_LEAD = re.compile(
    r"^(?:其|他|她|对方)?(?:(?:刚才?|刚刚)?(?:来电|致电|打来电话|打来|打过来|打电话来?|来电话|电话|进线)?(?:反映|反应|反馈|报告|投诉|咨询|表示|告知|提出|报障|报修|称|说)(?:的?(?:是|问题)|道|到)?|来电话?|致电|电话(?=[\s:：,，])|(?:刚才?|刚刚)?(?:打来电话?|打过来|打电话来?)|问题是|的)?[\s:：,，]*(?:(?:其|他|她|对方)?(?:称|说)(?=\S))?"
)
_EMPTY = re.compile(rf"[(（【\[][{CUT}\s]*[)）】\]]")
_BETWEEN = re.compile(rf"[{CUT}\s,，;；、/|｜—-]*[{CUT}][{CUT}\s,，;；、/|｜—-]*")


def tidy(kept: str) -> str:
    """The problem without the gaps its neighbours left, and without 反映 and 说 before it."""
    kept = _EMPTY.sub(CUT, kept).strip(_MARKS + CUT)
    kept = _BETWEEN.sub(_joint, kept)
    kept = re.sub(r"\s*\n\s*", " ", kept)
    kept = re.sub(r"[ \t]+", " ", kept)
    return _unwrapped(_LEAD.sub("", kept))


def _unwrapped(text: str) -> str:
    """Without what stands at its edges, save brackets and quotes whose other half stands within."""
    while True:
        text = text.strip(_MARKS)
        first, last = text[:1], text[-1:]
        if first in _PAIRS and text.find(_PAIRS[first]) in (-1, len(text) - 1):
            text = text[1:]
        elif last in _PAIRS.values() and not any(text.find(o) >= 0 for o, c in _PAIRS.items() if c == last):
            text = text[:-1]
        else:
            return text


def _joint(gap: re.Match[str]) -> str:
    return "，" if re.search(r"[,，;；、]", gap[0]) else " "
