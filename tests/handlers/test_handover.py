"""交接班 as it is said: the list, the offer, what is taken, and one sentence for whatever cannot be."""

import pytest

from handlers.phrases import letters
from tests.handlers.stage import LAO_CHEN, LAO_LI, LAO_ZHOU, XIAO_HE, YUNFAN_GROUP, Desk
from workorders.letters import Letter


@pytest.fixture
def held(desk: Desk) -> Desk:
    """老李 has accepted 1001, 1002 and 1003."""
    for text in ("刷卡机报错", "收银台打不开", "对账单缺一天"):
        desk.says(f"开单 {text}")
    for number in (1001, 1002, 1003):
        desk.says(f"接单 {number}", LAO_LI)
    return desk


def offer(desk: Desk, kind: str = "handover") -> Letter:
    return [letter for letter in desk.letters.posted.values() if letter.kind == kind][-1]


def owners(desk: Desk) -> list[str | None]:
    return [desk.orders.rows[number].owner for number in (1001, 1002, 1003)]


def test_the_word_alone_lists_ones_open_orders_with_a_button_for_a_colleague(held: Desk) -> None:
    reply = held.hears("交接班", LAO_LI)

    assert "您有 3 张未完结工单" in reply.text
    assert "1003" in reply.text
    assert reply.card is not None
    assert [(b.text, b.key) for b in reply.card.buttons] == [("老周", "shift:laozhou")]

    card = held.presses("shift:laozhou", LAO_LI)
    assert "已请老周接收工单 1001、1002、1003" in card.body
    assert owners(held) == ["laoli"] * 3


def test_in_another_partners_group_nothing_is_said_of_them_but_their_numbers(held: Desk) -> None:
    reply = held.hears("交接班", LAO_LI, group=YUNFAN_GROUP)

    assert reply.card is None
    assert "收银台打不开" not in reply.text


def test_all_are_offered_with_a_note_and_taken_with_one_word(held: Desk) -> None:
    said = held.says("交接班 老周 明早联系商户", LAO_LI)

    assert "已请老周接收工单 1001、1002、1003，备注「明早联系商户」" in said
    assert "10 分钟未接收将通知客服负责人" in said
    assert held.says("接收", LAO_ZHOU) == "您已接收工单 1001、1002、1003，计时不变。"
    assert owners(held) == ["laozhou"] * 3
    assert [held.orders.history[n][-1].facts["note"] for n in (1001, 1002, 1003)] == ["明早联系商户"] * 3


@pytest.mark.parametrize(
    "text",
    ["交接班 老周 1001 1003 等回电", "交接班给@老周：1001、1003，等回电", "交班 老周 工单1001和1003 等回电"],
)
def test_some_are_offered_by_number(held: Desk, text: str) -> None:
    said = held.says(text, LAO_LI)

    assert "工单 1001、1003，备注「等回电」" in said
    assert offer(held).facts["note"] == "等回电"


def test_the_offer_is_a_card_taken_as_a_whole_or_one_by_one(held: Desk) -> None:
    held.says("交接班 老周 等回电", LAO_LI)
    letter = offer(held)
    message = letters.render(letter.kind, letter.facts, shared=False)

    assert message.card is not None
    assert [b.key for b in message.card.buttons] == [
        "receive:1",
        "receive:1,1001",
        "receive:1,1002",
        "receive:1,1003",
    ]
    assert "备注：等回电" in message.card.body
    assert "老李交接给您 3 张工单" in message.text

    card = held.presses("receive:1,1002", LAO_ZHOU)
    assert "您已接收工单 1002" in card.body
    assert [b.key for b in card.buttons] == ["receive:1", "receive:1,1001", "receive:1,1003"]
    assert owners(held) == ["laoli", "laozhou", "laoli"]

    card = held.presses("receive:1", LAO_ZHOU)
    assert "1001、1003" in card.body
    assert card.buttons == ()


def test_what_is_closed_or_taken_meanwhile_is_said_and_the_rest_is_taken(held: Desk) -> None:
    held.says("交接班 老周", LAO_LI)
    held.says("解决 1001 已重启", LAO_LI)
    held.says("接手 1003", LAO_CHEN)

    said = held.says("接收", LAO_ZHOU)

    assert said.splitlines() == [
        "您已接收工单 1002，计时不变。",
        "工单 1001 已完结或已转交他人，无需接收。",
        "工单 1003 已完结或已转交他人，无需接收。",
    ]


def test_what_is_offered_to_another_is_no_longer_the_firsts_to_take(held: Desk) -> None:
    held.says("交接班 老周", LAO_LI)
    held.says("交接班 老陈 1002", LAO_LI)

    assert held.says("接收 1002", LAO_ZHOU) == "没有待您接收的交接。"
    assert held.presses("receive:2", LAO_ZHOU).body == "这份交接是给老陈的，不需要您接收。"
    assert held.says("接收", LAO_CHEN) == "您已接收工单 1002，计时不变。"
    assert held.says("接收", LAO_ZHOU) == "您已接收工单 1001、1003，计时不变。"
    assert held.presses("receive:1", LAO_ZHOU).body == "这份交接已接收或已改交他人，无需操作。"


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("交接班 老李", "不能交接给自己"),
        ("交接班 老白", "没有找到「老白」"),
        ("交接班 小何", "小何不接工单"),
        ("交接班 老周 1009", "工单 1009 不由您负责或已完结，未交接任何工单"),
        ("接收", "没有待您接收的交接。"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(held: Desk, said: str, answer: str) -> None:
    assert answer in held.says(said, LAO_LI)
    assert owners(held) == ["laoli"] * 3


def test_whoever_has_nothing_open_has_nothing_to_hand_over(desk: Desk) -> None:
    assert desk.says("交接班", LAO_LI) == "您没有未完结的工单，无需交接。"


def test_a_question_about_it_is_no_offer_and_hotline_staff_have_none(held: Desk) -> None:
    held.says("交接班怎么操作", LAO_LI)
    held.says("交接班 老周", XIAO_HE)

    assert not [letter for letter in held.letters.posted.values() if letter.kind == "handover"]


def test_after_ten_minutes_the_supervisor_is_told_once(held: Desk) -> None:
    held.says("交接班 老周 1001 1003", LAO_LI)
    handovers = held.here(LAO_LI).handovers

    held.minutes_pass(9)
    handovers.settle(1)
    assert not [letter for letter in held.letters.posted.values() if letter.kind == "handover_late"]

    held.minutes_pass(1)
    handovers.settle(1)
    handovers.settle(1)
    [late] = [letter for letter in held.letters.posted.values() if letter.kind == "handover_late"]
    message = letters.render(late.kind, late.facts, shared=False)
    assert late.recipient == "laowu"
    assert "老周 10 分钟未接收老李交接的工单 1001、1003" in message.text
    assert "None" not in message.text
