"""节假日: the calendar in force, year by year, what is missing of it, and importing a new year's."""

from __future__ import annotations

import calendar as weeks
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for

from bot.console.house import house, viewer
from bot.console.render import page, said
from bot.console.viewer import As
from bot.holidays import MOST_ORDERS
from handlers.phrases import admin as phrases
from handlers.phrases.files import wrong_lines
from workorders.agreement.calendar_file import Hours
from workorders.agreement.worktime import Calendar
from workorders.errors import FileError

routes = Blueprint("holidays", __name__, url_prefix="/console/admin/holidays")

_FIRST, _LAST = 2000, 2199


@dataclass(frozen=True)
class Day:
    """One day of the year's sheet. ``kind``: ``rest``, ``makeup``, ``other`` hours, ``usual`` or ``off``."""

    day: date
    kind: str
    hours: Hours
    name: str


@dataclass(frozen=True)
class Stretch:
    """Days off in a row, or one day worked otherwise."""

    first: date
    last: date
    name: str
    hours: Hours


@routes.get("/")
def show() -> Any:
    """A year, this one unless asked otherwise."""
    return _page()


@routes.post("/read")
def read() -> Any:
    """What an uploaded calendar file would change; nothing is changed."""
    uploaded = request.files.get("file")
    if uploaded is None or not uploaded.filename:
        return _page(422, why="请选择一个文件。")
    return _preview(uploaded.read(), uploaded.filename[:120])


@routes.post("/import")
def import_() -> Any:
    """Put in force what was shown."""
    name, data = request.form.get("name", "")[:120], request.form.get("content", "").encode()
    try:
        with house().units.begin() as unit:
            desk = house().uses.holidays(unit, viewer().person.userid, "console")
            new = desk.read(data, name)
            if request.form.get("seen") != str(unit.calendars.version()):
                return _preview(data, name, status=409, why="节假日刚有变化，请核对后再导入。")
            desk.take(new, name)
    except FileError as error:
        return _page(422, why=f"{name} 有误，没有导入。", wrong=wrong_lines(error))
    house().uses.terms.forget()
    said(f"已导入 {name}，进行中的时限将在几秒内重新计算。")
    return redirect(url_for("holidays.show", year=new.years[-1]), 303)


@routes.post("/take-back/<int:year>")
def take_back(year: int) -> Any:
    """Let go what was imported of a year."""
    if not _FIRST <= year <= _LAST:
        abort(404)
    with house().units.begin() as unit:
        house().uses.holidays(unit, viewer().person.userid, "console").take_back(year)
    house().uses.terms.forget()
    said(f"已撤回导入的 {year} 年节假日，进行中的时限将在几秒内重新计算。")
    return redirect(url_for("holidays.show", year=year), 303)


def _preview(data: bytes, name: str, *, status: int = 200, why: str = "") -> Response:
    try:
        with house().units.reading() as unit:
            desk = house().uses.holidays(unit, viewer().person.userid, "console")
            seen = desk.preview(desk.read(data, name))
            version = unit.calendars.version()
    except FileError as error:
        return _page(422, why=f"{name} 有误，没有导入。", wrong=wrong_lines(error))
    return page(
        "admin/new_holidays.html",
        status,
        seen=seen,
        name=name,
        why=why,
        version=version,
        most=MOST_ORDERS,
        content=data.decode("utf-8-sig"),
        phrases=phrases,
        today=house().uses.terms.calendar.local_day(house().now()),
    )


def _page(status: int = 200, *, why: str = "", wrong: Sequence[str] = ()) -> Response:
    with house().units.reading() as unit:
        house().uses.terms.take(unit.calendars)
        imports = unit.calendars.imports()
        names = {each.by: unit.directory.person(each.by).name for each in imports}
    calendar, now = house().uses.terms.calendar, house().now()
    today = calendar.local_day(now)
    year = request.args.get("year", type=int) or today.year
    if not _FIRST <= year <= _LAST:
        abort(404)
    days = [_day(calendar, date(year, 1, 1) + timedelta(days=n)) for n in range(_length(year))]
    # Of each year the newest import speaks; it can be taken back while it says anything.
    spoken = {y for y, each in {y: each for each in imports for y in each.new.years}.items() if each.name}
    return page(
        "admin/holidays.html",
        status,
        year=year,
        months=[_month([d for d in days if d.day.month == m]) for m in range(1, 13)],
        rests=_stretches([d for d in days if d.kind == "rest"]),
        others=[Stretch(d.day, d.day, d.name, d.hours) for d in days if d.kind in ("makeup", "other")],
        provisional=calendar.provisional(year),
        missing=calendar.provisional_years(now),
        imports=imports[::-1][:20],
        names=names,
        imported=year in spoken,
        spoken=spoken,
        hours=calendar.hours_text,
        today=today,
        may=viewer().may(As.ADMIN),
        phrases=phrases,
        why=why,
        wrong=wrong,
    )


def _day(calendar: Calendar, day: date) -> Day:
    hours, week = calendar.hours_of(day), calendar.rules.hours or ((),) * 7
    usual = week[day.weekday()]
    name = calendar.rest_name(day) or ""
    if not hours and (usual or name):
        kind = "rest"
    elif not hours:
        kind = "off"
    elif not usual:
        kind = "makeup"
    else:
        kind = "usual" if hours == usual else "other"
    return Day(day, kind, hours, name)


def _month(days: Sequence[Day]) -> list[list[Day | None]]:
    """A month's weeks, Monday first, with nothing where a week begins or ends in another month."""
    blank: list[Day | None] = [None] * days[0].day.weekday()
    cells = [*blank, *days]
    cells += [None] * (-len(cells) % 7)
    return [cells[i : i + 7] for i in range(0, len(cells), 7)]


def _stretches(days: Sequence[Day]) -> list[Stretch]:
    found: list[Stretch] = []
    for each in days:
        last = found[-1] if found else None
        if (
            last
            and each.day - last.last <= timedelta(days=1)
            and (not each.name or last.name in ("", each.name))
        ):
            found[-1] = Stretch(last.first, each.day, last.name or each.name, ())
        else:
            found.append(Stretch(each.day, each.day, each.name, ()))
    return found


def _length(year: int) -> int:
    return 366 if weeks.isleap(year) else 365
