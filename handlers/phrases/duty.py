"""Who is on duty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers.phrases.names import ROLES, post
from handlers.phrases.plain import plain_line
from handlers.phrases.text import ZONE, clock, day, phones_masked
from workorders.directory.people import Person, Role
from workorders.directory.spells import Spell


@dataclass(frozen=True)
class Watch:
    """A duty over a day: who is told of its work, spell by spell.

    Attributes:
        urgent: it is the rota's turn at urgent work.
    """

    role: Role
    rank: int
    urgent: bool
    spells: Sequence[Spell]

    @property
    def name(self) -> str:
        return f"{ROLES[self.role]}紧急" if self.urgent else post(self.role, self.rank)


def no_such_day(said: str) -> str:
    return f"没有「{said}」这一天，请核对日期，例如「12月1日谁值班」。"


def on_duty(
    watches: Sequence[Watch], hotline: str, now: datetime, on: date | None = None, *, shared: bool
) -> str:
    """A line for everybody who is told of something.

    Args:
        on: the local day asked about, None for now.
        shared: others read it too, so phones are masked.
    """
    rows = [row for watch in watches for row in _rows(watch, now, on, shared)]
    if not rows:
        return f"值班表尚未配置，请拨打热线 {hotline}。"
    head = "当前值班：" if on is None else f"{_named(on, now)}值班："
    return "\n".join([head, *rows, f"热线 {hotline}。"])


def _rows(watch: Watch, now: datetime, on: date | None, shared: bool) -> Iterator[str]:
    for spell in watch.spells:
        if not spell.appointed:
            continue
        when = _when(spell, now, on)
        if not spell.told:
            away = "、".join(plain_line(person.name) for person in spell.appointed)
            yield f"- {watch.name}：{away}不在，由下一级负责" + (f"（{when}）" if when else "")
            continue
        missing = [person for person in spell.appointed if person not in spell.told]
        for person in spell.told:
            stands_in = person not in spell.appointed and missing
            notes = [f"代{'、'.join(plain_line(p.name) for p in missing)}"] if stands_in else []
            notes += [when] if when else []
            yield f"- {watch.name}：{_person(person, shared)}" + (f"（{'，'.join(notes)}）" if notes else "")


def _when(spell: Spell, now: datetime, on: date | None) -> str:
    """18:00–24:00, 18:00 起, 至 12月3日（周四）24:00; empty for what has no end in sight."""
    today = on or now.astimezone(ZONE).date()
    begins = spell.begins.astimezone(ZONE)
    since = "" if spell.begins <= now or (begins.hour, begins.minute) == (0, 0) else clock(spell.begins)
    if spell.ends is None:
        return f"{since} 起" if since else ""
    last = (spell.ends - timedelta(microseconds=1)).astimezone(ZONE).date()
    end = "24:00" if spell.ends.astimezone(ZONE).date() != last else clock(spell.ends)
    if last == today:
        return f"{since}–{end}" if since else f"至 {end}"
    until = f"至 {_named(last, now)}{end}"
    return f"{since} 起，{until}" if since else until


def _named(on: date, now: datetime) -> str:
    return day(datetime(on.year, on.month, on.day, 12, tzinfo=ZONE), now)


def _person(person: Person, shared: bool) -> str:
    phone = person.phone or ""
    shown = phones_masked(phone) if shared else phone
    return f"{plain_line(person.name)} {shown}".strip()
