"""Our cards, made to fit WeCom's limits, and held to what the simulator accepts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.cards import check
from bot.wecom.cards import aibot_card, app_card, xml_of
from handlers.message import Button, Card

HOME = "https://desk.example/"
CARD = Card(
    "order.1001".replace(".", "-"),
    "紧急工单 1001",
    desc="星河支付",
    facts=(("合作方", "星河支付"), ("截止", "今天 14:35"), ("为什么", "")),
    body="收银台打不开",
    buttons=(Button("接单", "accept:1001"), Button("转交", "hand_over:1001", style=2)),
)
DONE = replace(CARD, done="老李 14:31 已接单")

cards = st.builds(
    Card,
    task_id=st.from_regex(r"[0-9A-Za-z_@-]{1,128}", fullmatch=True),
    title=st.text(st.characters(categories=["L", "N"]), min_size=1),
    desc=st.text(),
    facts=st.lists(st.tuples(st.text(st.characters(categories=["L"]), min_size=1), st.text())).map(tuple),
    body=st.text(),
    buttons=st.lists(
        st.builds(
            Button,
            st.text(st.characters(categories=["L"]), min_size=1),
            st.text(st.characters(categories=["L"]), min_size=1, max_size=40),
            st.integers(1, 4),
        ),
        max_size=6,
        unique_by=lambda b: b.key,
    ).map(tuple),
    done=st.text(),
    url=st.none() | st.just("https://desk.example/o/1001"),
)


def test_a_card_with_buttons_asks_to_be_pressed() -> None:
    assert aibot_card(CARD, HOME) == {
        "card_type": "button_interaction",
        "main_title": {"title": "紧急工单 1001", "desc": "星河支付"},
        "task_id": "order-1001",
        "sub_title_text": "收银台打不开",
        "horizontal_content_list": [
            {"keyname": "合作方", "value": "星河支付"},
            {"keyname": "截止", "value": "今天 14:35"},
        ],
        "button_list": [
            {"text": "接单", "style": 1, "key": "accept:1001"},
            {"text": "转交", "style": 2, "key": "hand_over:1001"},
        ],
    }


def test_the_app_says_of_each_button_that_it_calls_back() -> None:
    assert [button["type"] for button in app_card(CARD, HOME)["button_list"]] == [0, 0]


def test_a_card_without_buttons_is_a_notice_that_leads_somewhere() -> None:
    notice = replace(CARD, buttons=())

    for made in (aibot_card(notice, HOME), app_card(notice, HOME)):
        assert made["card_type"] == "text_notice"
        assert made["card_action"] == {"type": 1, "url": HOME}
    own = replace(notice, url="https://desk.example/o/1001")
    assert app_card(own, HOME)["card_action"]["url"] == "https://desk.example/o/1001"


def test_a_done_card_of_the_app_greys_its_buttons_under_the_outcome() -> None:
    made = app_card(DONE, HOME)

    assert made["card_type"] == "button_interaction"
    assert made["replace_text"] == "老李 14:31 已接单"
    assert made["task_id"] == "order-1001"


def test_a_done_card_of_the_bot_has_nothing_left_to_press() -> None:
    made = aibot_card(DONE, HOME)

    assert made["card_type"] == "text_notice"
    assert "button_list" not in made
    assert made["sub_title_text"] == "收银台打不开\n老李 14:31 已接单"


def test_the_outcome_is_kept_whole_and_the_body_gives_way() -> None:
    text = aibot_card(replace(DONE, body="长" * 500), HOME)["sub_title_text"]

    assert len(text) == 112
    assert text.endswith("…\n老李 14:31 已接单")


def test_what_is_too_long_is_cut_where_wecom_says() -> None:
    long = Card(
        "t", "题" * 60, "述" * 60, ((("键" * 9), ("值" * 60)),) * 8, "文" * 300, (Button("钮" * 20, "k"),)
    )
    bot, app = aibot_card(long, HOME), app_card(long, HOME)

    assert [len(bot["main_title"][name]) for name in ("title", "desc")] == [26, 30]
    assert [len(app["main_title"][name]) for name in ("title", "desc")] == [36, 44]
    assert len(bot["horizontal_content_list"]) == 6
    assert {(len(f["keyname"]), len(f["value"])) for f in bot["horizontal_content_list"]} == {(5, 26)}
    assert len(bot["sub_title_text"]) == 112
    assert len(bot["button_list"][0]["text"]) == 10


@given(cards)
def test_every_card_we_make_is_one_the_simulator_takes(card: Card) -> None:
    check(aibot_card(card, HOME), "aibot")
    check(app_card(card, HOME), "app")


@given(cards)
def test_every_card_can_be_said_in_xml(card: Card) -> None:
    made = app_card(card, HOME)
    root = fromstring(xml_of("template_card", made))

    assert root.tag == "TemplateCard"
    assert root.findtext("MainTitle/Title") == made["main_title"]["title"]
    assert len(root.findall("ButtonList")) == len(made.get("button_list", []))


@pytest.mark.parametrize(
    "wrong",
    [
        replace(CARD, task_id=""),
        replace(CARD, task_id="order:1001"),
        replace(CARD, task_id="t" * 129),
        replace(CARD, buttons=tuple(Button(str(n), str(n)) for n in range(7))),
        replace(CARD, buttons=(Button("一", "same"), Button("二", "same"))),
        replace(CARD, buttons=(Button("一", ""),)),
        replace(CARD, buttons=(Button("一", "键" * 400),)),
    ],
)
def test_a_card_wecom_would_refuse_is_refused_here(wrong: Card) -> None:
    for make in (aibot_card, app_card):
        with pytest.raises(ValueError, match=r"task_id|button"):
            make(wrong, HOME)
