"""The console over a real database: browsers of people who log in, and a clock turned by hand."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot import wiring
from bot.settings import Settings, load
from knowledge.library import Library
from tests.support.pictures import jpeg
from tests.support.stage import MONDAY, SEED, HandClock, local
from workorders.attachments.content import accept
from workorders.directory.file import DirectoryFile
from workorders.notices.desk import Draft
from workorders.notices.notice import Audience
from workorders.notices.notice import Kind as NoticeKind
from workorders.orders.order import Event, Kind, WorkOrder
from workorders.sql.letter_log import letters_about

minute = timedelta(minutes=1)


def settings(database_url: str, **other: str) -> Settings:
    """Settings of a desk whose WeCom answers nobody; Redis is away unless one is given."""
    key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
    return load(
        {
            "DATABASE_URL": database_url,
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "SECRET_KEY": "k" * 40,
            "PUBLIC_URL": "http://localhost",
            "WECOM_API_BASE": "http://127.0.0.1:1",
            "HOTLINE_PHONE": "400-000-0000",
            "WECOM_CORP_ID": "wx5823bf96d3bd56c7",
            "WECOM_AGENT_ID": "218",
            "WECOM_SECRET": "the-secret-of-the-app",
            "WECOM_TOKEN": "token",
            "WECOM_AES_KEY": key,
            "AIBOT_NAME": "服务台",
            "AIBOT_TOKEN": "token",
            "AIBOT_AES_KEY": key,
            **other,
        }
    )


@dataclass
class Desk:
    """One desk and its web process; WeCom says of every code that it is the person the code names."""

    program: wiring.Program
    clock: HandClock

    @classmethod
    def opened(cls, database_url: str, library: Library, **other: str) -> Desk:
        """Monday 10:00 in Shanghai, everybody of the demo's directory there."""
        clock = HandClock(MONDAY)
        program = wiring.build(
            settings(database_url, **other), machine=clock, who_came=lambda code: code, library=library
        )
        desk = cls(program, clock)
        with program.units.begin() as unit:
            unit.directory.replace_with(DirectoryFile.parse(SEED.read_text(encoding="utf-8"), "seed"))
        return desk

    def browser(self, **headers: str) -> Browser:
        """Somebody's browser, nobody logged in."""
        return Browser(self.program.web.test_client(), headers)

    def logged_in(self, userid: str) -> Browser:
        """A browser in which that person has logged in."""
        browser = self.browser()
        assert browser.logs_in(userid).status_code == 302
        return browser

    def passes(self, span: timedelta) -> None:
        """Time passes; the clock process sweeps at its end."""
        self.clock.moment += span
        while self.program.rounds.orders() or self.program.rounds.incidents():
            pass

    def opens(self, text: str = "收银台打不开", who: str = "xiaowang", *, urgent: bool = False) -> int:
        """A work order, reported 1:1; its number."""
        with self.program.units.begin() as unit:
            desk = self.program.uses.orders(unit)
            kind = Kind.URGENT if urgent else Kind.DAILY
            return desk.open(kind, text, unit.directory.person(who)).number

    def attaches(self, number: int) -> int:
        """A picture comes for that order; the picture's number."""
        with self.program.units.begin() as unit:
            desk = self.program.uses.attachments(unit)
            content = accept(jpeg(), "报错截图.jpg")
            kept = desk.keep(
                content, "报错截图.jpg", "xiaowang", self.clock.moment, source="mail", order=number
            )
            return kept.id

    def announces(self, *, sent: bool = True, audience: Audience | None = None) -> int:
        """A notice of an upgrade, told to its usual audience or that, where ``sent``; its number."""
        draft = Draft(
            NoticeKind.UPGRADE,
            "收银台升级",
            "升级期间**收银台**不可用。",
            effective=local("2026-11-26 22:00"),
            audience=audience,
        )
        with self.program.units.begin() as unit:
            desk = self.program.uses.notices(unit)
            number = desk.compose(draft, unit.directory.person("xiaoqian")).number
            if sent:
                desk.approve(number, unit.directory.person("wangzhuguan"))
                desk.send(number, unit.directory.person("xiaoqian"))
        self.clock.moment += timedelta(seconds=1)
        while self.program.rounds.notices() and self.program.rounds.notices():
            pass
        return number

    def does(self, verb: str, number: int, by: str, *more: Any) -> WorkOrder:
        """Somebody does it elsewhere, in chat."""
        with self.program.units.begin() as unit:
            done: WorkOrder = getattr(self.program.uses.orders(unit), verb)(
                number, unit.directory.person(by), *more
            )
            return done

    def marks(self, orders: list[int], title: str = "收银台无法收款", by: str = "laoli") -> int:
        """Somebody marks orders as one incident, with the next word in half an hour; its number."""
        with self.program.units.begin() as unit:
            incidents = self.program.uses.incidents(unit)
            next_word = self.program.uses.desk_clock() + timedelta(minutes=30)
            return incidents.open(title, orders, next_word, unit.directory.person(by)).number

    def letters(self, subject: str) -> list[tuple[str, str]]:
        """Recipient and kind of every letter about it, as they were written."""
        with self.program.units.reading() as unit:
            found = letters_about(unit.conn, subject)
        return [(w.letter.recipient, w.letter.kind) for w in reversed(found)]

    def order(self, number: int) -> WorkOrder:
        with self.program.units.reading() as unit:
            found = unit.orders.read(number)
        assert found is not None
        return found

    def events(self, number: int) -> list[Event]:
        with self.program.units.reading() as unit:
            return unit.orders.events(number)


@dataclass
class Browser:
    """One browser: its cookies, and what it sends with everything."""

    client: FlaskClient
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, headers={**self.headers, **headers})

    def post(self, path: str, page: str = "/console/", **form: Any) -> TestResponse:
        """Send a form, with the token of a page this browser has open."""
        return self.client.post(path, data={"csrf_token": self.token(page), **form}, headers=self.headers)

    def token(self, page: str = "/console/") -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.reads(page))
        return found[1] if found else ""

    def reads(self, path: str) -> str:
        return self.get(path).get_data(as_text=True)

    def sets_out(self, to: str = "/console/") -> str:
        """Ask for a page nobody is logged in for: the address at WeCom this browser is sent to."""
        first = self.get(to)
        assert first.status_code == 302, first.status
        return self.get(first.headers["Location"]).headers["Location"]

    def comes_back(self, at_wecom: str, code: str) -> TestResponse:
        state = parse_qs(urlsplit(at_wecom).query)["state"][0]
        return self.get(f"/console/login/done?code={code}&state={state}")

    def logs_in(self, userid: str, to: str = "/console/") -> TestResponse:
        return self.comes_back(self.sets_out(to), userid)


def words(answer: TestResponse | str) -> str:
    """What a page says, without its markup."""
    page = answer if isinstance(answer, str) else answer.get_data(as_text=True)
    body = re.sub(r"(?s)<(script|style|svg).*?</\1>", "", page)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))
