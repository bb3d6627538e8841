"""What an integration costs, as people write it beside a plan: 无费用, 免费, 收费 3000 元."""

from __future__ import annotations

import re

_NONE = re.compile(
    r"[,，;；、\s]*(?:费用\s*[:：]?\s*)?(?:无费用|没有费用|免费用?|不收费|无需费用|费用\s*[:：]?\s*无)[。\s]*"
)
_CHARGED = re.compile(
    r"[,，;；、\s]*(?:有费用|收费|费用|报价)\s*[:：]?\s*(?P<yuan>\d[\d,]*(?:\.\d{1,2})?)\s*(?P<unit>万)?\s*元?[。\s]*"
)


def taken_out(text: str) -> tuple[str, str]:
    """The fee a plan names in words, empty where it names none; and the plan without it."""
    if found := _CHARGED.search(text):
        fee = f"{found['yuan']}{found['unit'] or ''} 元" if not found["unit"] else f"{found['yuan']} 万元"
        return fee, _without(text, found)
    if found := _NONE.search(text):
        return "无费用", _without(text, found)
    return "", text


def _without(text: str, found: re.Match[str]) -> str:
    before, after = text[: found.start()].rstrip(" ,，;；"), text[found.end() :].lstrip(" ,，;；")
    return f"{before}，{after}" if before and after else before or after
