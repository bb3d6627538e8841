"""What holds whatever anybody writes."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers import INTENTS
from handlers.message import Incoming
from handlers.phrases import help
from handlers.router import answer
from tests.handlers.stage import DUTY_GROUP, LAO_LI, STRANGER, XIAO_SUN, XIAO_WANG, XINGHE_GROUP, Desk

PIECES = st.sampled_from(
    [
        "接单",
        "给方案",
        "解决",
        "挂起",
        "恢复",
        "转交",
        "接手",
        "改派",
        "转紧急",
        "退回",
        "撤回",
        "催单",
        "重开",
        "关闭",
        "归属",
        "紧急",
        "报障",
        "进度",
        "为什么",
        "没解决",
        "已解决",
        "转人工",
        "1001",
        "１００２",
        "9999999",
        "①",
        "0",
        "工单",
        "#",
        " ",
        "，",
        "：",
        "今天18:00",
        "明天",
        "老周",
        "<@all>",
        "@所有人",
        "**",
        "](http://x.example)",
        "[x",
        "`",
        "\n# ",
        "<script>",
        "&lt;",
        "\u200b",
        "\x00",
        "\ud800",
        "?",
        "取消",
        "怎么",
        "退款",
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=8), max_size=8).map("".join)
KINDS = st.sampled_from(["text", "picture", "voice", "file", "video", "location", "enter", "other"])
STATES = st.sampled_from(
    [
        {},
        {"expect": "plan", "command": "给方案", "order": 1001},
        {"expect": "problem", "kind": "urgent"},
        {"expect": "pick", "orders": [1001, 1002], "command": "解决", "argument": ""},
        {"menu": ["refund-how", "gone"], "question": "退款"},
        {"expect": "plan"},
        {"expect": 7, "menu": 3, "asked": [1, ["a"], ["a", "b", "c"]]},
    ]
)
CALM = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@CALM
@given(
    TEXTS,
    TEXTS | st.none(),
    KINDS,
    st.sampled_from([XIAO_WANG, XIAO_SUN, LAO_LI, STRANGER]),
    st.sampled_from([None, XINGHE_GROUP, DUTY_GROUP]),
    STATES,
)
def test_whatever_is_written_gets_a_harmless_answer(
    desk: Desk, text, quote, kind, sender, group, state
) -> None:
    if desk.count < 2:
        desk.accepted("收银台打不开")
        desk.reported("打印机不出纸")
    chat = group.chatid if group else None
    incoming = Incoming(
        "aibot", "k", sender.userid, kind, text=text.strip(), quote=quote, chat=chat, state=state
    )

    reply = answer(incoming, desk.here(sender, group, chat))

    json.dumps(reply.state)
    shown = reply.text + "".join(
        replace(reply.card, buttons=()).__dict__.values().__str__() if reply.card else ""
    )
    for markup in ("<@", "@all", "@所有人", "](http", "<script", "\n# "):
        assert markup not in shown


@pytest.mark.parametrize("sender", [XIAO_WANG, LAO_LI])
def test_markup_in_an_order_is_never_said_as_markup(desk: Desk, sender: object) -> None:
    nasty = "<@all> **粗** [点我](http://x.example) `c` @所有人"
    desk.accepted(nasty)

    for text in ("进度 1001", "进度", "为什么 1001", "催单", "解决 1001"):
        said = desk.says(text, sender)  # type: ignore[arg-type]
        for markup in ("<@", "**", "](", "`", "@所有人"):
            assert markup not in said


def test_every_intent_has_a_name_of_its_own() -> None:
    names = [intent.name for intent in INTENTS]

    assert len(set(names)) == len(names)


def test_every_help_line_is_short() -> None:
    for section in (*help.PARTNERS, *help.DESK):
        for _, line in section.lines:
            assert len(line) <= 50
