"""The web process: WeCom's two doors, the console, and what operators ask of a running program."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from flask import Flask, Response, redirect, request

from bot.console import frame
from bot.console.house import House
from bot.console.numbers import Numbers
from bot.door import Door, Unavailable
from bot.health import Health
from bot.settings import Settings
from bot.sql.unit import Clock
from bot.wecom import aibot_callback, app_callback
from bot.wecom.callback import MAX_BODY
from bot.wecom.crypto import BadCallback, Crypto
from handlers.message import Incoming, Reply

log = structlog.get_logger()


def create_app(settings: Settings, door: Door, health: Health, machine: Clock, console: House) -> Flask:
    """The WSGI application.

    Args:
        door: takes messages in. ``health``: what is said of the program's state.
        machine: reads machine time, for the freshness of signatures.
        console: what the console's pages reach the house by.
    """
    app = Flask("bot", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY + 1
    app.url_map.converters["int"] = Numbers
    home = settings.public_url + "/"
    app_crypto = Crypto(settings.wecom_token, settings.wecom_aes_key, settings.wecom_corp_id)
    bot_crypto = Crypto(settings.aibot_token, settings.aibot_aes_key, "")

    def finish_app(reply: Reply, incoming: Incoming) -> str | None:
        return app_callback.reply_plaintext(reply, incoming, settings.wecom_corp_id, home, machine())

    def finish_bot(reply: Reply, incoming: Incoming) -> str | None:
        # The message's own key names the stream, so that a poll of it finds the stored reply.
        plaintext = aibot_callback.reply_plaintext(reply, incoming, incoming.key, home)
        return None if plaintext is None else json.dumps(plaintext, ensure_ascii=False)

    @app.get("/wecom/app")
    def verify_app() -> Response:
        return _checked(lambda q: _plain(app_callback.verify_url(q, app_crypto, machine())))

    @app.get("/wecom/aibot")
    def verify_bot() -> Response:
        return _checked(lambda q: _plain(aibot_callback.verify_url(q, bot_crypto, machine())))

    @app.post("/wecom/app")
    def hear_app() -> Response:
        def hear(query: Mapping[str, str]) -> Response:
            incoming = app_callback.read(query, request.get_data(), app_crypto, machine())
            plaintext = door.take(incoming, finish_app)
            if plaintext is None:
                return _plain("")
            sealed = app_callback.envelope(plaintext, app_crypto, query["nonce"], machine())
            return Response(sealed, mimetype="application/xml")

        return _checked(hear)

    @app.post("/wecom/aibot")
    def hear_bot() -> Response:
        def hear(query: Mapping[str, str]) -> Response:
            came = aibot_callback.read(query, request.get_data(), bot_crypto, machine(), settings.aibot_name)
            if isinstance(came, aibot_callback.StreamPoll):
                # Every reply is finished at once, so a poll only comes where that one was lost.
                nothing = json.dumps(aibot_callback.finished_stream(came.stream_id, ""))
                plaintext: str | None = door.said(came.stream_id) or nothing
            else:
                plaintext = door.take(came, finish_bot)
            if plaintext is None:
                return _plain("")
            sealed = aibot_callback.envelope(plaintext, bot_crypto, query["nonce"], machine())
            return Response(sealed, mimetype="application/json")

        return _checked(hear)

    @app.get("/healthz")
    def healthz() -> Response:
        return _plain("ok")

    @app.get("/readyz")
    def readyz() -> tuple[dict[str, Any], int]:
        state = health.look()
        return state.as_json(), 200 if state.ready else 503

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(health.metrics(), mimetype="text/plain; version=0.0.4")

    @app.get("/")
    def root() -> Any:
        return redirect("/console/")

    frame.install(app, console)
    return app


def _checked(act: Callable[[Mapping[str, str]], Response]) -> Response:
    """Run one callback; whatever fails a check is refused with one line and nothing stored."""
    query = request.args.to_dict()
    try:
        return act(query)
    except BadCallback as refused:
        log.warning("callback refused", path=request.path, reason=str(refused), client=request.remote_addr)
        return _plain("refused", refused.status)
    except Unavailable:
        return _plain("try again", 503)


def _plain(text: str, status: int = 200) -> Response:
    return Response(text, status=status, mimetype="text/plain")
