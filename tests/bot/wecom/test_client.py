"""The app's calls, against a real HTTP server on loopback that does what a test tells it to."""

from __future__ import annotations

import logging
import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import redis

from bot.wecom import tokens
from bot.wecom.client import Client, SendResult, card_message, text_message
from bot.wecom.errcodes import OPERATOR_MENDS, AnswerLost, Never, NotNow, SendError, from_errcode
from tests.bot.wecom.scripted import Answer, Server, cuts, hangs, says, server, stops_half_way
from tests.support.ports import kept_ports

SECRET, CORP, AGENT = "s3cr3t-qJ8xV2mN7pLrT5kW", "ww0123456789abcdef", 1000002
PAYLOAD = text_message(["xiaowang"], "工单 1001 已接单")
OK = says({"errcode": 0, "errmsg": "ok", "msgid": "m1"})


def token(value: str, seconds: int = 7200) -> Answer:
    return says({"errcode": 0, "errmsg": "ok", "access_token": value, "expires_in": seconds})


def errcode(code: Any) -> Answer:
    return says({"errcode": code, "errmsg": "whatever it says, see https://hint.example"})


@pytest.fixture
def wecom() -> Iterator[Server]:
    with server() as running:
        running.on("gettoken", token("T1"), token("T2"), token("T3"))
        running.on("message/send", OK)
        yield running


