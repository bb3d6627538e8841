"""What refusals advise, what the articles' own phrases show, and to whom."""

from __future__ import annotations

import pytest

from handlers.phrases import faq
from handlers.phrases.names import post
from knowledge.files import UNFILLED
from knowledge.library import Article
from tests.handlers.stage import LAO_LI, LAO_ZHOU, XIAO_WANG, Desk
from workorders.directory.people import Person, Role
from workorders.orders.order import State

HOTLINE_HE = Person("xiaohe", "小何", "us", console="hotline")


def test_our_people_are_told_when_a_parked_order_opens_and_not_to_cancel_it(desk: Desk) -> None:
    desk.it_is("2026-11-23 20:00")
    desk.reported()
    assert desk.order().state is State.PARKED

    said = desk.says("接单 1001", LAO_LI)

    assert "撤回" not in said
    assert "09:00 自动开单" in said
    assert "「紧急 1001」" in said


def test_hotline_staff_are_told_who_may_accept(desk: Desk) -> None:
    desk.reported()

    said = desk.says("接单 1001", HOTLINE_HE)

    assert "技术岗位的同事（老李）" in said
    assert "催单" not in said


def test_closing_without_a_note_shows_an_example_of_closing(desk: Desk) -> None:
    desk.solved()

    said = desk.says("关闭 1001", LAO_LI)

    assert "「关闭 1001 客户确认已恢复」" in said
    desk.hears("客户确认已恢复", LAO_LI)
    assert desk.order().state is State.CLOSED


def test_somebody_already_there_is_named_without_stray_spaces(desk: Desk) -> None:
    desk.accepted()

    assert "您已于今天 14:30 接单" in desk.says("接单 1001", LAO_LI)


def test_a_partner_never_reads_that_the_operator_has_something_to_fill_in() -> None:
    article = Article("console", "商户后台网址是多少？", answer=f"**商户后台：{UNFILLED}**\n① 请核对域名。")

    for said in (faq.answer(article), faq.answered_in_card(article, 1, "t").body):
        assert UNFILLED not in said
        assert "商户后台：请咨询对接人" in said


def test_that_an_answer_is_unverified_is_its_last_line_and_not_in_menus() -> None:
    article = Article("a", "怎么退款？", answer="**在后台退款。**", unverified=True)

    assert faq.answer(article).splitlines()[-1] == "（此条尚未人工核实，仅供参考）"
    assert "核实" not in faq.menu([article], fault=False)


def test_a_typo_of_our_own_people_is_not_offered_as_an_order(desk: Desk) -> None:
    said = desk.says("街单 一零零一", LAO_ZHOU)

    assert said == "没有看懂。回复「帮助」查看命令。"
    assert desk.answers.gaps == []


def test_a_fault_our_own_people_pass_on_is_one_tap_from_an_order(desk: Desk) -> None:
    assert desk.hears("星河支付收银台打不开", LAO_ZHOU).card is not None


@pytest.mark.parametrize("asked", ["怎么帮商户套现", "收购商户号"])
def test_what_the_desk_refuses_gets_one_fixed_sentence_and_no_order(desk: Desk, asked: str) -> None:
    reply = desk.hears(asked, XIAO_WANG)

    assert reply.text == "该类业务不受理，请勿在此讨论；如需帮助请联系客服负责人。"
    assert reply.card is None
    assert desk.answers.gaps == []


def test_posts_are_called_what_people_call_them() -> None:
    assert post(Role.CS_LEAD, 1) == "客服负责人"
    assert (post(Role.TECH, 1), post(Role.TECH, 2)) == ("技术一责", "技术二责")
