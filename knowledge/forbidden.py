"""What a payment desk does not help with: such a question finds no article, however near one is.

The words are of merchants' trade in cash-out, accounts and forged papers; the chat answers them with one
fixed sentence and tells the risk desk (a handler's work), never with steps.
"""

from __future__ import annotations

import re
import unicodedata

_WORDS = """
套现 套取现金 代刷 刷流水 刷点流水 虚假流水 养卡 跑分 洗钱 洗黑钱
伪造 假执照 假证件 四件套 绕过风控 躲过风控 黑卡
"""
_TRADE = (
    r"(?:收购|出售|出租|租借|转让|倒卖|买卖|买(?![家方单了])|卖(?![家方点])|租).{0,2}"
    r"(?:商户号|收款码|对公账户|对公户|银行卡|商户信息|商户资料|身份证|营业执照)"
)
_FORBIDDEN = re.compile("|".join([*_WORDS.split(), _TRADE]))
_LONGEST = 400


def forbidden(text: str) -> str | None:
    """The words that make a question one the desk refuses, None where there are none."""
    plain = "".join(unicodedata.normalize("NFKC", text[:_LONGEST]).lower().split())
    found = _FORBIDDEN.search(plain)
    return found[0] if found else None
