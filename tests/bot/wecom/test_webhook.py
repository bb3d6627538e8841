"""Messages pushed into a group, and answers by reply URL."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator

import pytest

from bot.wecom.errcodes import AnswerLost, Never, NotNow, SendError
from bot.wecom.webhook import Webhook, markdown, reply_markdown, text
from tests.bot.wecom.scripted import Answer, Server, cuts, hangs, says, server

KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
MESSAGE = markdown("工单 1001")


@pytest.fixture
def wecom() -> Iterator[Server]:
    with server() as running:
        running.on("webhook/send", says({"errcode": 0, "errmsg": "ok"}))
        yield running


def test_a_message_goes_to_the_group_of_its_key(wecom: Server) -> None:
    Webhook(wecom.url).send(KEY, markdown("工单 1001 已解决"))

    assert wecom.queries("webhook/send") == [{"key": KEY}]
    assert wecom.bodies("webhook/send") == [
        {"msgtype": "markdown", "markdown": {"content": "工单 1001 已解决"}}
    ]


def test_a_reply_url_is_used_as_it_was_given(wecom: Server) -> None:
    wecom.on("aibot/response", says({"errcode": 0}))

    Webhook(wecom.url).answer(f"{wecom.url}/cgi-bin/aibot/response?response_code=rc", reply_markdown("好"))

    assert wecom.queries("aibot/response") == [{"response_code": "rc"}]
    assert wecom.bodies("aibot/response") == [{"msgtype": "markdown", "markdown": {"content": "好"}}]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (says({"errcode": 93000, "errmsg": "x"}), Never),
        (says({"errcode": 45009, "errmsg": "x"}), NotNow),
        (says({}, 503), NotNow),
        (says({}, 504), AnswerLost),
        (says({}, 302, Location="/elsewhere"), NotNow),
        (says(b"<html>"), AnswerLost),
        (says({"errcode": "soon"}), AnswerLost),
        (cuts, AnswerLost),
        (hangs, AnswerLost),
    ],
)
def test_every_failure_is_one_of_three_and_keeps_the_key_to_itself(
    wecom: Server, answer: Answer, kind: type[SendError], caplog: pytest.LogCaptureFixture
) -> None:
    wecom.on("webhook/send", answer)
    caplog.set_level(logging.DEBUG)

    with pytest.raises(SendError) as failure:
        Webhook(wecom.url, timeout=(60.0, 1.0 if answer is hangs else 60.0)).send(KEY, MESSAGE)

    assert type(failure.value) is kind
    told = "".join(traceback.format_exception(failure.value)) + repr(failure.value.__context__) + caplog.text
    assert KEY not in told
    assert "工单" not in told


def test_an_address_that_is_none_is_never(wecom: Server) -> None:
    with pytest.raises(Never):
        Webhook(wecom.url).answer("javascript:alert(1)", reply_markdown("好"))


def test_only_userids_given_are_mentioned() -> None:
    body = markdown("请看 <@laoli> 和 <@all>", mention=["xiaowang", "wang.li@desk"])["markdown"]["content"]

    assert body == "请看 ＜@laoli> 和 ＜@all>\n<@xiaowang><@wang.li@desk>"
    assert text("请看", mention=["xiaowang", "@all"])["text"]["mentioned_list"] == ["xiaowang", "@all"]
    assert "mentioned_list" not in text("@all 请看")["text"]


@pytest.mark.parametrize("userid", ["@all", "", "a>b", "a b", "a" * 65, "<@x>"])
def test_what_is_no_userid_is_not_mentioned(userid: str) -> None:
    with pytest.raises(ValueError, match="no userid"):
        markdown("hi", mention=[userid])


def test_a_long_message_is_cut_and_its_mentions_stay_whole() -> None:
    content = markdown("长" * 3000, mention=["xiaowang"])["markdown"]["content"]

    assert len(content.encode()) <= 4096
    assert content.endswith("…\n<@xiaowang>")
    assert len(text("长" * 3000)["text"]["content"].encode()) <= 2048
    assert len(reply_markdown("长" * 9000)["markdown"]["content"].encode()) <= 20480
