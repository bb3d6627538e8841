"""One callback, beside a bare Flask app that only decrypts, echoes and encrypts, and one that commits a row.

All three take the same encrypted message through Flask's own test client, in this process, over SQLite in
WAL on the same disk; ``theirs`` is the echo that also commits one row, since a desk that may not lose a
message must write it down before it answers. Callbacks alternate between the apps, so that a drifting
machine drifts for all.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Column, MetaData, String, Table, Text, insert

from benchmarks.figure import Benchmark, Figure
from bot import wiring
from bot.demo.embedded import EmbeddedRedis
from bot.settings import load
from bot.simulator.__main__ import __file__ as _simulator
from bot.sql.engine import open_engine
from bot.sql.schema import upgrade
from bot.wecom import aibot_callback
from bot.wecom.crypto import Crypto
from knowledge.library import Library
from workorders.directory.file import DirectoryFile

_ROUNDS, _WARM_UP = 150, 15
_SEED = Path(_simulator).with_name("seed.toml")
_TOKEN, _KEY = "hyphenless", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
#: A Monday in working hours, so that an order opens and is not parked.
_NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def _answer() -> Figure:
    return _measured(lambda round_: "发票查验网址是什么", "an FAQ question answered", orders=0)


def _open() -> Figure:
    # Each in words of its own: the same report again, minutes later, is told its order and opens none.
    return _measured(lambda round_: f"开单 {round_} 号收银台打不开", "a daily order opened", orders=1)


def _measured(words: Callable[[int], str], what: str, *, orders: int) -> Figure:
    """One figure of messages that each open so many orders."""
    with tempfile.TemporaryDirectory() as name, EmbeddedRedis(Path(name) / "redis") as redis_url:
        folder = Path(name)
        crypto = Crypto(_TOKEN, _KEY, "")
        program = _desk(folder, redis_url)
        apps = {"desk": program.web, "echo": _echo(crypto, None), "row": _echo(crypto, folder / "row.db")}
        took: dict[str, list[float]] = {name: [] for name in apps}
        for round_ in range(_WARM_UP + _ROUNDS):
            for name, app in apps.items():
                seconds = _post(app, crypto, words(round_))
                if round_ >= _WARM_UP:
                    took[name].append(seconds)
        with program.units.reading() as unit:
            opened = len(unit.orders.numbers_of("xiaowang"))
        program.close()
    if opened != orders * (_WARM_UP + _ROUNDS):
        raise RuntimeError(f"{opened} orders were opened")
    ms = {name: statistics.median(times) * 1000 for name, times in took.items()}
    return Figure(
        ours=ms["desk"],
        theirs=ms["row"],
        unit="ms/callback",
        better="lower",
        what=f"{what}, median of {_ROUNDS}; theirs: an echo that commits one row; "
        f"a bare decrypt-echo-encrypt app takes {ms['echo']:.2f} ms",
    )


def _desk(folder: Path, redis_url: str) -> wiring.Program:
    settings = load(
        {
            "DATABASE_URL": f"sqlite:///{folder / 'desk.db'}",
            "REDIS_URL": redis_url,
            "SECRET_KEY": "k" * 40,
            "PUBLIC_URL": "http://127.0.0.1:1",
            "WECOM_API_BASE": "http://127.0.0.1:1",
            "HOTLINE_PHONE": "400-000-0000",
            "WECOM_CORP_ID": "wx5823bf96d3bd56c7",
            "WECOM_AGENT_ID": "218",
            "WECOM_SECRET": "secret-of-the-benchmark",
            "WECOM_TOKEN": _TOKEN,
            "WECOM_AES_KEY": _KEY,
            "AIBOT_NAME": "服务台",
            "AIBOT_TOKEN": _TOKEN,
            "AIBOT_AES_KEY": _KEY,
        }
    )
    engine = open_engine(settings.database_url)
    upgrade(engine)
    engine.dispose()
    library = Library.load(engine="lexical", unverified_answers=True)
    program = wiring.build(settings, machine=lambda: _NOW, library=library)
    with program.units.begin() as unit:
        unit.directory.replace_with(DirectoryFile.parse(_SEED.read_text(encoding="utf-8"), "seed"))
    return program


def _echo(crypto: Crypto, path: Path | None) -> Flask:
    """An app that says back what it was told; with a path, once it has committed the message."""
    app = Flask("echo")
    columns = Column("id", String(64), primary_key=True), Column("text", Text, nullable=False)
    table = Table("message", MetaData(), *columns)
    engine = open_engine(f"sqlite:///{path}") if path else None
    if engine:
        table.create(engine)

    @app.post("/wecom/aibot")
    def echo() -> Response:
        sealed = json.loads(request.get_data())["encrypt"]
        query = request.args
        crypto.verify(query["msg_signature"], query["timestamp"], query["nonce"], sealed)
        told = json.loads(crypto.decrypt(sealed))
        if engine:
            with engine.begin() as conn:
                conn.execute(insert(table).values(id=told["msgid"], text=told["text"]["content"]))
        reply = aibot_callback.finished_stream(uuid.uuid4().hex, told["text"]["content"])
        body = aibot_callback.envelope(json.dumps(reply), crypto, query["nonce"], _NOW)
        return Response(body, mimetype="application/json")

    return app


def _post(app: Flask, crypto: Crypto, words: str) -> float:
    told: dict[str, Any] = {
        "msgid": uuid.uuid4().hex,
        "aibotid": "B1",
        "chatid": "wrXINGHE",
        "chattype": "group",
        "from": {"userid": "xiaowang"},
        "response_url": "http://127.0.0.1:1/r",
        "msgtype": "text",
        "text": {"content": f"@服务台 {words}"},
    }
    sealed = json.loads(aibot_callback.envelope(json.dumps(told), crypto, "n1", _NOW))
    query = {
        "msg_signature": sealed["msgsignature"],
        "timestamp": str(sealed["timestamp"]),
        "nonce": sealed["nonce"],
    }
    client = app.test_client()
    began = time.perf_counter()
    answer = client.post("/wecom/aibot", query_string=query, json={"encrypt": sealed["encrypt"]})
    took = time.perf_counter() - began
    if answer.status_code != 200 or not answer.data:
        raise RuntimeError(f"the callback was answered {answer.status_code}")
    return took


FIGURES: dict[str, Benchmark] = {"callback_answer": _answer, "callback_open": _open}
