"""Letters in words: each names its order and its moment, and says what to do."""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import workorders.orders.telling as telling
from handlers.phrases import attachment_letters, desk_letters, letters, reporter_letters
from tests.handlers.stage import LAO_CHEN, LAO_LI, LAO_WU, LAO_ZHOU, STRANGER, XIAO_WANG, XINGHE_GROUP, Desk

#: Kinds of letters about one work order.
OF_ORDERS = sorted({*desk_letters.PHRASES, *reporter_letters.PHRASES, *attachment_letters.PHRASES})
AT = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
FACTS: dict[str, Any] = {
    "number": 1001,
    "urgent": False,
    "state": "open",
    "text": "收银台打不开，联系 13812345678",
    "role": "tech",
    "partner": "星河支付",
    "reporter": "小王",
    "reporter_id": "xiaowang",
    "owner": None,
    "by": "小王",
    "at": AT.isoformat(),
    "opened_at": AT.isoformat(),
    "response_due": "2026-11-23T06:35:00+00:00",
    "solution_due": "2026-11-24T01:05:00+00:00",
    "awaited": "终端号",
    "close_at": "2026-11-24T10:00:00+00:00",
    "part": "response",
    "level": 2,
    "plan": "更换机具",
    "completion": "2026-11-23T10:00:00+00:00",
    "note": "已重启",
    "reason": "不属于本系统",
    "said": "终端号是 T-1",
    "times": 2,
    "from": "laoli",
    "to": "laozhou",
    "from_name": "老李",
    "to_name": "老周",
    "nothing_left": False,
    "day": "2026-11-24",
    "into": 1002,
    "improvement": "每周回访",
    "due": AT.isoformat(),
    "received_at": AT.isoformat(),
    "kind": "new",
    "channel": "app",
    "recipient": "老李",
    "who": "小王",
    "group": "星河支付-服务群",
    "hotline": "400-000-1234",
    "told": ["小赵"],
    "sort": "picture",
    "unfit": "too_large",
    "pictures": 1,
}


_CHANGED = {"from": "daily", "to": "aftersales"}
_OF = {
    "rerouted": {"to": "aftersales"},
    "kind_changed": _CHANGED,
    "kind_changed_reporter": _CHANGED,
    "merged": {"order_kind": "daily"},
}


def facts(kind: str, **more: Any) -> dict[str, Any]:
    return {**FACTS, **_OF.get(kind, {}), **more}


def test_there_is_a_phrase_for_every_kind_somebody_may_be_told() -> None:
    """The kinds are read out of the module that writes letters."""
    tree = ast.parse(Path(telling.__file__).read_text(encoding="utf-8"))
    told = {"new", "page", "breach", "warn", *telling._KINDS.values()}
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("self._"):
            told |= {a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)}

    assert told <= set(OF_ORDERS)


@pytest.mark.parametrize("kind", OF_ORDERS)
@pytest.mark.parametrize("shared", [False, True])
def test_it_names_its_order_and_its_moment(kind: str, shared: bool) -> None:
    message = letters.render(kind, facts(kind), shared=shared)

    assert "工单 1001" in message.text
    assert "11-23 14:30" in message.text
    assert "今天" not in message.text
    assert "None" not in message.text
    if message.card:
        assert "1001" in message.card.title
        shown = message.card.desc + message.card.body + str(message.card.facts)
        assert "11-23 14:30" in shown


@pytest.mark.parametrize("kind", OF_ORDERS)
def test_in_a_group_it_is_text_that_mentions_the_reporter_and_hides_phones(kind: str) -> None:
    message = letters.render(kind, facts(kind), shared=True)

    assert message.card is None
    assert message.mention == ("xiaowang",)
    assert "13812345678" not in message.text


@pytest.mark.parametrize("kind", OF_ORDERS)
def test_two_moments_never_read_alike(kind: str) -> None:
    later = datetime(2026, 11, 23, 6, 31, tzinfo=UTC).isoformat()

    first, second = (letters.render(kind, facts(kind, at=at), shared=False) for at in (AT.isoformat(), later))

    assert first.text != second.text


@pytest.mark.parametrize("kind", OF_ORDERS)
def test_other_peoples_words_stay_words(kind: str) -> None:
    nasty = "<@all> **x** [y](http://z) `c`\n# h"
    words = dict.fromkeys(
        ("text", "plan", "note", "reason", "said", "awaited", "reporter", "owner", "by", "partner"), nasty
    )

    message = letters.render(kind, facts(kind, **words), shared=True)

    for markup in ("<@", "**", "](", "`", "\n#"):
        assert markup not in message.text


