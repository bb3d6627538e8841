"""The API the desk calls: its errcodes, quotas, card rules and faults."""

from __future__ import annotations

from typing import Any

import pytest
import requests


def test_a_token_lasts_7200_seconds_and_is_the_same_until_then(api, clock) -> None:
    first = api.get("gettoken", corpid="wx5823bf96d3bd56c7", corpsecret="the-secret")
    clock.pass_(seconds=200)
    again = api.get("gettoken", corpid="wx5823bf96d3bd56c7", corpsecret="the-secret")

    assert (first["errcode"], first["expires_in"]) == (0, 7200)
    assert again["access_token"] == first["access_token"]
    assert again["expires_in"] == 7000
    clock.pass_(seconds=7001)
    assert api.post("message/recall", {}, access_token=first["access_token"])["errcode"] == 40014


@pytest.mark.parametrize(
    ("query", "errcode"),
    [
        ({}, 41002),
        ({"corpid": "wx5823bf96d3bd56c7"}, 41004),
        ({"corpid": "other", "corpsecret": "the-secret"}, 40013),
        ({"corpid": "wx5823bf96d3bd56c7", "corpsecret": "wrong"}, 40001),
    ],
)
def test_gettoken_names_what_is_wrong(api, query, errcode) -> None:
    assert api.get("gettoken", **query)["errcode"] == errcode


@pytest.mark.parametrize(
    ("token", "errcode"), [("", 41001), ("wrong", 40014)], ids=["without a token", "with a wrong token"]
)
def test_an_error_is_http_200_with_an_errcode(simulator, token, errcode) -> None:
    answer = requests.post(
        f"{simulator.base_url}/cgi-bin/message/send", params={"access_token": token}, json={}, timeout=60
    )

    assert answer.status_code == 200
    assert answer.json()["errcode"] == errcode


def test_a_message_reaches_those_it_names_and_unknown_names_come_back_lower_cased(api, simulator) -> None:
    answer = api.text("LaoLi|Nobody|ZHAOJIE", "工单 1001 待接单")

    assert answer["errcode"] == 0
    assert answer["invaliduser"] == "nobody"
    assert simulator.messages(to="laoli")[0]["text"] == "工单 1001 待接单"
    assert simulator.messages(to="zhaojie")[0]["msgid"] == answer["msgid"]
    assert simulator.messages(to="xiaowang") == []


def test_a_message_to_nobody_known_is_81013(api) -> None:
    assert api.text("nobody|nothing", "x")["errcode"] == 81013
    assert api.send("", msgtype="text", text={"content": "x"}, toparty="1")["errcode"] == 81013


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"msgtype": "text", "text": {"content": "x"}, "touser": "laoli"}, 41011),
        ({"msgtype": "text", "text": {"content": "x"}, "touser": "laoli", "agentid": 1}, 301002),
        ({"msgtype": "text", "text": {"content": ""}, "touser": "laoli", "agentid": 1000002}, 44004),
        ({"msgtype": "poem", "poem": {}, "touser": "laoli", "agentid": 1000002}, 40008),
        (
            {
                "msgtype": "markdown",
                "markdown": {"content": "字" * 683},
                "touser": "laoli",
                "agentid": 1000002,
            },
            40058,
        ),
        ({"msgtype": "image", "image": {"media_id": "x"}, "touser": "laoli", "agentid": 1000002}, 40007),
    ],
)
def test_a_send_wecom_would_refuse_is_refused(api, simulator, body, errcode) -> None:
    assert api.post("message/send", body)["errcode"] == errcode
    assert simulator.messages(to="laoli") == []


def test_text_is_cut_at_2048_bytes(api, simulator) -> None:
    assert api.text("laoli", "字" * 700)["errcode"] == 0

    assert simulator.messages(to="laoli")[0]["text"] == "字" * 682


