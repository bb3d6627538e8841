"""A small corp, and a stub desk that reads and answers callbacks with real encryption."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from flask import Flask, Response, request
from werkzeug.serving import WSGIRequestHandler, make_server

from bot.simulator.config import Group, Patience, Person, SimulatorConfig
from bot.simulator.server import Simulator
from bot.simulator.wire import from_xml, to_xml
from bot.wecom.crypto import Crypto

CORP = "wx5823bf96d3bd56c7"
KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
BOT_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
AGENT = 1000002

Answer = dict[str, Any] | int | bytes | None


@dataclass
class StubDesk:
    """Remembers what it was told. ``answers`` decides what it says: a reply, a status, bytes, nothing."""

    url: str = ""
    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answers: Callable[[str, dict[str, Any]], Answer] = lambda door, plain: None
    envelope: dict[str, Any] = field(default_factory=dict)
    crypto: dict[str, Crypto] = field(
        default_factory=lambda: {"app": Crypto("QDG6eK", KEY, CORP), "aibot": Crypto("bottoken", BOT_KEY, "")}
    )

    def app(self) -> Flask:
        app = Flask(__name__)

        @app.route("/wecom/<door>", methods=["GET", "POST"])
        def door(door: str) -> Response:
            crypto, args = self.crypto[door], request.args
            if request.method == "GET":
                crypto.verify(args["msg_signature"], args["timestamp"], args["nonce"], args["echostr"])
                return Response(crypto.decrypt(args["echostr"]))
            if door == "app":
                sealed = from_xml(request.get_data(as_text=True), "callback")["Encrypt"]
            else:
                sealed = request.get_json()["encrypt"]
            crypto.verify(args["msg_signature"], args["timestamp"], args["nonce"], sealed)
            plain = crypto.decrypt(sealed)
            heard = from_xml(plain, "callback") if door == "app" else json.loads(plain)
            self.heard.append((door, heard))
            return self._say(door, self.answers(door, heard), args["nonce"])

        return app

    def _say(self, door: str, answer: Answer, nonce: str) -> Response:
        if answer is None:
            return Response("")
        if isinstance(answer, int):
            return Response("no", status=answer)
        if isinstance(answer, bytes):
            return Response(answer)
        crypto, stamp = self.crypto[door], int(time.time())
        if door == "app":
            sealed = crypto.encrypt(to_xml(answer))
            signed = crypto.sign(str(stamp), "n1", sealed)
            fields = {"Encrypt": sealed, "MsgSignature": signed, "TimeStamp": stamp, "Nonce": "n1"}
            return Response(to_xml(fields | self.envelope))
        sealed = crypto.encrypt(json.dumps(answer, ensure_ascii=False))
        body = {
            "encrypt": sealed,
            "msgsignature": crypto.sign(str(stamp), nonce, sealed),
            "timestamp": stamp,
            "nonce": nonce,
        }
        return Response(json.dumps(body | self.envelope), mimetype="application/json")


@dataclass
class Clock:
    """A clock the test turns by hand."""

    moment: datetime = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def forward_to(self, moment: datetime) -> None:
        self.moment = moment.astimezone(UTC)

    def pass_(self, **span: float) -> None:
        self.moment += timedelta(**span)


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        return


@pytest.fixture
def desk() -> Iterator[StubDesk]:
    stub = StubDesk()
    server = make_server("127.0.0.1", 0, stub.app(), threaded=True, request_handler=_Quiet)
    stub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield stub
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def config(desk: StubDesk) -> SimulatorConfig:
    return SimulatorConfig(
        corp_id=CORP,
        agent_id=AGENT,
        secret="the-secret",
        token="QDG6eK",
        aes_key=KEY,
        aibot_token="bottoken",
        aibot_aes_key=BOT_KEY,
        desk_url=desk.url,
        aibot_name="服务台",
        people=(
            Person("xiaowang", "小王", "partner", "星河支付", "产品技术"),
            Person("xiaoli", "小李", "partner", "星河支付", "业务"),
            Person("laoli", "老李", "staff", job="产品技术一责", console="desk"),
            Person("zhaojie", "赵姐", "staff", job="客服负责人", console="supervisor"),
        ),
        groups=(
            Group("wrGROUP1", "星河支付-服务群", ("xiaowang", "xiaoli", "laoli", "zhaojie"), "hook-1"),
            Group("wrDUTY", "值班群", ("laoli", "zhaojie"), "hook-2"),
        ),
        patience=Patience(answer=60.0, pause=0.0, verify=60.0, poll=0.01),
    )


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def simulator(config: SimulatorConfig, clock: Clock) -> Iterator[Simulator]:
    with Simulator(replace(config, machine_now=clock.now), clock) as running:
        yield running


@dataclass
class Api:
    """Calls the simulated WeCom API as a desk would."""

    base: str

    def __post_init__(self) -> None:
        self.token = ""

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        return requests.get(f"{self.base}/cgi-bin/{path}", params=query, timeout=60).json()

    def post(self, path: str, body: Any, **query: Any) -> dict[str, Any]:
        if not query:
            self.token = self.token or self.fresh_token()
            query = {"access_token": self.token}
        return requests.post(f"{self.base}/cgi-bin/{path}", params=query, json=body, timeout=60).json()

    def fresh_token(self) -> str:
        return self.get("gettoken", corpid=CORP, corpsecret="the-secret")["access_token"]

    def send(self, touser: str, **content: Any) -> dict[str, Any]:
        return self.post("message/send", {"touser": touser, "agentid": AGENT, **content})

    def text(self, touser: str, text: str, **more: Any) -> dict[str, Any]:
        return self.send(touser, msgtype="text", text={"content": text}, **more)

    def card(self, touser: str, card: dict[str, Any]) -> dict[str, Any]:
        return self.send(touser, msgtype="template_card", template_card=card)

    def hook(self, key: str, **content: Any) -> dict[str, Any]:
        return self.post("webhook/send", content, key=key)


@pytest.fixture
def api(simulator: Simulator) -> Api:
    return Api(simulator.base_url)


def button_card(task_id: str = "order-1001@1", **changes: Any) -> dict[str, Any]:
    """An order card with two buttons."""
    return {
        "card_type": "button_interaction",
        "task_id": task_id,
        "main_title": {"title": "工单 1001", "desc": "收银台打不开"},
        "horizontal_content_list": [{"keyname": "截止", "value": "今天 14:20"}],
        "button_list": [
            {"text": "接单", "style": 1, "key": "accept:1001"},
            {"text": "转交", "style": 2, "key": "handover:1001"},
        ],
    } | changes


@pytest.fixture(name="button_card")
def _button_card() -> Callable[..., dict[str, Any]]:
    return button_card