def test_a_new_order_may_be_accepted_planned_and_solved(desk: Desk) -> None:
    desk.reported()

    message = desk.last_letter_to(LAO_LI)

    assert message.card is not None
    assert [b.key for b in message.card.buttons] == ["accept:1001", "propose:1001", "solve:1001", "more:1001"]
    assert "接单 1001" in message.text
    assert ("最晚接单", "14:35") in message.card.facts


def test_a_breach_names_what_is_late(desk: Desk) -> None:
    desk.reported()
    desk.minutes_pass(6)

    assert "接单已超时" in desk.last_letter_to(LAO_ZHOU).text


def test_an_urgent_order_is_paged_as_such(desk: Desk) -> None:
    desk.hears("紧急 全部门店不能收款")
    first = desk.last_letter_to(LAO_LI)
    desk.minutes_pass(3)

    assert "紧急工单 1001 请立即接单" in first.text
    assert "至今无人接单" in desk.last_letter_to(LAO_LI).text
    assert "紧急工单 1001" in desk.last_letter_to(LAO_WU).text


def test_a_solved_order_asks_its_reporter_with_buttons(desk: Desk) -> None:
    desk.solved()

    message = desk.last_letter_to(XIAO_WANG)

    assert message.card is not None
    assert [b.key for b in message.card.buttons] == ["unsolved:1001", "close:1001"]


def test_in_the_group_it_asks_in_words(desk: Desk) -> None:
    desk.solved(group=XINGHE_GROUP)

    message = desk.last_letter_to(XINGHE_GROUP)

    assert message.card is None
    assert "没解决 1001" in message.text
    assert message.mention == ("xiaowang",)


def test_an_order_that_is_rerouted_may_be_accepted_by_its_new_role(desk: Desk) -> None:
    desk.accepted()
    desk.hears("改派 1001 售后", LAO_LI)

    message = desk.last_letter_to(LAO_CHEN)

    assert "改派售后" in message.text
    assert message.card is not None
    assert message.card.buttons[0].key == "accept:1001"


def test_a_strangers_order_is_to_be_given_to_a_partner(desk: Desk) -> None:
    desk.hears("紧急 收银台打不开", STRANGER)

    assert "归属 1001" in next(
        letters.render(x.kind, x.facts, shared=False).text
        for x in desk.letters_to(LAO_WU)
        if x.kind == "unassigned"
    )


def test_several_new_orders_are_one_card_that_accepts_them_all(desk: Desk) -> None:
    for text in ("收银台打不开", "打印机不出纸", "扫码失败"):
        desk.reported(text)
    messages = [letters.render(x.kind, x.facts, shared=False) for x in desk.letters_to(LAO_LI)]

    bundle = letters.bundle(messages, "laoli")

    assert bundle.card is not None
    assert bundle.card.buttons[0].text == "全部接单"
    assert bundle.card.buttons[0].key == "accept:1001,1002,1003"
    assert [label for label, _ in bundle.card.facts] == ["1001", "1002", "1003"]


def test_other_letters_are_bundled_as_text() -> None:
    messages = [letters.render(k, facts(k), shared=False) for k in ("accepted", "proposed")]

    bundle = letters.bundle(messages)

    assert bundle.card is None
    assert "接单" in bundle.text
    assert "方案" in bundle.text


def test_a_bundle_for_a_group_mentions_everybody_once() -> None:
    messages = [letters.render(k, facts(k), shared=True) for k in ("accepted", "proposed")]

    assert letters.bundle(messages).mention == ("xiaowang",)


def test_a_card_fits_a_card() -> None:
    long = "收银台打不开" * 100
    for kind in OF_ORDERS:
        card = letters.render(kind, facts(kind, text=long), shared=False).card
        if card:
            assert len(card.title) <= 26
            assert len(card.buttons) <= 6
            assert all(len(label) <= 5 for label, _ in card.facts)


def test_cards_about_one_order_become_its_last_card() -> None:
    messages = [letters.render(k, facts(k), shared=False) for k in ("new", "urged")]

    bundle = letters.bundle(messages)

    assert bundle.card is not None
    assert bundle.number == 1001  # and the card leads to its page
    assert "催单" in bundle.card.title
    assert [b.key for b in bundle.card.buttons] == ["accept:1001", "propose:1001", "solve:1001", "more:1001"]