def test_more_than_thirty_messages_a_minute_to_one_member_are_dropped_without_a_word(
    api, simulator, clock
) -> None:
    answers = [api.text("laoli", f"第 {i} 条") for i in range(33)]

    assert {a["errcode"] for a in answers} == {0}
    assert len(simulator.messages(to="laoli")) == 30
    api.text("zhaojie", "另一人")
    assert len(simulator.messages(to="zhaojie")) == 1
    clock.pass_(seconds=61)
    api.text("laoli", "一分钟后")
    assert len(simulator.messages(to="laoli")) == 31


def test_the_duplicate_check_holds_equal_content_back_over_its_interval(api, simulator, clock) -> None:
    more = {"enable_duplicate_check": 1, "duplicate_check_interval": 600}
    first = api.text("laoli", "工单 1001 已超时", **more)
    clock.pass_(seconds=599)
    again = api.text("laoli", "工单 1001 已超时", **more)

    assert again["errcode"] == 0
    assert again["msgid"] == first["msgid"]
    assert len(simulator.messages(to="laoli")) == 1
    api.text("laoli|zhaojie", "工单 1001 已超时", **more)
    assert (len(simulator.messages(to="laoli")), len(simulator.messages(to="zhaojie"))) == (1, 1)
    clock.pass_(seconds=600)
    api.text("laoli", "工单 1001 已超时", **more)
    assert len(simulator.messages(to="laoli")) == 2


def test_without_the_check_equal_messages_are_two(api, simulator) -> None:
    api.text("laoli", "在吗")
    api.text("laoli", "在吗")

    assert len(simulator.messages(to="laoli")) == 2


def test_a_card_resent_under_the_check_is_the_same_card(api, simulator, button_card) -> None:
    body = {"msgtype": "template_card", "template_card": button_card(), "enable_duplicate_check": 1}
    first = api.send("laoli", **body)

    assert api.send("laoli", **body) == first
    assert len(simulator.messages(to="laoli")) == 1


def test_a_task_id_is_good_for_one_card(api, button_card) -> None:
    assert api.card("laoli", button_card())["errcode"] == 0

    assert api.card("laoli", button_card(main_title={"title": "另一张"}))["errcode"] == 40058


@pytest.mark.parametrize(
    "change",
    {
        "no task_id": {"task_id": ""},
        "a task_id with a space": {"task_id": "order 1001"},
        "a task_id of 129 bytes": {"task_id": "x" * 129},
        "no title": {"main_title": {}},
        "no buttons": {"button_list": []},
        "seven buttons": {"button_list": [{"text": "x", "key": str(i)} for i in range(7)]},
        "a key of 1025 bytes": {"button_list": [{"text": "x", "key": "k" * 1025}]},
        "the same key twice": {"button_list": [{"text": "x", "key": "k"}, {"text": "y", "key": "k"}]},
        "an unknown type": {"card_type": "poem"},
        "seven facts": {"horizontal_content_list": [{"keyname": "x"}] * 7},
        "four links": {"jump_list": [{"title": "x", "type": 1, "url": "u"}] * 4},
        "a notice without card_action": {"card_type": "text_notice"},
        "a vote without options": {
            "card_type": "vote_interaction",
            "submit_button": {"text": "x", "key": "k"},
        },
    }.items(),
    ids=lambda case: case[0],
)
def test_a_card_against_the_rules_is_40058(api, simulator, button_card, change) -> None:
    assert api.card("laoli", button_card(**change[1]))["errcode"] == 40058
    assert simulator.messages(to="laoli") == []


@pytest.mark.parametrize(
    "card",
    [
        {
            "card_type": "text_notice",
            "main_title": {"title": "通知 N12"},
            "card_action": {"type": 1, "url": "https://desk.example/n/12"},
        },
        {
            "card_type": "vote_interaction",
            "task_id": "vote-1",
            "main_title": {"title": "满意吗"},
            "checkbox": {"question_key": "q", "option_list": [{"id": "5", "text": "满意"}]},
            "submit_button": {"text": "提交", "key": "k"},
        },
        {
            "card_type": "multiple_interaction",
            "task_id": "multi-1",
            "main_title": {"title": "登记"},
            "select_list": [{"question_key": "q", "option_list": [{"id": "1", "text": "技术"}]}],
            "submit_button": {"text": "提交", "key": "k"},
        },
    ],
    ids=lambda card: card["card_type"],
)
def test_the_other_card_types_are_accepted(api, simulator, card) -> None:
    answer = api.card("laoli", card)

    assert answer["errcode"] == 0
    assert ("response_code" in answer) == (card["card_type"] != "text_notice")
    assert simulator.messages(to="laoli")[0]["card"]["card_type"] == card["card_type"]


