"""What authenticates somebody, standing next to the word for it: only the word is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handlers.masking.numbers import Span

CVV, EXPIRY, CODE, ONE_TIME, PASSWORD, KEY = "CVV", "有效期", "验证码", "动态口令", "密码", "密钥"

_IS = r"(?:[ \u00a0\n]*(?:是|为|就是|[:：=＝])[ \u00a0\n:：=＝]*)"
_UNIT = r"(?!\s*(?:位|次|秒|分|分钟|小时|天|个|元|条|年|月|号|%|％))"
_DIGITS = rf"\d(?:[ \-]?\d){{3,7}}(?![\d*A-Za-z]|[.]\d){_UNIT}"
_WORD = r"[A-Za-z0-9!#$%^&*_.+\-@]"
_NEXT = r"[ \u00a0\n,，]*"
_MIXED = r"(?=[A-Za-z!#$%^&*_.+\-@]*\d)"
#: 验证码发给您：847291
_GIVEN = r"[ \u00a0\n,，:：（(【]*(?:我|再)?(?:已经?)?(?:发|给|告诉)(?:发|给|到|您|你|了)*[ \u00a0\n,，:：]*"


def _said(words: str) -> str:
    """Any of the words, with a space between its characters or without."""
    return "(?:" + "|".join(" ?".join(word) for word in words.split()) + ")"


_CODE_WORDS = _said("验证码 校验码 短信码 手机码 確認碼 驗證碼 校驗碼")
_SECRETS = tuple(
    (what, re.compile(pattern, re.IGNORECASE))
    for what, pattern in (
        (
            CVV,
            rf"(?:cv[vnc] ?2?|{_said('安全码')}|(?:卡背面?|背面|签名栏)的?(?:最?后)?(?:三|3)位(?:数字?|码)?)"
            rf"(?:{_IS}|{_NEXT})(?P<value>\d ?\d ?\d ?\d?(?!\d){_UNIT})",
        ),
        (
            EXPIRY,
            r"(?:有效期(?:至|到|限)?|expiry|exp(?:ires?)?|(?:valid|good) ?thru)(?:date)?"
            rf"(?:{_IS}|{_NEXT})"
            # As it stands on a card: 12/28, 1228, 12/2028, 28年12月; a whole date is of something else.
            r"(?P<value>(?:0[1-9]|1[0-2])\s?[/\-]?\s?(?:20)?\d\d(?![\d/]|-\d)|\d\d年(?:1[0-2]|0?[1-9])月?)"
            + _UNIT,
        ),
        (
            CODE,
            rf"(?:{_CODE_WORDS}|(?:verification|security|sms|auth(?:entication)?|your) code(?: is)?)"
            rf"(?:{_IS}|{_GIVEN}|{_NEXT})"
            rf"(?P<value>{_DIGITS}|(?=[A-Za-z]*\d)[A-Za-z0-9]{{4,8}}(?![A-Za-z0-9]){_UNIT})",
        ),
        (
            CODE,
            rf"(?<!\d)(?P<value>\d{{4,8}}\s?(?=是|就是)|\d{{6,8}}(?=\s?[,，（(]))\s?(?:是|就是|[,，（(])"
            rf"\s?(?:我的|您的|你的|这次的?|收到的)?(?:短信|动态|登录)?{_CODE_WORDS}"
            r"(?!问题|错|收|发|没|不|输|怎|总|一直|[ :：是为]*\d)",
        ),
        (
            ONE_TIME,
            rf"(?:{_said('动态口令 动态密码 动态码 令牌码 動態密碼')}|(?<![a-z])otp)"
            rf"(?:{_IS}|{_GIVEN}|{_NEXT})(?P<value>{_DIGITS})",
        ),
        (PASSWORD, rf"(?<![a-z])pin(?: ?码)?(?:{_IS}|[ \u00a0])(?P<value>\d{{4,6}}(?!\d){_UNIT})"),
        (
            PASSWORD,
            rf"(?:{_said('密码 口令 密碼')}|(?<![a-z])(?:password|passwd|pwd|pin ?码|pin))"
            rf"(?:{_IS}(?P<value>{_WORD}{{3,64}})"
            rf"|(?:[ \u00a0]*|[ \u00a0]is[ \u00a0])(?P<value2>{_MIXED}{_WORD}{{6,64}})){_UNIT}",
        ),
        (
            KEY,
            r"(?:密钥|私钥|(?<![a-z])(?:app|api|access|client|private)?[ _-]?(?:secret|token|key))"
            rf"{_IS}[\"']?(?P<value>{_MIXED}[A-Za-z0-9_.+/=\-]{{16,}})",
        ),
        (KEY, r"(?P<value>-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?)"),
    )
)


def secrets(text: str) -> Iterator[Span]:
    """Values that stand next to the word for them, in a folded text."""
    for what, pattern in _SECRETS:
        for found in pattern.finditer(text):
            for name, value in found.groupdict().items():
                if value:
                    start = found.start(name)
                    yield start, start + len(value.rstrip()), what, f"[已屏蔽:{what}]"