class Clock:
    """Machine time, turned by hand."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


Made = Callable[..., Client]


@pytest.fixture
def made(wecom: Server, monkeypatch: pytest.MonkeyPatch) -> Made:
    monkeypatch.setattr(tokens, "REDIS_TIMEOUT_S", 60.0)

    def make(redis_url: str | None = None, clock: Clock | None = None, patience: float = 60.0) -> Client:
        timeout = (patience, patience)
        return Client(wecom.url, CORP, AGENT, SECRET, redis_url, timeout=timeout, clock=clock or Clock())

    return make


def patience_with(answer: Answer) -> float:
    """Seconds to wait for that answer: only one that never comes is given up soon."""
    return 1.0 if answer is hangs else 60.0


def failing(call: Callable[[], object]) -> SendError:
    with pytest.raises(SendError) as raised:
        call()
    return raised.value


def test_a_message_goes_out_with_the_agent_and_the_duplicate_check(wecom: Server, made: Made) -> None:
    result = made().send(PAYLOAD)

    assert result == SendResult("m1", None, ())
    assert wecom.bodies("message/send") == [
        {
            "touser": "xiaowang",
            "msgtype": "text",
            "text": {"content": "工单 1001 已接单"},
            "agentid": AGENT,
            "enable_duplicate_check": 1,
            "duplicate_check_interval": 600,
        }
    ]
    assert wecom.queries("gettoken") == [{"corpid": CORP, "corpsecret": SECRET}]
    assert wecom.queries("message/send") == [{"access_token": "T1"}]


def test_who_did_not_get_it_and_the_right_to_update_come_back(wecom: Server, made: Made) -> None:
    answer = {"errcode": 0, "msgid": "m2", "response_code": "rc", "invaliduser": "a|b", "unlicenseduser": "c"}
    wecom.on("message/send", says(answer))

    assert made().send(PAYLOAD) == SendResult("m2", "rc", ("a", "b", "c"))


def test_a_base_url_may_end_in_a_slash_or_in_cgi_bin(wecom: Server) -> None:
    for base in (f"{wecom.url}/", f"{wecom.url}/cgi-bin", f"{wecom.url}/cgi-bin/"):
        Client(base, CORP, AGENT, SECRET, None).send(PAYLOAD)

    assert len(wecom.bodies("message/send")) == 3


def test_sixteen_cold_threads_fetch_one_token(wecom: Server, made: Made) -> None:
    client, start = made(), threading.Barrier(16)

    def send(_: int) -> str:
        start.wait()
        return client.send(PAYLOAD).msgid

    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(send, range(16))) == ["m1"] * 16
    assert len(wecom.queries("gettoken")) == 1


def test_sixteen_threads_with_a_voided_token_fetch_one_other(wecom: Server, made: Made) -> None:
    client = made()
    client.send(PAYLOAD)
    start = threading.Barrier(16)

    def by_token(handler: Any) -> None:
        (OK if "T2" in handler.path else errcode(40014))(handler)

    wecom.on("message/send", by_token)

    def send(_: int) -> str:
        start.wait()
        return client.send(PAYLOAD).msgid

    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(send, range(16))) == ["m1"] * 16
    assert len(wecom.queries("gettoken")) == 2


def test_a_hung_gettoken_is_not_now_for_all_who_wait_and_is_tried_once(wecom: Server, made: Made) -> None:
    wecom.on("gettoken", hangs)
    client, start = made(patience=3.0), threading.Barrier(16)

    def send(_: int) -> type[SendError]:
        start.wait()
        return type(failing(lambda: client.send(PAYLOAD)))

    with ThreadPoolExecutor(16) as threads:
        assert set(threads.map(send, range(16))) == {NotNow}
    assert len(wecom.queries("gettoken")) == 1
    assert wecom.bodies("message/send") == []


def test_after_a_failed_gettoken_the_next_message_tries_again(wecom: Server, made: Made) -> None:
    wecom.on("gettoken", says({}, 502), token("T1"))
    client = made()

    assert isinstance(failing(lambda: client.send(PAYLOAD)), NotNow)
    assert client.send(PAYLOAD).msgid == "m1"


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_a_refused_token_is_renewed_once_and_the_message_sent(wecom: Server, made: Made, code: int) -> None:
    wecom.on("message/send", errcode(code), OK)

    assert made().send(PAYLOAD).msgid == "m1"
    assert [query["access_token"] for query in wecom.queries("message/send")] == ["T1", "T2"]


@pytest.mark.parametrize(("code", "kind"), [(40001, Never), (40014, NotNow), (42001, NotNow)])
def test_a_token_refused_for_ever_is_retried_once(
    wecom: Server, made: Made, code: int, kind: type[SendError]
) -> None:
    wecom.on("message/send", errcode(code))

    failure = failing(lambda: made().send(PAYLOAD))

    assert type(failure) is kind
    assert failure.errcode == code
    assert len(wecom.bodies("message/send")) == 2
    assert len(wecom.queries("gettoken")) == 2


def test_a_token_is_given_up_before_it_expires(wecom: Server, made: Made) -> None:
    clock = Clock()
    client = made(clock=clock)
    client.send(PAYLOAD)
    clock.now += 6800
    client.send(PAYLOAD)
    assert len(wecom.queries("gettoken")) == 1

    clock.now += 100
    client.send(PAYLOAD)
    assert len(wecom.queries("gettoken")) == 2


def test_processes_share_one_token_through_redis(wecom: Server, made: Made, redis_url: str) -> None:
    for _ in range(3):
        made(redis_url).send(PAYLOAD)

    assert len(wecom.queries("gettoken")) == 1


def test_processes_that_start_together_fetch_one_token(wecom: Server, made: Made, redis_url: str) -> None:
    clients, start = [made(redis_url) for _ in range(8)], threading.Barrier(8)

    def send(client: Client) -> str:
        start.wait()
        return client.send(PAYLOAD).msgid

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(send, clients)) == ["m1"] * 8
    assert len(wecom.queries("gettoken")) == 1


def test_a_process_with_a_voided_token_takes_the_one_another_has_fetched(
    wecom: Server, made: Made, redis_url: str
) -> None:
    first, second = made(redis_url), made(redis_url)
    first.send(PAYLOAD)
    second.send(PAYLOAD)
    wecom.on("message/send", OK, OK, errcode(40014), OK, errcode(40014), OK)

    first.send(PAYLOAD)
    second.send(PAYLOAD)

    assert len(wecom.queries("gettoken")) == 2
    assert [query["access_token"] for query in wecom.queries("message/send")][2:] == ["T1", "T2", "T1", "T2"]


def test_no_key_in_redis_holds_a_part_of_the_secret(made: Made, redis_url: str) -> None:
    made(redis_url).send(PAYLOAD)

    with redis.Redis.from_url(redis_url) as store:
        keys = [key.decode() for key in store.scan_iter()]
        assert keys
        assert all(0 < store.ttl(key) <= 7200 for key in keys)
    assert not any(SECRET[at : at + 4] in key for key in keys for at in range(len(SECRET) - 3))


def test_rubbish_under_the_key_in_redis_is_ignored(wecom: Server, made: Made, redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as store:
        for rubbish in ("not json", "[1]", '{"value": "X"}', '"word"', "null"):
            store.set(f"wecom:token:{CORP}:{AGENT}", rubbish)
            assert made(redis_url).send(PAYLOAD).msgid == "m1"


def test_a_redis_that_is_gone_fails_no_message(wecom: Server, made: Made) -> None:
    client = made("unix:///nowhere/redis.sock")

    assert [client.send(PAYLOAD).msgid for _ in range(3)] == ["m1"] * 3
    assert len(wecom.queries("gettoken")) == 1


def test_a_redis_that_hangs_costs_one_time_out_and_fails_no_message(
    wecom: Server, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "REDIS_TIMEOUT_S", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = made(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")

        assert client.send(PAYLOAD).msgid == "m1"
        assert client.send(PAYLOAD).msgid == "m1"


FAILURES: dict[str, tuple[Any, ...]] = {
    "busy": (errcode(-1), NotNow, None),
    "too often": (errcode(45009), NotNow, 60.0),
    "too many at once": (errcode(45033), NotNow, None),
    "HTTP 500": (says({}, 500), NotNow, None),
    "HTTP 502": (says(b"<html>", 502), NotNow, None),
    "HTTP 503": (says({}, 503, Retry_After="30"), NotNow, 30.0),
    "HTTP 503 until a date": (says({}, 503, Retry_After="Mon, 23 Nov 2026 04:00:00 GMT"), NotNow, None),
    "HTTP 429": (says({}, 429), NotNow, None),
    "nobody gets it": (errcode(81013), Never, None),
    "untrusted address": (errcode(60020), Never, None),
    "no such userid": (errcode(40003), Never, None),
    "bad parameter": (errcode(40058), Never, None),
    "unheard of": (errcode(999999), Never, None),
    "HTTP 404": (says({}, 404), NotNow, None),
    "HTTP 302": (says({}, 302, Location="/elsewhere"), NotNow, None),
    "HTTP 504": (says({}, 504), AnswerLost, None),
    "no answer": (hangs, AnswerLost, None),
    "cut": (cuts, AnswerLost, None),
    "cut half way": (stops_half_way, AnswerLost, None),
    "not JSON": (says(b"<html>logged in</html>"), AnswerLost, None),
    "no errcode": (says({"msgid": "m"}), AnswerLost, None),
    "a list": (says([1]), AnswerLost, None),
    "an errcode that is none": (errcode("soon"), AnswerLost, None),
    "nothing": (says(b""), AnswerLost, None),
    "very deep": (says(b"[" * 100000), AnswerLost, None),
}


@pytest.mark.parametrize(("answer", "kind", "retry_after"), FAILURES.values(), ids=FAILURES.keys())
def test_every_failure_is_one_of_three(
    wecom: Server, made: Made, answer: Answer, kind: type[SendError], retry_after: float | None
) -> None:
    wecom.on("message/send", answer)

    failure = failing(lambda: made(patience=patience_with(answer)).send(PAYLOAD))

    assert type(failure) is kind
    assert failure.retry_after == retry_after
    assert failure.reason
    assert len(wecom.bodies("message/send")) == 1


TOKENLESS: dict[str, tuple[Any, ...]] = {
    "wrong secret": (errcode(40001), Never),
    "wrong corp": (errcode(40013), Never),
    "untrusted address": (errcode(60020), Never),
    "too often": (errcode(45009), NotNow),
    "no token in it": (says({"errcode": 0}), NotNow),
    "a token that is none": (says({"errcode": 0, "access_token": 7}), NotNow),
    "not JSON": (says(b"<html>"), NotNow),
    "cut": (cuts, NotNow),
    "HTTP 504": (says({}, 504), NotNow),
    "HTTP 404": (says({}, 404), NotNow),
}


@pytest.mark.parametrize(("answer", "kind"), TOKENLESS.values(), ids=TOKENLESS.keys())
def test_without_a_token_nothing_is_ever_in_doubt(
    wecom: Server, made: Made, answer: Answer, kind: type[SendError]
) -> None:
    wecom.on("gettoken", answer)

    assert type(failing(lambda: made().send(PAYLOAD))) is kind
    assert wecom.bodies("message/send") == []


def test_a_server_that_is_not_there_is_not_now() -> None:
    with kept_ports() as port:
        client = Client(f"http://127.0.0.1:{port}", CORP, AGENT, SECRET, None)
        failure = failing(lambda: client.send(PAYLOAD))

    assert type(failure) is NotNow


def test_a_server_that_goes_after_the_token_is_not_now_and_not_in_doubt(wecom: Server, made: Made) -> None:
    client = made()
    client.send(PAYLOAD)
    with kept_ports() as port:
        client._api.API_BASE_URL = f"http://127.0.0.1:{port}/cgi-bin/"

        assert type(failing(lambda: client.send(PAYLOAD))) is NotNow


@pytest.mark.parametrize("answer", [cuts, hangs, says({}, 502), errcode(40014), errcode(60020), says(b"x")])
@pytest.mark.parametrize("endpoint", ["gettoken", "message/send"])
def test_no_failure_and_no_log_holds_a_secret_a_token_or_the_message(
    wecom: Server, made: Made, answer: Answer, endpoint: str, caplog: pytest.LogCaptureFixture
) -> None:
    wecom.on(endpoint, answer)
    caplog.set_level(logging.DEBUG)

    failure = failing(lambda: made(patience=patience_with(answer)).send(PAYLOAD))

    chain: list[BaseException | None] = [failure, failure.__cause__, failure.__context__]
    told = "".join(str(error) + repr(error) for error in chain)
    told += "".join(traceback.format_exception(failure)) + caplog.text
    assert caplog.text
    for hidden in (SECRET, "access_token=T", "'T1'", "工单 1001"):
        assert hidden not in told
    assert failure.__cause__ is None
    assert failure.__context__ is None


def test_what_the_operator_must_mend_is_told_from_what_is_wrong_with_one_message() -> None:
    mends = {code for code in (40001, 40003, 40058, 60020, 81013, 93000) if code in OPERATOR_MENDS}

    assert mends == {40001, 60020}
    assert all(type(from_errcode(code)) is Never for code in OPERATOR_MENDS)


def test_a_server_that_is_not_there_leaves_no_secret_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    with kept_ports() as port:
        client = Client(f"http://127.0.0.1:{port}", CORP, AGENT, SECRET, None)
        failing(lambda: client.send(PAYLOAD))

    assert caplog.text
    assert SECRET not in caplog.text


def test_a_card_is_updated_for_everybody_or_for_some(wecom: Server, made: Made) -> None:
    wecom.on("message/update_template_card", says({"errcode": 0, "invaliduser": ["laowang"]}))
    client, card = made(), {"card_type": "text_notice"}

    assert client.update_card("rc", card) == ("laowang",)
    client.update_card("rc", card, userids=["laoli"])

    assert wecom.bodies("message/update_template_card") == [
        {"atall": 1, "agentid": AGENT, "response_code": "rc", "template_card": card},
        {"userids": ["laoli"], "agentid": AGENT, "response_code": "rc", "template_card": card},
    ]


def test_a_message_is_recalled(wecom: Server, made: Made) -> None:
    wecom.on("message/recall", says({"errcode": 0}))

    made().recall("m1")

    assert wecom.bodies("message/recall") == [{"msgid": "m1"}]


def test_a_visitor_is_a_member_or_nobody(wecom: Server, made: Made) -> None:
    wecom.on(
        "auth/getuserinfo",
        says({"errcode": 0, "userid": "xiaowang"}),
        says({"errcode": 0, "openid": "o1"}),
        errcode(40029),
    )
    client = made()

    assert client.visitor("c0de") == "xiaowang"
    assert client.visitor("c0de") is None
    assert type(failing(lambda: client.visitor("c0de"))) is Never
    assert wecom.queries("auth/getuserinfo")[0] == {"code": "c0de", "access_token": "T1"}


def test_a_lone_surrogate_does_not_stop_a_message(wecom: Server, made: Made) -> None:
    made().send(text_message(["xiaowang"], "a\ud800b"))

    assert wecom.bodies("message/send")[0]["text"]["content"] == "a?b"


def test_the_payloads_are_cut_to_what_wecom_takes() -> None:
    assert len(text_message(["u"], "长" * 2000)["text"]["content"].encode()) <= 2048
    assert card_message(["a", "b"], {"card_type": "text_notice"})["touser"] == "a|b"


@pytest.mark.parametrize("userids", [[], ["@all"], ["a|b"], [""], ["u"] * 1001])
def test_a_message_goes_to_named_people_only(userids: list[str]) -> None:
    with pytest.raises(ValueError, match="1000 userids"):
        text_message(userids, "hi")