LATE = {"response_due": None, "solution_due": "2026-11-20T02:11:00+00:00"}


def test_a_reporter_is_told_politely_that_the_due_moment_had_passed_when_the_order_was_accepted() -> None:
    message = letters.render("accepted", facts("accepted", owner="老李", **LATE), shared=True)

    assert "原定 11月20日（周五）10:11 前解决或给出方案，已超时，正在处理。" in message.text
    assert "最晚" not in message.text


@pytest.mark.parametrize("kind", OF_ORDERS)
@pytest.mark.parametrize("owner", [None, "老李"])
def test_no_letter_promises_a_moment_that_has_passed(kind: str, owner: str | None) -> None:
    """Neither in its text nor on its card, whoever reads it."""
    past = {"response_due": "2026-11-20T02:00:00+00:00", "solution_due": "2026-11-20T02:11:00+00:00"}

    message = letters.render(kind, facts(kind, owner=owner, **past), shared=False)

    assert "最晚" not in message.text
    assert "请在 11月20日" not in message.text
    if message.card:
        assert not [label for label, _ in message.card.facts if label.startswith("最晚")]


def test_a_due_moment_that_has_passed_stands_on_the_card_as_such() -> None:
    card = letters.render("breach", facts("breach", part="solution", **LATE), shared=False).card

    assert card is not None
    assert ("原应解决", "11月20日（周五）10:11 已超时") in card.facts


@pytest.mark.parametrize(
    ("level", "owner", "asked"),
    [
        (2, None, "请接单或协调。"),
        (2, "老李", "请协调处理。"),
        (3, None, "请协调处理。"),
        (3, "老李", "请协调处理。"),
    ],
)
def test_a_breach_says_what_its_reader_should_do(level: int, owner: str | None, asked: str) -> None:
    message = letters.render("breach", facts("breach", level=level, owner=owner), shared=False)

    assert asked in message.text
    assert "上报" not in message.text


def bundled(*told: tuple[str, dict[str, Any]]) -> letters.Message:
    return letters.bundle([letters.render(k, facts(k, **more), shared=False) for k, more in told])


def test_a_bundle_of_breaches_is_not_titled_as_waiting_to_be_accepted() -> None:
    late = {"part": "solution", "level": 3}

    card = bundled(*(("breach", {"number": n, **late}) for n in (1001, 1002, 1003))).card

    assert card is not None
    assert card.title == "3 张工单需关注"
    assert card.body == "请协调处理。"


def test_a_bundle_of_new_orders_is_titled_as_such() -> None:
    card = bundled(("new", {"number": 1001}), ("page", {"number": 1002})).card

    assert card is not None
    assert card.title == "2 张工单待接单"


def test_a_bundle_names_what_it_has_no_line_for() -> None:
    card = bundled(
        *(("breach", {"number": n, "part": "solution", "level": 3}) for n in range(1001, 1009))
    ).card

    assert card is not None
    assert "另有 2 张：1007、1008" in card.body


def test_the_problem_has_the_room_in_a_line_of_a_bundle() -> None:
    text = "收银台打不开，门店全部不能收款，请尽快处理"

    card = bundled(
        ("breach", {"number": 1001, "text": text, "urgent": True}), ("new", {"number": 1002, "text": text})
    ).card

    assert card is not None
    for _, value in card.facts:
        assert value.startswith("收银台打不开，门店")
        assert len(value) <= 26
    assert card.facts[0][1].endswith("紧急 接单已超时")


def test_pages_among_warnings_are_still_a_card_that_accepts_them() -> None:
    card = bundled(
        ("warn", {"number": 1001, "owner": "老李", "state": "accepted"}),
        ("page", {"number": 1002, "urgent": True}),
        ("cancelled", {"number": 1003, "state": "cancelled"}),
    ).card

    assert card is not None
    assert card.title == "3 张工单需关注"
    assert [b.key for b in card.buttons] == ["accept:1002"]
    assert [label for label, _ in card.facts] == ["1001", "1002", "1003"]


def test_on_a_card_the_problem_comes_before_what_was_said_of_it() -> None:
    card = letters.render("resumed", facts("resumed", said="终端号" * 90), shared=False).card

    assert card is not None
    assert card.body.startswith("「收银台打不开")
