"""Journeys at the two doors: repeats, races, stale presses, and everything that is no proper message."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from bot.sql.tables import inbox
from bot.wecom import aibot_callback
from bot.wecom.crypto import Crypto
from tests.support.stage import BOT, Stage
from workorders.orders.order import State, Verb


def callback(stage: Stage, msgid: str, text: str, who: str = "xiaowang") -> tuple[dict[str, str], bytes]:
    """The query and body of one message in the group, as WeCom would post it."""
    import json

    crypto = Crypto(stage.settings.aibot_token, stage.settings.aibot_aes_key, "")
    told = {
        "msgid": msgid,
        "aibotid": "AIBOT0001",
        "chatid": "wrXINGHE",
        "chattype": "group",
        "from": {"userid": who},
        "response_url": "http://127.0.0.1:1/r",
        "msgtype": "text",
        "text": {"content": f"{BOT} {text}"},
    }
    sealed = json.loads(aibot_callback.envelope(json.dumps(told), crypto, "n1", stage.clock()))
    query = {
        "msg_signature": sealed["msgsignature"],
        "timestamp": str(sealed["timestamp"]),
        "nonce": sealed["nonce"],
    }
    return query, json.dumps({"encrypt": sealed["encrypt"]}).encode()


def plaintext(stage: Stage, answer: requests.Response) -> str:
    crypto = Crypto(stage.settings.aibot_token, stage.settings.aibot_aes_key, "")
    return crypto.decrypt(answer.json()["encrypt"])


def taken_in(stage: Stage) -> int:
    with stage.program.units.reading() as unit:
        return len(unit.conn.execute(inbox.select()).all())


def test_the_same_callback_on_two_web_processes_at_once_opens_one_order_and_gets_one_reply(
    stage: Stage,
) -> None:
    urls = [stage.webs[0].url, stage.another_web().url]
    query, body = callback(stage, "M1", "开单 收银台打不开")
    start = threading.Barrier(4)

    def post(url: str) -> requests.Response:
        start.wait()
        return requests.post(f"{url}/wecom/aibot", params=query, data=body, timeout=60)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(post, urls * 2))

    assert [a.status_code for a in answers] == [200] * 4
    assert len({plaintext(stage, a) for a in answers}) == 1
    assert len({a.json()["encrypt"] for a in answers}) == 4, "only the encryption is new"
    with stage.program.units.reading() as unit:
        assert [o.number for o in unit.orders.live()] == [1001]


def test_two_people_accepting_at_once_one_wins_and_the_other_is_told_who(stage: Stage) -> None:
    stage.opens()
    second = stage.another_web()
    start = threading.Barrier(2)

    def accept(url: str, who: str, msgid: str) -> str:
        query, body = callback(stage, msgid, "接单 1001", who)
        start.wait()
        return plaintext(stage, requests.post(f"{url}/wecom/aibot", params=query, data=body, timeout=60))

    with ThreadPoolExecutor(2) as pool:
        told = list(
            pool.map(accept, [stage.webs[0].url, second.url], ["laoli", "laozhou"], ["M-li", "M-zhou"])
        )

    owner = stage.order().owner
    assert owner in ("laoli", "laozhou")
    assert [e.verb for e in stage.events()].count(Verb.ACCEPT) == 1
    winner, loser = (told[0], told[1]) if owner == "laoli" else (told[1], told[0])
    name = "老李" if owner == "laoli" else "老周"
    assert name in loser
    assert winner != loser


def test_a_stale_button_says_who_already_did_what(stage: Stage) -> None:
    stage.opens()
    stage.minutes_pass(5)
    stage.wecom.say("laoli", "接单 1001")  # Nobody has worked yet: the other's card still has its buttons.

    card = stage.presses("laozhou", "接单")

    assert "老李" in card
    assert stage.order().owner == "laoli"


def test_once_somebody_accepts_everybody_elses_card_says_so_and_loses_its_buttons(stage: Stage) -> None:
    stage.opens(urgent=True)
    stage.minutes_pass(2)
    assert "接单" in stage.card_of("wangzhuguan")

    stage.presses("laozhou", "接单")
    stage.sweep()

    for who in ("laoli", "wangzhuguan"):
        assert "老周已于 10:02 接单" in stage.card_of(who)
    assert "给方案" in stage.card_of("laozhou"), "the owner's own card goes on"


def test_somebody_elses_order_is_not_shown_and_not_touched(stage: Stage) -> None:
    stage.opens()

    answer = stage.says("xiaolin", f"{BOT} 撤回 1001", group="wrYUNFAN")

    assert "没有找到" in answer
    assert stage.order().state is State.OPEN


@pytest.mark.parametrize("door", ["/wecom/app", "/wecom/aibot"])
@pytest.mark.parametrize(
    ("change", "status"),
    [
        pytest.param({"msg_signature": "0" * 40}, 403, id="a wrong signature"),
        pytest.param({"timestamp": "1"}, 403, id="a changed timestamp"),
        pytest.param({"msg_signature": ""}, 400, id="no signature"),
    ],
)
def test_what_fails_a_check_is_refused_and_nothing_is_stored(
    stage: Stage, door: str, change: dict[str, str], status: int
) -> None:
    query, body = callback(stage, "M1", "你好")

    answer = requests.post(stage.webs[0].url + door, params={**query, **change}, data=body, timeout=60)

    assert 400 <= answer.status_code < 500
    assert taken_in(stage) == 0


def test_an_old_callback_is_refused_by_machine_time(stage: Stage) -> None:
    query, body = callback(stage, "M1", "你好")
    stage.minutes_pass(11)

    answer = requests.post(f"{stage.webs[0].url}/wecom/aibot", params=query, data=body, timeout=60)

    assert 400 <= answer.status_code < 500
    assert taken_in(stage) == 0


def test_both_urls_are_verified_as_the_admin_page_does(stage: Stage) -> None:
    assert stage.wecom.verify("app")["ok"]
    assert stage.wecom.verify("aibot")["ok"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "字" * 7000,
        "# 标题 **粗** [链接](http://a.example) <@all> <script>alert(1)</script>",
        "hello, how are you",
        "？？？",
    ],
    ids=["only the mention", "spaces", "20 KB", "markup", "another language", "question marks"],
)
def test_whatever_is_said_gets_a_helpful_sentence_and_no_mention_is_echoed(stage: Stage, text: str) -> None:
    answer = stage.says("xiaowang", f"{BOT} {text}", group="wrXINGHE")

    assert answer
    assert "<@" not in answer
    assert "<script" not in answer


def test_an_intent_that_raises_is_answered_with_an_apology_and_the_message_is_kept(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr("bot.door.answer", broken)

    answer = stage.says("xiaowang", f"{BOT} 收银台打不开", group="wrXINGHE")

    assert "抱歉" in answer
    assert "400-000-0000" in answer
    with stage.program.units.reading() as unit:
        assert [row.state for row in unit.conn.execute(inbox.select())] == ["failed"]


def test_a_card_number_is_masked_before_anything_is_stored(stage: Stage) -> None:
    stage.opens("刷卡失败 卡号 6222021234567890128 请处理")

    with stage.program.units.reading() as unit:
        rows = [row.text for row in unit.conn.execute(inbox.select())]
    assert not any("6222021234567890128" in text for text in rows)
    assert "6222021234567890128" not in stage.order().text