def test_update_template_card_changes_the_card_for_all_and_its_code_works_once(
    api, simulator, button_card
) -> None:
    code = api.card("laoli|zhaojie", button_card())["response_code"]
    update = {
        "userids": ["laoli", "zhaojie", "xiaowang", "nobody"],
        "agentid": 1000002,
        "response_code": code,
        "button": {"replace_name": "老李 已接单"},
    }

    answer = api.post("message/update_template_card", update)

    assert answer["errcode"] == 0
    assert answer["invaliduser"] == ["nobody", "xiaowang"]
    assert simulator.messages(to="laoli")[0]["done"] == {"laoli": "老李 已接单"}
    assert simulator.messages(to="zhaojie")[0]["done"] == {"zhaojie": "老李 已接单"}
    assert api.post("message/update_template_card", update)["errcode"] == 40029


def test_a_click_yields_another_code_good_for_72_hours(api, simulator, desk, clock, button_card) -> None:
    api.card("laoli|zhaojie", button_card())
    simulator.press("laoli", "accept:1001", task_id="order-1001@1")
    code = desk.heard[-1][1]["ResponseCode"]
    update = {
        "atall": 1,
        "agentid": 1000002,
        "template_card": button_card(main_title={"title": "已接单"}, replace_text="老李 已接单"),
    }

    clock.pass_(hours=71)
    assert api.post("message/update_template_card", update | {"response_code": code})["errcode"] == 40014
    api.token = ""
    assert api.post("message/update_template_card", update | {"response_code": code})["errcode"] == 0
    shown = simulator.messages(to="zhaojie")[0]
    assert shown["card_for"]["zhaojie"]["main_title"]["title"] == "已接单"
    assert shown["done"] == {"zhaojie": "老李 已接单"}

    simulator.press("laoli", "accept:1001", task_id="order-1001@1", stale=True)
    code = desk.heard[-1][1]["ResponseCode"]
    clock.pass_(hours=72)
    api.token = ""
    assert api.post("message/update_template_card", update | {"response_code": code})["errcode"] == 40029


def test_a_message_can_be_recalled_within_a_day(api, simulator, clock) -> None:
    msgid = api.text("laoli|zhaojie", "发错了")["msgid"]
    late = api.text("laoli", "发错了")["msgid"]

    assert api.post("message/recall", {"msgid": msgid})["errcode"] == 0

    assert [m["recalled"] for m in simulator.messages(to="laoli")] == [True, False]
    clock.pass_(hours=25)
    api.token = ""
    assert api.post("message/recall", {"msgid": late})["errcode"] != 0


def test_a_webhook_posts_into_its_group_and_mentions_members_only(api, simulator) -> None:
    answer = api.hook(
        "hook-1", msgtype="text", text={"content": "升级通知", "mentioned_list": ["xiaowang", "stranger"]}
    )

    assert answer["errcode"] == 0
    (message,) = simulator.messages(chat="wrGROUP1")
    assert (message["voice"], message["text"], message["mentions"]) == ("webhook", "升级通知", ["xiaowang"])


def test_a_webhook_takes_twenty_a_minute_per_key(api, simulator, clock) -> None:
    codes = [api.hook("hook-1", msgtype="text", text={"content": f"第 {i} 条"})["errcode"] for i in range(22)]

    assert codes == [0] * 20 + [45009] * 2
    assert api.hook("hook-2", msgtype="text", text={"content": "x"})["errcode"] == 0
    clock.pass_(seconds=61)
    assert api.hook("hook-1", msgtype="text", text={"content": "x"})["errcode"] == 0


