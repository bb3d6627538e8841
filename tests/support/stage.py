"""The whole product on one stage: real HTTP, real encryption, a real database and a real Redis.

Only WeCom is simulated, and speaks its own wire protocol. Time is turned by hand: one clock is desk time
and machine time at once, so that signatures, quotas and leases live in the same story as promises.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer
from rq.timeouts import TimerDeathPenalty
from sqlalchemy import func, select
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from bot import jobs, wiring
from bot import queue as wakes
from bot.queue import QUEUE, connect
from bot.settings import Settings, load
from bot.simulator.config import Patience, SimulatorConfig, read_directory
from bot.simulator.server import Simulator
from bot.sql import engine as database
from bot.sql.unit import Clock
from knowledge.library import Library
from tests.support.ports import kept_ports
from workorders.directory.file import DirectoryFile
from workorders.letters import LetterState
from workorders.obligations.obligation import Obligation
from workorders.orders.order import Event, WorkOrder
from workorders.sql.handover_tables import handover
from workorders.sql.notice_tables import notice, receipt
from workorders.sql.obligation_tables import obligation, survey_plan
from workorders.sql.tables import letter, summary, work_order

# On a busy machine a server may take longer than people should ever wait, and no test is about that here.
database._PATIENCE_MS, database._REACH_S, wakes.PATIENCE_S = 60_000, 60, 30

SHANGHAI = ZoneInfo("Asia/Shanghai")
SEED = Path(__file__).parents[2] / "bot" / "simulator" / "seed.toml"
#: A Monday in working hours.
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)
BOT = "@服务台"

_SECRETS = {
    "SECRET_KEY": "k" * 40,
    "WECOM_CORP_ID": "wx5823bf96d3bd56c7",
    "WECOM_AGENT_ID": "218",
    "WECOM_SECRET": "the-app-secret-of-the-stage",
    "WECOM_TOKEN": "QDG6eK",
    "WECOM_AES_KEY": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
    "AIBOT_NAME": "服务台",
    "AIBOT_TOKEN": "hyphenless",
    "AIBOT_AES_KEY": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    "HOTLINE_PHONE": "400-000-0000",
}


def local(text: str) -> datetime:
    """A moment as people write it, in Shanghai: ``2026-11-28 22:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


class HandClock:
    """A clock that stands still until somebody turns it, however many threads read it meanwhile."""

    def __init__(self, moment: datetime) -> None:
        self._moment, self._lock = moment, threading.Lock()

    @property
    def moment(self) -> datetime:
        """Where it stands now; to set it is to turn it."""
        return self._moment

    @moment.setter
    def moment(self, moment: datetime) -> None:
        with self._lock:
            self._moment = moment

    def __call__(self) -> datetime:
        # Each reading is a tick later, as readings are: nothing happens twice at one moment.
        with self._lock:
            self._moment += timedelta(microseconds=1)
            return self._moment.astimezone(UTC)


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """The stage has its own log."""


@dataclass
class Web:
    """One web process: its program and the server in front of it."""

    program: wiring.Program
    server: BaseWSGIServer
    thread: threading.Thread

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
        self.program.close()


