"""What WeCom tells the desk, and what it makes of the answers."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.simulator.media import sealed
from bot.simulator.server import Simulator
from bot.simulator.world import View


def stream(text: str, **more: Any) -> dict[str, Any]:
    return {"msgtype": "stream", "stream": {"id": "s1", "finish": True, "content": text} | more}


def wait_for(look, seconds=60):
    until = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.01)
    return found


def texts(messages: list[View]) -> list[str]:
    return [m["text"] for m in messages]


def test_in_a_group_the_bot_is_called_only_when_mentioned(simulator, desk) -> None:
    assert simulator.say("xiaowang", "大家好", chat="wrGROUP1") is None
    assert desk.heard == []

    assert simulator.say("xiaowang", "@服务台 收银台打不开", chat="wrGROUP1").outcome == "silent"

    door, heard = desk.heard[0]
    assert door == "aibot"
    assert heard["chattype"] == "group"
    assert heard["chatid"] == "wrGROUP1"
    assert heard["from"] == {"userid": "xiaowang"}
    assert heard["msgtype"] == "text"
    assert heard["text"]["content"] == "@服务台 收银台打不开"
    assert heard["response_url"].startswith(f"{simulator.base_url}/cgi-bin/aibot/response?response_code=")


def test_the_two_private_chats_of_a_person_are_two_doors(simulator, desk) -> None:
    simulator.say("laoli", "接单 1001")
    simulator.say("laoli", "你好", door="aibot")
    simulator.say("xiaowang", "进度")

    assert [door for door, _ in desk.heard] == ["app", "aibot", "aibot"]
    app, single = desk.heard[0][1], desk.heard[1][1]
    assert app["MsgType"] == "text"
    assert app["Content"] == "接单 1001"
    assert app["FromUserName"] == "laoli"
    assert app["AgentID"] == "1000002"
    assert single["chattype"] == "single"
    assert "chatid" not in single


def test_a_finished_stream_is_shown_quoting_the_question_in_a_group(simulator, desk) -> None:
    desk.answers = lambda door, heard: stream("**请重启**")

    outcome = simulator.say("xiaowang", "@服务台 打不开", chat="wrGROUP1")

    assert outcome.outcome == "answered"
    (answer,) = simulator.messages(to="xiaowang")
    assert answer["text"] == "**请重启**"
    assert answer["finished"]
    assert answer["quote"]["name"] == "小王"
    assert [m["id"] for m in simulator.messages(to="xiaoli")][-1] == answer["id"]


def test_an_unfinished_stream_is_polled_until_it_is_finished(simulator, desk) -> None:
    parts = iter(["查询中", "查询中，找到 1 条", "找到 1 条：请重启"])

    def answers(door: str, heard: dict[str, Any]) -> dict[str, Any]:
        text = next(parts)
        return stream(text, finish=text.endswith("重启"))

    desk.answers = answers
    simulator.say("xiaowang", "打不开")

    wait_for(lambda: [m for m in simulator.messages(to="xiaowang") if m["finished"]])
    (shown,) = simulator.messages(to="xiaowang")
    assert shown["text"] == "找到 1 条：请重启"
    polls = [heard for _, heard in desk.heard if heard["msgtype"] == "stream"]
    assert [p["stream"]["id"] for p in polls] == ["s1", "s1"]
    assert all("response_url" not in p for p in polls)
    assert len({heard["msgid"] for _, heard in desk.heard}) == 3


@pytest.mark.parametrize(
    "answer",
    {
        "plain text to a message": {"msgtype": "text", "text": {"content": "你好"}},
        "markdown": {"msgtype": "markdown", "markdown": {"content": "你好"}},
        "a stream without id": {"msgtype": "stream", "stream": {"finish": True, "content": "x"}},
        "a stream over 20480 bytes": stream("长" * 6827),
        "a card with seven buttons": {
            "msgtype": "template_card",
            "template_card": {
                "card_type": "button_interaction",
                "task_id": "t",
                "main_title": {"title": "x"},
                "button_list": [{"text": str(i), "key": str(i)} for i in range(7)],
            },
        },
    }.items(),
    ids=lambda case: case[0],
)
def test_an_answer_against_the_rules_is_refused_and_not_shown(simulator, desk, answer) -> None:
    desk.answers = lambda door, heard: answer[1]

    outcome = simulator.say("xiaowang", "打不开")

    assert outcome.outcome == "refused"
    assert outcome.error
    assert simulator.messages(to="xiaowang") == []
    assert simulator.log()[-1]["ok"] is False


@pytest.mark.parametrize(
    ("envelope", "said"),
    [
        ({"msgsignature": "0" * 40}, "signature"),
        ({"nonce": "another"}, "nonce"),
        ({"timestamp": "1700000000"}, "timestamp"),
        ({"encrypt": None}, "encrypt"),
    ],
)
def test_a_reply_that_does_not_verify_is_refused_into_the_log(simulator, desk, envelope, said) -> None:
    desk.answers = lambda door, heard: stream("你好")
    desk.envelope = envelope

    outcome = simulator.say("xiaowang", "打不开")

    assert outcome.outcome == "refused"
    assert said in outcome.error
    entry = next(e for e in simulator.log() if e["way"] == "callback")
    assert not entry["ok"]
    assert said in entry["note"]


def test_a_reply_addressed_to_another_receiver_is_refused(simulator, desk) -> None:
    desk.crypto["aibot"]._receive_id = b"somebody"
    desk.answers = lambda door, heard: stream("你好")
    # The desk would not even open the callback; read it with the right key first.
    real = type(desk.crypto["aibot"])("bottoken", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "")
    desk.crypto["aibot"].decrypt = real.decrypt

    outcome = simulator.say("xiaowang", "打不开")

    assert outcome.outcome == "refused"
    assert "receiver" in outcome.error


def test_a_message_nobody_answers_with_200_is_delivered_three_times_with_one_msgid(simulator, desk) -> None:
    desk.answers = lambda door, heard: 503

    outcome = simulator.say("xiaowang", "@服务台 打不开", chat="wrGROUP1")

    assert (outcome.outcome, outcome.attempts) == ("failed", 3)
    assert len({heard["msgid"] for _, heard in desk.heard}) == 1
    assert len(desk.heard) == 3
    (message,) = simulator.messages(chat="wrGROUP1")
    assert message["delivery"] == "failed"


def test_the_second_attempt_may_be_answered(simulator, desk) -> None:
    statuses = iter([500, stream("好的")])
    desk.answers = lambda door, heard: next(statuses)

    outcome = simulator.say("xiaowang", "打不开")

    assert (outcome.outcome, outcome.attempts) == ("answered", 2)
    assert texts(simulator.messages(to="xiaowang")) == ["好的"]


def test_an_app_message_keeps_its_msgid_over_all_attempts(simulator, desk) -> None:
    desk.answers = lambda door, heard: 500

    simulator.say("laoli", "值班")

    assert len(desk.heard) == 3
    assert len({heard["MsgId"] for _, heard in desk.heard}) == 1


def test_a_desk_that_is_down_fails_the_message_and_is_found_again(simulator, desk) -> None:
    simulator.connect("http://127.0.0.1:1")
    assert simulator.say("xiaowang", "打不开").outcome == "failed"

    simulator.connect(desk.url)
    assert simulator.say("xiaowang", "打不开").outcome == "silent"


def test_a_card_event_of_the_aibot_comes_once_however_it_is_answered(simulator, desk, button_card) -> None:
    desk.answers = lambda door, heard: {"msgtype": "template_card", "template_card": button_card()}
    simulator.say("xiaowang", "打不开")
    desk.heard.clear()
    desk.answers = lambda door, heard: 500

    outcome = simulator.press("xiaowang", "accept:1001", task_id="order-1001@1")

    assert (outcome.outcome, outcome.attempts) == ("failed", 1)
    assert len(desk.heard) == 1
    assert simulator.messages(to="xiaowang")[-1]["missed"] == ["xiaowang"]


def test_an_aibot_card_is_updated_for_everybody_or_only_for_those_named(simulator, desk, button_card) -> None:
    desk.answers = lambda door, heard: {"msgtype": "template_card", "template_card": button_card()}
    simulator.say("xiaowang", "@服务台 打不开", chat="wrGROUP1")
    event: list[dict[str, Any]] = []

    def answers(door: str, heard: dict[str, Any]) -> dict[str, Any]:
        event.append(heard["event"])
        return {
            "response_type": "update_template_card",
            "userids": ["xiaowang"],
            "template_card": button_card(replace_text="已接单"),
        }

    desk.answers = answers
    simulator.press("xiaowang", "accept:1001", task_id="order-1001@1")

    shown = simulator.messages(chat="wrGROUP1")[-1]
    assert shown["done"] == {"xiaowang": "已接单"}
    assert event[0]["eventtype"] == "template_card_event"
    assert event[0]["template_card_event"]["event_key"] == "accept:1001"
    assert event[0]["template_card_event"]["task_id"] == "order-1001@1"

    desk.answers = lambda door, heard: {
        "response_type": "update_template_card",
        "template_card": button_card(replace_text="老李 已接单"),
    }
    simulator.press("xiaoli", "accept:1001", task_id="order-1001@1")
    assert simulator.messages(chat="wrGROUP1")[-1]["done"] == {"*": "老李 已接单"}


def test_an_update_for_another_card_is_refused(simulator, desk, button_card) -> None:
    desk.answers = lambda door, heard: {"msgtype": "template_card", "template_card": button_card()}
    simulator.say("xiaowang", "打不开")
    desk.answers = lambda door, heard: {
        "response_type": "update_template_card",
        "template_card": button_card("another"),
    }

    outcome = simulator.press("xiaowang", "accept:1001", task_id="order-1001@1")

    assert outcome.outcome == "refused"
    assert "task_id" in outcome.error


def test_a_passive_update_of_an_app_card_changes_it_for_the_clicker_alone(
    simulator, desk, api, button_card
) -> None:
    api.card("laoli|zhaojie", button_card())
    desk.answers = lambda door, heard: {"MsgType": "update_button", "Button": {"ReplaceName": "已接单"}}

    outcome = simulator.press("laoli", "accept:1001", task_id="order-1001@1")

    assert outcome.outcome == "answered"
    event = desk.heard[-1][1]
    assert event["Event"] == "template_card_event"
    assert event["EventKey"] == "accept:1001"
    assert event["TaskId"] == "order-1001@1"
    assert event["CardType"] == "button_interaction"
    assert event["ResponseCode"]
    assert simulator.messages(chat="app:laoli")[0]["done"] == {"laoli": "已接单"}
    assert simulator.messages(chat="app:zhaojie")[0]["done"] == {}


def test_a_passive_update_may_bring_a_whole_new_card_in_xml(simulator, desk, api, button_card) -> None:
    api.card("laoli", button_card())
    desk.answers = lambda door, heard: {
        "MsgType": "update_template_card",
        "TemplateCard": {
            "CardType": "text_notice",
            "MainTitle": {"Title": "工单 1001 已接单"},
            "HorizontalContentList": [{"KeyName": "负责人", "Value": "老李"}],
            "CardAction": {"Type": 1, "Url": "https://desk.example/1001"},
        },
    }

    simulator.press("laoli", "accept:1001", task_id="order-1001@1")

    card = simulator.messages(chat="app:laoli")[0]["card_for"]["laoli"]
    assert card["card_type"] == "text_notice"
    assert card["main_title"]["title"] == "工单 1001 已接单"
    assert card["horizontal_content_list"] == [{"keyname": "负责人", "value": "老李"}]
    assert card["card_action"] == {"type": 1, "url": "https://desk.example/1001"}


def test_a_button_a_card_no_longer_offers_can_only_be_pressed_from_a_stale_page(
    simulator, desk, api, button_card
) -> None:
    api.card("laoli", button_card())
    desk.answers = lambda door, heard: {"MsgType": "update_button", "Button": {"ReplaceName": "已接单"}}
    simulator.press("laoli", "accept:1001", task_id="order-1001@1")

    with pytest.raises(ValueError, match="不再可用"):
        simulator.press("laoli", "accept:1001", task_id="order-1001@1")

    assert simulator.press("laoli", "accept:1001", task_id="order-1001@1", stale=True).outcome == "answered"


def test_a_passive_text_of_the_app_is_cut_at_2048_bytes_between_characters(simulator, desk) -> None:
    desk.answers = lambda door, heard: {"MsgType": "text", "Content": "字" * 1000}

    simulator.say("laoli", "值班")

    assert simulator.messages(to="laoli")[0]["text"] == "字" * 682


def test_the_aibot_hears_of_an_opened_chat_once_a_day_and_may_welcome(simulator, desk, clock) -> None:
    desk.answers = lambda door, heard: {"msgtype": "text", "text": {"content": "您好"}}

    assert simulator.enter("xiaowang").outcome == "answered"
    assert simulator.enter("xiaowang") is None
    clock.pass_(days=1)
    assert simulator.enter("xiaowang").outcome == "answered"

    assert texts(simulator.messages(to="xiaowang")) == ["您好", "您好"]
    assert desk.heard[0][1]["event"] == {"eventtype": "enter_chat"}


def test_opening_the_app_is_told_as_enter_agent(simulator, desk) -> None:
    simulator.enter("laoli", "app")

    assert desk.heard[0][1]["Event"] == "enter_agent"


def test_a_quote_travels_as_text_without_an_id(simulator, desk) -> None:
    simulator.say("xiaoli", "工单 1001 怎么样了", chat="wrGROUP1")
    (quoted,) = simulator.messages(chat="wrGROUP1")

    simulator.say("xiaowang", "@服务台 请看", chat="wrGROUP1", quote=quoted["id"])

    assert desk.heard[0][1]["quote"] == {"msgtype": "text", "text": {"content": "工单 1001 怎么样了"}}


def test_a_picture_is_served_to_the_aibot_encrypted_for_five_minutes(simulator, desk, clock) -> None:
    png = b"\x89PNG\r\n\x1a\n" + bytes(100)
    posted = requests.post(f"{simulator.base_url}/sim/picture", files={"file": ("a.png", png)}, timeout=60)
    picture = posted.json()["picture"]

    simulator.say("xiaowang", "@服务台 如图", chat="wrGROUP1", picture=picture)

    items = desk.heard[0][1]["mixed"]["msg_item"]
    assert items[0] == {"msgtype": "text", "text": {"content": "@服务台 如图"}}
    url = items[1]["image"]["url"]
    body = requests.get(url, timeout=60).content
    key = __import__("base64").b64decode("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG=")
    opened = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor().update(body)
    assert opened[: -opened[-1]] == png
    clock.pass_(minutes=6)
    assert requests.get(url, timeout=60).status_code == 404


def test_a_picture_alone_reaches_the_bot_only_in_private(simulator, desk) -> None:
    png = b"\x89PNG\r\n\x1a\n" + bytes(10)
    posted = requests.post(f"{simulator.base_url}/sim/picture", files={"file": ("a.png", png)}, timeout=60)
    picture = posted.json()["picture"]

    assert simulator.say("xiaowang", "", chat="wrGROUP1", picture=picture) is None
    simulator.say("xiaowang", "", picture=picture)
    simulator.say("laoli", "", picture=picture)

    assert desk.heard[0][1]["msgtype"] == "image"
    assert desk.heard[1][1]["MsgType"] == "image"
    assert desk.heard[1][1]["MediaId"] == picture


def test_a_file_is_a_message_of_its_own_with_its_name_at_the_server(simulator, desk) -> None:
    sent = {"file": ("对账 11月.csv", b"a,b")}
    file = requests.post(f"{simulator.base_url}/sim/file", files=sent, timeout=60).json()["file"]

    assert simulator.say("xiaowang", "", chat="wrGROUP1", file=file) is None, "a group's file is not told"
    simulator.say("xiaowang", "", file=file)
    simulator.say("laoli", "", file=file)

    url = desk.heard[0][1]["file"]["url"]
    served = requests.get(url, timeout=60)
    assert served.content == sealed(b"a,b", simulator.config.aibot_aes_key)
    assert "%E5%AF%B9%E8%B4%A6%2011%E6%9C%88.csv" in served.headers["Content-Disposition"]
    told = desk.heard[1][1]
    assert (told["MsgType"], told["MediaId"], told["FileName"]) == ("file", file, "对账 11月.csv")


def test_a_quoted_picture_comes_with_a_link_of_its_own(simulator, desk) -> None:
    simulator.say("xiaowang", "", chat="wrGROUP1", picture=simulator.upload(b"\xff\xd8\xff"))
    (shot,) = simulator.messages(chat="wrGROUP1")

    simulator.say("xiaowang", "@服务台 帮看", chat="wrGROUP1", quote=shot["id"])

    quote = desk.heard[0][1]["quote"]
    assert quote["msgtype"] == "image"
    assert requests.get(quote["image"]["url"], timeout=60).status_code == 200


def test_the_fourth_question_in_flight_is_not_delivered(simulator, desk) -> None:
    go, arrived = threading.Event(), threading.Semaphore(0)

    def answers(door: str, heard: dict[str, Any]) -> None:
        arrived.release()
        go.wait(60)

    desk.answers = answers
    waiting = [
        threading.Thread(target=simulator.say, args=("xiaowang", f"问题 {i}"), daemon=True) for i in range(3)
    ]
    for thread in waiting:
        thread.start()
    for _ in waiting:
        assert arrived.acquire(timeout=60)

    assert simulator.say("xiaowang", "第四个问题").outcome == "busy"
    assert simulator.messages(chat="aibot:xiaowang")[-1]["delivery"] == "busy"
    go.set()
    for thread in waiting:
        thread.join()


def test_a_delivery_can_be_repeated_although_it_was_answered(simulator, desk) -> None:
    simulator.fault("callback/aibot", "repeat")
    desk.answers = lambda door, heard: stream("好的")

    simulator.say("xiaowang", "打不开")

    assert len(desk.heard) == 2
    assert desk.heard[0][1]["msgid"] == desk.heard[1][1]["msgid"]
    assert texts(simulator.messages(to="xiaowang")) == ["好的"]


@pytest.mark.parametrize("door", ["app", "aibot"])
def test_the_address_is_verified_by_a_bare_echo(simulator, door) -> None:
    assert simulator.verify(door) == {"ok": True, "error": ""}


def test_characters_xml_cannot_carry_are_left_out_and_cdata_cannot_be_broken(simulator, desk) -> None:
    simulator.say("laoli", "a\x00b]]><x>&lt;")

    assert desk.heard[0][1]["Content"] == "ab]]><x>&lt;"


def test_people_and_chats_survive_a_restart(config, desk, tmp_path) -> None:
    from dataclasses import replace

    kept = replace(config, state_dir=tmp_path)
    with Simulator(kept) as first:
        first.say("xiaowang", "还在吗")
        last = first.messages(chat="aibot:xiaowang")[-1]["id"]

    with Simulator(kept) as second:
        assert texts(second.messages(chat="aibot:xiaowang")) == ["还在吗"]
        second.say("xiaowang", "在的")
        assert second.messages(chat="aibot:xiaowang")[-1]["id"] > last


def test_choices_of_a_card_are_told_with_the_press(simulator, desk, api) -> None:
    api.card(
        "laoli",
        {
            "card_type": "multiple_interaction",
            "task_id": "multi-1",
            "main_title": {"title": "改派"},
            "select_list": [
                {"question_key": "role", "option_list": [{"id": "tech", "text": "产品技术"}]},
                {"question_key": "kind", "option_list": [{"id": "daily", "text": "日常"}]},
            ],
            "submit_button": {"text": "提交", "key": "reroute:1001"},
        },
    )

    simulator.press(
        "laoli", "reroute:1001", task_id="multi-1", selected={"role": ["tech"], "kind": ["daily"]}
    )

    items = desk.heard[-1][1]["SelectedItems"]["SelectedItem"]
    assert items == [
        {"QuestionKey": "role", "OptionIds": {"OptionId": "tech"}},
        {"QuestionKey": "kind", "OptionIds": {"OptionId": "daily"}},
    ]
