"""通讯录: who is on duty, absences and the rota; our people, partners and groups; import and export.

What a use case lets only some do, it judges itself. A file is first shown as what it would change; only what
was shown is then taken, unless the directory changed meanwhile.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for

from bot.acts import Act
from bot.console.house import house, viewer
from bot.console.render import page, said
from bot.console.viewer import As
from bot.directory_files import give, read_bytes, take, write_bytes
from bot.duties import held, vacant
from bot.sql.unit import Unit
from handlers.phrases import admin as phrases
from handlers.phrases.files import wrong_lines
from handlers.phrases.names import ROLES, post
from handlers.webhook import apart
from workorders.agreement.calendar_file import WEEKDAYS
from workorders.directory import file_times
from workorders.directory.changes import differences
from workorders.directory.desk import DirectoryDesk
from workorders.directory.errors import CannotChange
from workorders.directory.file import DirectoryFile
from workorders.directory.names import name_key, userid_key
from workorders.directory.people import Person, Role
from workorders.directory.rows import PartnerRow, RotaRow
from workorders.directory.table import Problems, Table
from workorders.errors import FileError, Refused

routes = Blueprint("directory", __name__, url_prefix="/console/admin/directory")

#: Partners on one page.
_SHOWN = 40
_TYPES = {
    ".toml": "application/toml",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@routes.get("/")
def show() -> Any:
    """Who is told of what now, who is away, and the rota."""
    with house().units.reading() as unit:
        return _duties(unit)


@routes.get("/staff")
def staff() -> Any:
    """Our people."""
    with house().units.reading() as unit:
        rows = unit.directory.export().staff
    return page("admin/staff.html", rows=rows, post=post, consoles=phrases.CONSOLES)


@routes.get("/partners")
def partners() -> Any:
    """Partners with their groups and contacts, and our own groups."""
    with house().units.reading() as unit:
        return _partners(unit)


@routes.post("/do/<slug>")
def act(slug: str) -> Any:
    """One change."""
    do = _ACTS.get(slug)
    if do is None:
        abort(404)
    me, given = viewer().person, request.form.to_dict() | {"days": request.form.getlist("days")}
    with house().units.begin() as unit:
        try:
            sentence = do(house().uses.directory(unit, me.userid, "console"), me, unit, given)
        except Refused as refused:
            why = _why(refused)
            unit.audit.record(
                Act.DIRECTORY_CHANGE,
                who=me.userid,
                door="console",
                subject="directory",
                result="refused",
                what=slug,
            )
            shown = _partners if slug in _OF_PARTNERS else _duties
            return shown(unit, status=409, why=why, tried=slug, given=given)
    said(sentence)
    return redirect(url_for("directory.partners" if slug in _OF_PARTNERS else "directory.show"), 303)


@routes.get("/exchange")
def exchange() -> Any:
    """A file in, a file out."""
    return page("admin/exchange.html")


@routes.post("/read")
def read() -> Any:
    """What an uploaded file would change; every wrong row named. Nothing is changed."""
    uploaded = request.files.get("file")
    if uploaded is None or not uploaded.filename:
        return page("admin/exchange.html", 422, why="请选择一个文件。")
    name = uploaded.filename
    try:
        after = read_bytes(uploaded.read(), name, house().uses.agreement)
    except FileError as error:
        return page("admin/exchange.html", 422, why=f"{name} 有误，没有导入。", wrong=wrong_lines(error))
    return _preview(after, name)


@routes.post("/import")
def import_() -> Any:
    """Take the file that was shown."""
    name, me = request.form.get("name", "")[:120], viewer().person
    try:
        after = DirectoryFile.parse(request.form.get("content", ""), name, house().uses.agreement)
        with house().units.begin() as unit:
            unit.directory.lock()
            if request.form.get("seen") != _digest(unit.directory.export()):
                return _preview(after, name, status=409, why="通讯录刚有变化，请核对后再导入。")
            take(unit, after, name, who=me.userid, door="console")
    except FileError as error:
        return page("admin/exchange.html", 422, why="没有导入。", wrong=wrong_lines(error))
    said(f"已导入 {name}。")
    return redirect(url_for("directory.show"), 303)


@routes.post("/export")
def export() -> Any:
    """The directory as a file, keys included; that it was read is in the audit."""
    suffix = ".xlsx" if request.form.get("form") == "xlsx" else ".toml"
    with house().units.begin() as unit:
        file, _ = give(unit, who=viewer().person.userid, door="console")
    named = {"Content-Disposition": f'attachment; filename="directory{suffix}"'}
    return Response(write_bytes(file, suffix), mimetype=_TYPES[suffix], headers=named)


def _preview(after: DirectoryFile, name: str, *, status: int = 200, why: str = "") -> Response:
    with house().units.reading() as unit:
        before = unit.directory.export()
    found = list(differences(before, after))
    return page(
        "admin/preview.html",
        status,
        why=why,
        name=name,
        found=found,
        phrases=phrases,
        content=after.render(),
        seen=_digest(before),
        empty=after == DirectoryFile(),
        warnings=_warnings(after) if after != DirectoryFile() else [],
    )


def _warnings(after: DirectoryFile) -> list[str]:
    """What somebody should know before they take it."""
    admins = [userid_key(row.userid) for row in after.staff if row.console == "admin"]
    held_then = {duty.role for row in after.staff for duty in row.duties if duty.rank == 1}
    nobody = vacant(house().uses.agreement, lambda role: role in held_then)
    said = []
    if not admins:
        said.append("导入后没有管理员，之后只能用命令行修改通讯录。")
    elif userid_key(viewer().person.userid) not in admins:
        said.append("导入后您不再是管理员。")
    if nobody:
        said.append(f"导入后没有人担任{'、'.join(post(role, 1) for role in nobody)}。")
    return said


def _digest(file: DirectoryFile) -> str:
    return hashlib.sha256(file.render().encode()).hexdigest()[:24]


def _duties(unit: Unit, *, status: int = 200, **tried: Any) -> Response:
    now, file = house().now(), unit.directory.export()
    absences = sorted(
        ((row, absence) for row in file.staff for absence in row.absent if absence.ends > now),
        key=lambda pair: pair[1].begins,
    )
    return page(
        "admin/duties.html",
        status,
        duties=list(held(unit.directory, now)),
        vacant=vacant(house().uses.agreement, lambda role: bool(unit.directory.appointed(role, 1, now))),
        absences=absences,
        rota=file.rota,
        turn=_turn,
        mark=_mark,
        staff=[row for row in file.staff if row.works_orders],
        everybody=file.staff if viewer().person.supervises else [],
        name=lambda userid: unit.directory.person(userid).name,
        post=post,
        roles={role: ROLES[role] for role in Role if role not in (Role.OPERATIONS, Role.HR)},
        days=phrases.DAYS,
        leads=viewer().may(As.SUPERVISOR, As.ADMIN),
        may=viewer().may(As.DESK, As.SUPERVISOR, As.ADMIN),
        **{"why": "", "tried": "", "given": {}} | tried,
    )


def _partners(unit: Unit, *, status: int = 200, **tried: Any) -> Response:
    file, asked = unit.directory.export(), request.args.get("q", "").strip()
    found = [row for row in file.partners if _is_meant(row, asked)]
    return page(
        "admin/partners.html",
        status,
        partners=found[:_SHOWN],
        more=len(found) - _SHOWN,
        asked=asked,
        names=[row.name for row in file.partners],
        groups=file.groups,
        ROLES=ROLES,
        purposes=phrases.PURPOSES,
        leads=viewer().may(As.SUPERVISOR, As.ADMIN),
        may=viewer().may(As.DESK, As.SUPERVISOR, As.ADMIN),
        **{"why": "", "tried": "", "given": {}} | tried,
    )


def _is_meant(row: PartnerRow, asked: str) -> bool:
    """Whether somebody who types that may mean the partner: by its names, groups or people."""
    named = [row.name, *row.aliases, *(word for g in row.groups for word in (g.name, g.chatid))]
    named += [word for c in row.contacts for word in (c.name, c.userid or "", c.email or "")]
    return any(name_key(asked) in name_key(word) for word in named)


# What a form asks for


def _away(desk: DirectoryDesk, me: Person, unit: Unit, given: Mapping[str, Any]) -> str:
    who = unit.directory.person(given.get("userid") or me.userid)
    bounds = {key: f"{given.get(key, '')} {given.get(f'{key}_time', '')}".strip() for key in ("from", "to")}
    if bool(given.get("from_time")) != bool(given.get("to_time")):
        raise CannotChange("when")
    row = _read(file_times.absence, {**bounds, "stand_in": given.get("stand_in")})
    if row is None:
        raise CannotChange("when")
    desk.away(me, who, row)
    return phrases.away(who.name, row.begins, row.ends, house().now())


def _back(desk: DirectoryDesk, me: Person, unit: Unit, given: Mapping[str, Any]) -> str:
    who = unit.directory.person(str(given.get("userid", "")))
    desk.back(me, who)
    return f"已为{who.name}销假。"


def _add_turn(desk: DirectoryDesk, me: Person, unit: Unit, given: Mapping[str, Any]) -> str:
    until = str(given.get("until", ""))
    row = _read(
        file_times.rota,
        {
            "role": given.get("role"),
            "userid": given.get("userid"),
            "days": [WEEKDAYS[int(day)] for day in given["days"] if day in "0123456" and len(day) == 1],
            "hours": f"{given.get('since', '')}-{'24:00' if until == '00:00' else until}",
            "from": given.get("from"),
            "to": given.get("to"),
            "every": int(given.get("every", "")) if str(given.get("every", "")) in ("1", "2") else None,
        },
    )
    if row is None:
        raise CannotChange("turn")
    desk.add_turn(me, row)
    return "已加入排班。"


def _drop_turn(desk: DirectoryDesk, me: Person, unit: Unit, given: Mapping[str, Any]) -> str:
    found = [row for row in unit.directory.rota() if _mark(row) == given.get("turn")]
    if not found:
        raise CannotChange("no_turn")
    desk.drop_turn(me, found[0])
    return "已从排班中删除。"


def _bind(desk: DirectoryDesk, me: Person, unit: Unit, given: Mapping[str, Any]) -> str:
    chatid = str(given.get("chatid", "")).strip()
    if not chatid or len(chatid) > 64 or len(chatid.split()) != 1:
        raise CannotChange("chatid")
    bound = desk.bind(me, chatid, str(given.get("partner", "")))
    house().uses.orders(unit).assign_from(chatid, me, bound)
    return f"已绑定{bound.name}。群通知需登记群机器人密钥。"


def _unbind(desk: DirectoryDesk, me: Person, unit: Unit, given: Mapping[str, Any]) -> str:
    return f"已与{desk.unbind(me, str(given.get('chatid', ''))).name}解绑，已开的工单不受影响。"


def _key(desk: DirectoryDesk, me: Person, unit: Unit, given: Mapping[str, Any]) -> str:
    key = apart(f"webhook {str(given.get('key', '')).strip()}")[1]
    if key is None:
        raise CannotChange("no_key")
    return f"已登记{desk.set_key(me, str(given.get('chatid', '')), key).name}的群机器人密钥。"


_Do = Callable[[DirectoryDesk, Person, Unit, Mapping[str, Any]], str]
_ACTS: Mapping[str, _Do] = {
    "away": _away,
    "back": _back,
    "turn": _add_turn,
    "drop": _drop_turn,
    "bind": _bind,
    "unbind": _unbind,
    "key": _key,
}
_OF_PARTNERS = ("bind", "unbind", "key")


def _read(reader: Callable[[Table], Any], values: Mapping[str, Any]) -> Any:
    """A row out of a form's fields, judged as a directory file's; None where it is wrong."""
    problems = Problems(None)
    row = reader(Table({k: v for k, v in values.items() if v}, "", problems))
    return None if problems.lines else row


def _turn(row: RotaRow, now: datetime) -> str:
    return phrases.turn(row, now)


def _mark(row: RotaRow) -> str:
    """What names one row of the rota in a form."""
    return hashlib.sha256(repr(row).encode()).hexdigest()[:16]


def _why(refused: Refused) -> str:
    return phrases.cannot_change(refused) if isinstance(refused, CannotChange) else "这一步没有办成。"
