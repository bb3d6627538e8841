"""Whether somebody reports that something does not work, or asks what to do about it."""

from __future__ import annotations

import re

_FAULT = re.compile(
    r"报错|错误|打不开|失败|异常|故障|坏|没反应|用不了|不能用|没法用|死机|黑屏|白屏|连不上|掉线|卡住|卡死|崩溃|闪退|"
    r"不出纸|不到账|没到账|收不到|出问题|不好使|无法|瘫痪|中断|超时"
)
_ASKS = re.compile(r"怎|咋|如何|什么|啥|吗|呢|[?？]|为何|可以|能不能|能否|是不是|哪|几|多少|多久")


def is_fault(text: str) -> bool:
    """Whether the words report that something does not work."""
    return _FAULT.search(text) is not None


def stated(text: str) -> bool:
    """Whether a fault is reported and nothing asked: 收银台打不开, not 收银台打不开怎么办."""
    return is_fault(text) and _ASKS.search(text) is None
