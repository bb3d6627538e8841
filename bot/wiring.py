"""The composition root: one function builds the program; every collaborator can be replaced by name."""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask

from bot.app import create_app
from bot.clock import Rounds, machine_time
from bot.console.house import House, WhoCame
from bot.door import Door
from bot.duties import vacant
from bot.fetching import Fetching
from bot.health import Health
from bot.lanes import AppMessages, GroupPosts, Lanes
from bot.mail.smtp import MailOff, Mails, SmtpMail
from bot.notices import Links, Posts
from bot.queue import Wake
from bot.settings import Settings
from bot.sql.engine import Engine, open_engine
from bot.sql.unit import FETCH, Clock, Units
from bot.terms import Terms
from bot.uses import Uses
from bot.wecom.client import Client
from bot.wecom.crypto import Crypto
from bot.wecom.media import CallbackMedia
from bot.wecom.webhook import Webhook
from knowledge.library import Library
from workorders.agreement.clauses import Agreement


@dataclass(frozen=True)
class Program:
    """Everything a process is made of."""

    settings: Settings
    engine: Engine
    units: Units
    uses: Uses
    door: Door
    lanes: Lanes
    fetching: Fetching
    rounds: Rounds
    health: Health
    web: Flask

    def vacancies(self) -> list[str]:
        """Duties of the ladder that nobody holds, and groups nobody has named, for the operator."""
        now = self.uses.desk_clock()
        with self.units.reading() as unit:
            directory = unit.directory
            nobody = vacant(self.uses.agreement, lambda role: bool(directory.appointed(role, 1, now)))
            missing = [f"directory: nobody is {role} rank 1" for role in nobody]
            if not any(group.has_webhook for group in unit.directory.own_groups("leaders")):
                missing.append("directory: no leaders group with a webhook: nobody gets the summaries")
        return missing

    def attend(self, name: str) -> None:
        """Do what a wake-up names: fetch an attachment, or send what is due down a lane."""
        if name.startswith(FETCH):
            self.fetching.fetch(int(name.removeprefix(FETCH)))
        else:
            self.lanes.drain(name)

    def close(self) -> None:
        """Give the connections of database and mail server back."""
        self.lanes.mails.close()
        self.engine.dispose()


def build(
    settings: Settings,
    *,
    machine: Clock = machine_time,
    desk_clock: Callable[[Engine], Clock] | None = None,
    app_messages: AppMessages | None = None,
    group_posts: GroupPosts | None = None,
    who_came: WhoCame | None = None,
    mails: Mails | None = None,
    library: Library | None = None,
    unverified_answers: bool = False,
) -> Program:
    """Build the program.

    Args:
        machine: reads machine time (signatures, tokens, leases, quotas).
        desk_clock: makes the clock of desk time (promises, events) from the database; machine time unless
            replaced, and nothing but the demo's own entry replaces it.
        app_messages, group_posts: what speaks to WeCom. ``who_came``: what asks it who logs in.
        mails: what sends mail.
        library: the articles; the shipped ones unless replaced.
        unverified_answers: whether articles nobody has confirmed may answer; only the demo lets them.

    Raises:
        FileError: the agreement, the holidays or the articles cannot be used.
    """
    engine = open_engine(settings.database_url)
    wake = Wake(settings.redis_url)
    terms = Terms(Agreement.load(settings.agreement_path, settings.holidays_path))
    units = Units(engine, machine, wake, terms.look)
    desk_time = desk_clock(engine) if desk_clock else machine
    library = library or Library.load(
        settings={"客服热线": settings.hotline_phone}, unverified_answers=unverified_answers
    )

    def title(id: str) -> str:
        article = library.article(id)
        return article.question if article else ""

    uses = Uses(terms, desk_time, title)
    door = Door(units, uses, library, settings.hotline_phone, f"{settings.public_url}/")
    client = Client(
        settings.wecom_api_base,
        settings.wecom_corp_id,
        settings.wecom_agent_id,
        settings.wecom_secret,
        settings.redis_url,
    )
    bot_crypto = Crypto(settings.aibot_token, settings.aibot_aes_key, "")
    fetching = Fetching(
        units, uses, {"app": client, "aibot": CallbackMedia(bot_crypto, settings.wecom_api_base)}
    )
    lanes = Lanes(
        units,
        app_messages or client,
        group_posts or Webhook(settings.wecom_api_base),
        mails or mail_of(settings),
        uses,
        Posts(Links(settings.secret_key, settings.public_url), settings.mail_from, settings.aibot_name),
        machine,
        holder=f"{socket.gethostname()[:24]}.{os.getpid()}.{uuid.uuid4().hex[:8]}",
        home=settings.public_url + "/",
    )
    health = Health(units, wake.redis, terms, desk_time)
    return Program(
        settings=settings,
        engine=engine,
        units=units,
        uses=uses,
        door=door,
        lanes=lanes,
        fetching=fetching,
        rounds=Rounds(units, uses, machine, lanes, fetching, wake),
        health=health,
        web=create_app(
            settings, door, health, machine, House(settings, units, uses, library, who_came or client.visitor)
        ),
    )


def mail_of(settings: Settings) -> Mails:
    """What sends mail: by SMTP_URL, or nothing."""
    if settings.smtp_url is None or settings.mail_from is None:
        return MailOff()
    return SmtpMail(settings.smtp_url, settings.mail_from)
