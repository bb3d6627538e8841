"""Where another way is refused, people are told by a message's reply URL, which is single use (design §3)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.payloads import MARK
from bot.sql.inbox import REPLY_URL_LASTS
from bot.sql.tables import inbox
from bot.wecom.errcodes import AnswerLost, Never
from handlers.message import Incoming
from tests.bot.office import Office, arrives_but, fails, second
from tests.workorders.orders.stage import BARE_GROUP, XINGHE_GROUP

URL = "https://wecom.example/cgi-bin/aibot/response?response_code=once"
GONE = Never("the group's webhook is wrong (errcode 93000)", errcode=93000)


def hear(office: Office, chat: str | None, key: str = "M1", url: str | None = URL) -> None:
    with office.units.begin() as unit:
        assert unit.inbox.take_in(_heard(chat, key, url), "你好")


def _heard(chat: str | None, key: str, url: str | None) -> Incoming:
    return Incoming("aibot", key, "xiaowang", "text", "你好", chat=chat, reply_url=url)


def accepted(office: Office, chat: str | None) -> str:
    """An order reported there is accepted; the lane its reporter is told by."""
    number = office.open(chat=chat)
    office.do("accept", number, "laoli")
    return f"group:{chat}" if chat else "app:xiaowang"


def test_a_group_whose_webhook_is_gone_is_answered_where_it_last_spoke(office: Office) -> None:
    hear(office, XINGHE_GROUP)
    lane = accepted(office, XINGHE_GROUP)
    office.wecom.faults.append(fails(GONE))

    office.lanes.drain(lane)

    (words,) = office.wecom.texts(URL)
    assert "1001" in words
    assert office.states("group") == ["sent"]


def test_a_reply_url_serves_once(office: Office) -> None:
    hear(office, XINGHE_GROUP)
    for _ in range(2):
        lane = accepted(office, XINGHE_GROUP)
        office.wecom.faults.append(fails(GONE))
        office.lanes.drain(lane)

    assert len(office.wecom.texts(URL)) == 1
    assert office.states("group") == ["sent", "given_up"]


@pytest.mark.parametrize("heard", [None, "before"])
def test_without_a_reply_url_or_an_hour_later_it_is_given_up_as_before(
    office: Office, heard: str | None
) -> None:
    if heard:
        hear(office, XINGHE_GROUP)
    office.later(REPLY_URL_LASTS)
    lane = accepted(office, XINGHE_GROUP)
    office.wecom.faults.append(fails(GONE))

    office.lanes.drain(lane)

    assert office.states("group") == ["given_up"]
    assert office.wecom.texts(URL) == []


def test_a_reply_url_that_is_refused_as_well_leaves_the_first_reason(office: Office) -> None:
    hear(office, XINGHE_GROUP)
    lane = accepted(office, XINGHE_GROUP)
    office.wecom.faults += [fails(GONE), fails(Never("invalid response_code (errcode 40029)", errcode=40029))]

    office.lanes.drain(lane)

    assert office.states("group") == ["given_up"]
    assert any(reason and "93000" in reason for reason in office.reasons())


def test_an_answer_lost_on_the_way_is_said_once_more_and_marked(office: Office) -> None:
    hear(office, XINGHE_GROUP)
    lane = accepted(office, XINGHE_GROUP)
    office.wecom.faults += [fails(GONE), arrives_but(AnswerLost("no answer within the time allowed"))]
    office.lanes.drain(lane)
    hear(office, XINGHE_GROUP, "M2", URL + "2")
    office.later(10 * second)
    office.wecom.faults.append(fails(GONE))

    office.lanes.drain(lane)

    assert [words.startswith(MARK) for words in office.wecom.texts(URL) + office.wecom.texts(URL + "2")] == [
        False,
        True,
    ]


def test_a_reporter_the_app_cannot_reach_is_told_in_the_1_1_then_in_the_group_they_reported_in(
    office: Office,
) -> None:
    office.wecom.invalid = ("xiaowang",)
    hear(office, None)
    hear(office, BARE_GROUP, "M2", URL + "2")

    for _ in range(2):
        accepted(office, BARE_GROUP)
        office.lanes.drain("app:xiaowang")

    assert (len(office.wecom.texts(URL)), len(office.wecom.texts(URL + "2"))) == (1, 1)


def test_nobody_elses_group_hears_of_an_order_reported_in_the_1_1(office: Office) -> None:
    office.wecom.invalid = ("xiaowang",)
    hear(office, XINGHE_GROUP)
    office.lanes.drain(accepted(office, None))
    assert office.wecom.texts(URL) == []


def test_reply_urls_nobody_may_use_any_more_are_not_kept(office: Office) -> None:
    hear(office, XINGHE_GROUP)
    hear(office, None, "M2", None)
    office.later(REPLY_URL_LASTS)
    hear(office, None, "M3", URL + "3")

    office.later(timedelta(minutes=1))
    with office.units.begin() as unit:
        unit.inbox.let_reply_urls_go()

    with office.units.reading() as unit:
        kept = unit.conn.execute(select(inbox.c.reply_url).order_by(inbox.c.key)).scalars().all()
    assert kept == [None, None, URL + "3"]
