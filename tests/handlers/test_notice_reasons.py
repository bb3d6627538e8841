"""Why a notice did not arrive, as operations read it: in Chinese, for whatever the channels may answer."""

from __future__ import annotations

import re

import pytest

from bot.wecom.errcodes import from_errcode
from handlers.phrases.notice_evidence import reason
from workorders.notices.audience import NO_ADDRESS


@pytest.mark.parametrize("errcode", [40003, 60011, 60111, 81013, 93000, 93004, 93008])
def test_what_wecom_refuses_for_good_is_said_in_chinese(errcode: int) -> None:
    said = reason(from_errcode(errcode).reason)

    assert re.search("[一-鿿]", said)
    assert "errcode" not in said


@pytest.mark.parametrize(
    ("told", "said"),
    [
        *((why, "") for why in NO_ADDRESS.values() if "userid" not in why),
        (
            "the mail server refuses a@b.example: 550 5.1.1 no such user",
            "邮件服务器拒收（550 5.1.1 no such user）",
        ),
        ("WeCom did not deliver to xiaowang", "企业微信未送达该账号"),
        ("its answer was lost twice", "渠道没有答复，不确定是否送达"),
        ("wang@ is no mail address", "wang@ 不是邮箱地址"),
    ],
)
def test_and_so_is_what_mail_and_the_directory_say(told: str, said: str) -> None:
    assert reason(told) == said or (not said and re.search("[一-鿿]", reason(told)))