@pytest.mark.parametrize(
    ("content", "errcode"),
    [
        ({"msgtype": "text", "text": {"content": "字" * 683}}, 40058),
        ({"msgtype": "markdown", "markdown": {"content": "字" * 1366}}, 40058),
        ({"msgtype": "markdown_v2", "markdown_v2": {"content": "字" * 1365}}, 0),
        ({"msgtype": "textcard", "textcard": {}}, 40008),
    ],
)
def test_a_webhook_message_has_its_own_limits(api, content, errcode) -> None:
    assert api.hook("hook-1", **content)["errcode"] == errcode


def test_an_unknown_webhook_key_is_93000(api) -> None:
    assert api.hook("nothing", msgtype="text", text={"content": "x"})["errcode"] == 93000


def test_a_webhook_card_has_no_buttons_and_no_task_id(api, simulator, button_card) -> None:
    notice: dict[str, Any] = {
        "card_type": "text_notice",
        "main_title": {"title": "升级通知 N12"},
        "card_action": {"type": 1, "url": "https://desk.example/n/12"},
    }

    def send(card: dict[str, Any]) -> int:
        return api.hook("hook-1", msgtype="template_card", template_card=card)["errcode"]

    assert send(button_card()) == 40058
    assert send(notice | {"task_id": "t"}) == 40058
    assert send(notice) == 0
    assert simulator.messages(chat="wrGROUP1")[0]["card"]["main_title"]["title"] == "升级通知 N12"


def reply_url(simulator, desk, **where) -> str:
    simulator.say("xiaowang", "@服务台 打不开", **where)
    return desk.heard[-1][1]["response_url"]


def markdown(text: str) -> dict[str, Any]:
    return {"msgtype": "markdown", "markdown": {"content": text}}


def test_the_reply_url_takes_one_message_within_an_hour(simulator, desk, clock) -> None:
    url = reply_url(simulator, desk, chat="wrGROUP1")

    assert requests.post(url, json=markdown("已恢复"), timeout=60).json()["errcode"] == 0
    assert requests.post(url, json=markdown("再说一次"), timeout=60).json()["errcode"] == 40029
    shown = simulator.messages(to="xiaowang")
    assert [m["text"] for m in shown] == ["已恢复"]
    assert shown[0]["quote"]["text"] == "@服务台 打不开"

    url = reply_url(simulator, desk, chat="wrGROUP1")
    clock.pass_(minutes=61)
    assert requests.post(url, json=markdown("太晚"), timeout=60).json()["errcode"] == 40029


def test_the_reply_url_takes_a_card_only_in_private_and_never_an_update(simulator, desk, button_card) -> None:
    card = {"msgtype": "template_card", "template_card": button_card()}
    group, single = reply_url(simulator, desk, chat="wrGROUP1"), reply_url(simulator, desk)

    assert requests.post(group, json=card, timeout=60).json()["errcode"] == 40008
    update = {"response_type": "update_template_card", "template_card": button_card()}
    assert requests.post(single, json=update, timeout=60).json()["errcode"] == 40008
    assert requests.post(single, json=card, timeout=60).json()["errcode"] == 0


def test_bad_json_is_47001(simulator, api) -> None:
    query = {"access_token": api.fresh_token()}
    answer = requests.post(
        f"{simulator.base_url}/cgi-bin/message/send", params=query, data="{", timeout=60
    ).json()

    assert answer["errcode"] == 47001


def test_who_opens_a_link_is_named_once_by_a_code(simulator, api, config) -> None:
    query = {
        "appid": "wx5823bf96d3bd56c7",
        "redirect_uri": f"{config.desk_url}/receipt?n=12",
        "response_type": "code",
        "scope": "snsapi_base",
        "state": "abc123",
        "agentid": "1000002",
    }
    url = f"{simulator.base_url}/connect/oauth2/authorize"

    went = requests.get(
        url, params=query, cookies={"simulator_as": "xiaowang"}, timeout=60, allow_redirects=False
    )

    target = went.headers["Location"]
    assert target.startswith(f"{config.desk_url}/receipt?n=12&code=")
    assert target.endswith("&state=abc123")
    code = target.partition("&code=")[2].partition("&")[0]
    token = api.fresh_token()
    assert api.get("auth/getuserinfo", access_token=token, code=code)["userid"] == "xiaowang"
    assert api.get("auth/getuserinfo", access_token=token, code=code)["errcode"] == 40029

    chooser = requests.get(url, params=query, timeout=60)
    assert "小王" in chooser.text
    elsewhere = requests.get(url, params=query | {"redirect_uri": "https://evil.example/"}, timeout=60)
    assert elsewhere.status_code == 400