@dataclass
class Stage:
    """What a journey plays on.

    Args:
        clock: desk time. ``machine``: machine time, the same clock unless somebody must not wait for hands.
        ports: what both servers listen at, kept for them until the stage is closed.
        settings: of the desk; ``wecom_api_base`` leads to the simulator.
    """

    clock: HandClock
    machine: Clock
    settings: Settings
    wecom: Simulator
    library: Library
    ports: ExitStack
    webs: list[Web] = field(default_factory=list)

    @classmethod
    def set(
        cls,
        database_url: str,
        redis_url: str,
        library: Library,
        at: datetime = MONDAY,
        machine_of: Callable[[HandClock], Clock] = lambda clock: clock,
        wecom_of: Callable[[SimulatorConfig, HandClock], Simulator] = lambda config, clock: Simulator(config),
        smtp_url: str = "",
    ) -> Stage:
        """A stage with everybody of the demo's directory on it; the tables must be there."""
        clock = HandClock(at)
        machine = machine_of(clock)
        people, groups = read_directory(SEED)
        wecom = wecom_of(
            SimulatorConfig(
                corp_id=_SECRETS["WECOM_CORP_ID"],
                agent_id=int(_SECRETS["WECOM_AGENT_ID"]),
                secret=_SECRETS["WECOM_SECRET"],
                token=_SECRETS["WECOM_TOKEN"],
                aes_key=_SECRETS["WECOM_AES_KEY"],
                aibot_token=_SECRETS["AIBOT_TOKEN"],
                aibot_aes_key=_SECRETS["AIBOT_AES_KEY"],
                desk_url="http://127.0.0.1:1",
                people=people,
                groups=groups,
                patience=Patience(answer=60.0, verify=60.0, pause=0.05, poll=0.05),
                machine_now=machine,
            ),
            clock,
        )
        ports = ExitStack()
        wecom.start(ports.enter_context(kept_ports()))
        settings = load(
            {
                **_SECRETS,
                "DATABASE_URL": database_url,
                "REDIS_URL": redis_url,
                "PUBLIC_URL": "http://127.0.0.1:1",
                "SMTP_URL": smtp_url,
                "MAIL_FROM": "服务台 <desk@desk.example>",
                "WECOM_API_BASE": wecom.base_url,
            }
        )
        stage = cls(clock, machine, settings, wecom, library, ports)
        web = stage.another_web()
        wecom.connect(web.url)
        with web.program.units.begin() as unit:
            unit.directory.replace_with(DirectoryFile.parse(SEED.read_text(encoding="utf-8"), "seed"))
        return stage

    def another_web(self) -> Web:
        """One more web process over the same database."""
        port = self.ports.enter_context(kept_ports())
        if not self.webs:
            # The console sends people to WeCom and back: the address it is reached at must be known first.
            self.settings = self.settings.model_copy(update={"public_url": f"http://127.0.0.1:{port}"})
        program = wiring.build(
            self.settings, machine=self.machine, desk_clock=lambda engine: self.clock, library=self.library
        )
        server = make_server("127.0.0.1", port, program.web, threaded=True, request_handler=_Quiet)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        self.webs.append(Web(program, server, thread))
        return self.webs[-1]

    @property
    def program(self) -> wiring.Program:
        return self.webs[0].program

    def close(self) -> None:
        self.wecom.stop()
        for web in self.webs:
            web.close()
        self.ports.close()

    # What people do

    def says(self, who: str, text: str, *, group: str | None = None, **more: Any) -> str:
        """Somebody writes; what the bot answered at once, empty where it said nothing.

        In a group the words must mention the bot, as in WeCom.
        """
        return self._told(self.wecom.say(who, text, chat=group, **more))

    def presses(self, who: str, button: str, *, number: int | None = None, group: str | None = None) -> str:
        """Somebody presses the newest button of that name they can see; what the card then says."""
        for view in reversed(self.wecom.messages(to=who)):
            card = view["card_for"].get(who) or view["card"] or {}
            for pressed in card.get("button_list", []):
                about = number is None or str(number) in str(card)
                if pressed["text"] == button and about and (group is None or view["chat"] == group):
                    outcome = self.wecom.press(who, pressed["key"], message=view["id"], stale=True)
                    self.work()
                    return self._told(outcome) or self._card_for(who, view["id"])
        raise AssertionError(f"{who} sees no button {button!r}")

    def _told(self, outcome: Any) -> str:
        self.work()
        if outcome is None or not outcome.replies:
            return ""
        shown = {m["id"]: m for m in self.wecom.messages()}
        return "\n".join(text_of(shown[i]) for i in outcome.replies if i in shown)

    def _card_for(self, who: str, message: int) -> str:
        for m in self.wecom.messages(to=who):
            if m["id"] == message:
                return text_of({**m, "card": m["card_for"].get(who) or m["card"]})
        return ""

    # What the product does by itself

    def work(self) -> None:
        """Let a worker do what it was woken for, in this process."""
        jobs._attends[:] = [self.program.attend]
        # As the worker's own: it may take the server a while on a busy machine, and no job is lost over it.
        connection = connect(self.settings.redis_url, blocking=True)
        queue = Queue(QUEUE, connection=connection, serializer=JSONSerializer)
        if queue.count:
            worker = _Worker([queue], connection=connection, serializer=JSONSerializer)
            worker.work(burst=True, logging_level="ERROR")
        connection.close()

    def sweep(self) -> None:
        """One round of the clock, and of the worker it wakes."""
        rounds = self.program.rounds
        sweeps = (
            rounds.calendar,
            rounds.orders,
            rounds.handovers,
            rounds.notices,
            rounds.obligations,
            rounds.surveys,
            rounds.held,
        )
        while any(sweep() for sweep in sweeps):
            pass
        rounds.letters()
        self.work()

    def minutes_pass(self, minutes: float) -> None:
        """Time goes on, the clock process sweeping whenever something is due, and a moment after the last."""
        end = self.clock.moment + timedelta(minutes=minutes, seconds=1)
        self.sweep()
        while (look := self._next_look()) and look < end:
            self.clock.moment = max(self.clock.moment, look.astimezone(SHANGHAI))
            self.sweep()
        self.clock.moment = max(self.clock.moment, end)
        self.sweep()

    def _next_look(self) -> datetime | None:
        """When the clock process has next something to look at."""
        with self.program.units.reading() as unit:
            looks = [
                unit.conn.execute(select(func.min(table.c.look_at))).scalar_one()
                for table in (work_order, handover, notice, receipt, obligation, survey_plan, summary)
            ]
            held = select(func.min(letter.c.hold_until)).where(letter.c.state == LetterState.HELD)
            looks.append(unit.conn.execute(held).scalar_one())
        return min((look for look in looks if look), default=None)

    def until(self, moment: str) -> None:
        """It becomes that moment (Shanghai), nobody sweeping before it."""
        self.clock.moment = local(moment)
        self.sweep()

    # What can be seen

    def told(self, who: str, *, group: str | None = None) -> list[str]:
        """Everything that person can read that they did not write, oldest first."""
        return [text_of(m) for m in self.wecom.messages(to=who, chat=group)]

    def desk_told(self, who: str) -> list[str]:
        """What the desk's app has told that person, 1:1, oldest first."""
        return self.told(who, group=f"app:{who}")

    def card_of(self, who: str) -> str:
        """What the newest card in that person's app says now."""
        views = [v for v in self.wecom.messages(to=who, chat=f"app:{who}") if v["card"]]
        return text_of({**views[-1], "card": views[-1]["card_for"].get(who) or views[-1]["card"]})

    def last_told(self, who: str, *, group: str | None = None) -> str:
        told = self.told(who, group=group)
        return told[-1] if told else ""

    def order(self, number: int = 1001) -> WorkOrder:
        with self.program.units.reading() as unit:
            order = unit.orders.read(number)
        assert order is not None, f"there is no order {number}"
        return order

    def events(self, number: int = 1001) -> list[Event]:
        with self.program.units.reading() as unit:
            return unit.orders.events(number)

    def obligation(self, number: int = 1) -> Obligation:
        with self.program.units.reading() as unit:
            found = unit.obligations.read(number)
        assert found is not None, f"there is no obligation Y{number}"
        return found

    def letters(self) -> Mapping[str, int]:
        with self.program.units.reading() as unit:
            return unit.letters.counts()

    def opens(self, words: str = "收银台打不开", who: str = "xiaowang", *, urgent: bool = False) -> WorkOrder:
        """A work order in the partner's group."""
        with self.program.units.reading() as unit:
            before = {o.number for o in unit.orders.live()}
        verb = "紧急" if urgent else "开单"
        answered = self.says(who, f"{BOT} {verb} {words}", group="wrXINGHE")
        with self.program.units.reading() as unit:
            new = [o for o in unit.orders.live() if o.number not in before]
        assert len(new) == 1, answered
        return new[0]


class _Worker(SimpleWorker):
    """A worker that may run beside servers in threads: no alarms, no signal handlers."""

    death_penalty_class = TimerDeathPenalty

    def _install_signal_handlers(self) -> None:
        pass


def text_of(view: Mapping[str, Any]) -> str:
    """Everything a person reads in one message, a card's lines included."""
    parts = [view["text"] or ""]
    card = view["card"] or {}
    for block in ("main_title", "sub_title_text", "horizontal_content_list", "button_list", "quote_area"):
        parts += _texts(card.get(block))
    parts += _texts(view.get("done"))
    return "\n".join(p for p in parts if p)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [
            t for key, v in value.items() if key not in ("key", "url", "type", "style") for t in _texts(v)
        ]
    if isinstance(value, list):
        return [t for v in value for t in _texts(v)]
    return []