# -- faults


def test_a_lost_answer_means_it_was_done(api, simulator) -> None:
    api.fresh_token()
    simulator.fault("message/send", "lost")

    with pytest.raises(requests.ConnectionError):
        api.text("laoli", "到了吗")

    assert [m["text"] for m in simulator.messages(to="laoli")] == ["到了吗"]
    assert api.text("laoli", "下一条")["errcode"] == 0


def test_a_refused_call_means_it_was_not_done(api, simulator) -> None:
    api.fresh_token()
    simulator.fault("message/send", "refused")

    with pytest.raises(requests.ConnectionError):
        api.text("laoli", "到了吗")

    assert simulator.messages(to="laoli") == []


def test_faults_hold_for_the_next_n_calls_or_until_cleared(api, simulator) -> None:
    simulator.fault("message/send", "errcode", errcode=-1, times=2)
    assert [api.text("laoli", "x")["errcode"] for _ in range(3)] == [-1, -1, 0]

    simulator.fault("*", "errcode", errcode=45009, times=None)
    assert [api.text("laoli", "x")["errcode"] for _ in range(4)] == [45009] * 4
    assert api.hook("hook-1", msgtype="text", text={"content": "x"})["errcode"] == 45009
    simulator.clear_faults()
    assert api.text("laoli", "x")["errcode"] == 0


def test_a_server_error_is_scriptable(api, simulator) -> None:
    api.token = api.fresh_token()
    simulator.fault("message/send", "http", status=503)

    query = {"access_token": api.token}
    answer = requests.post(f"{simulator.base_url}/cgi-bin/message/send", params=query, json={}, timeout=60)

    assert answer.status_code == 503


def test_a_revoked_token_meets_40014_until_a_new_one_is_fetched(api, simulator) -> None:
    assert api.text("laoli", "一")["errcode"] == 0
    simulator.fault("message/send", "revoked")

    assert api.text("laoli", "二")["errcode"] == 40014
    assert api.text("laoli", "二")["errcode"] == 40014
    api.token = api.fresh_token()
    assert api.text("laoli", "二")["errcode"] == 0


def test_the_log_holds_every_call_with_its_secrets_blanked(api, simulator, desk, button_card) -> None:
    api.card("laoli", button_card())
    api.hook("hook-1", msgtype="text", text={"content": "x"})
    simulator.press("laoli", "accept:1001", task_id="order-1001@1")
    simulator.say("xiaowang", "打不开")

    said = str(simulator.log())

    assert "accept:1001" in said
    for secret in ("the-secret", api.token, "hook-1", "QDG6eK"):
        assert secret not in said
    assert desk.heard[-1][1]["response_url"] not in said
    assert desk.heard[0][1]["ResponseCode"] not in said
    assert [e["endpoint"] for e in simulator.log()] == [
        "gettoken",
        "message/send",
        "webhook/send",
        "app",
        "aibot",
    ]


def test_too_many_calls_of_one_api_in_a_minute_block_it_for_a_minute(config, desk, clock) -> None:
    from dataclasses import replace

    from bot.simulator.quotas import Quotas
    from bot.simulator.server import Simulator

    few = replace(config, machine_now=clock.now, quotas=Quotas(calls_a_minute=3))
    with Simulator(few, clock) as simulator:
        url = f"{simulator.base_url}/cgi-bin/gettoken"

        def errcode() -> int:
            return requests.get(url, params={"corpid": "x", "corpsecret": "y"}, timeout=60).json()["errcode"]

        assert [errcode() for _ in range(4)] == [40013, 40013, 40013, 45009]
        clock.pass_(seconds=59)
        assert errcode() == 45009
        clock.pass_(seconds=2)
        assert errcode() == 40013
