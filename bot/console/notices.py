"""Notices: the list, composing with a preview as each channel will show it, approval, progress, evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from markupsafe import Markup

from bot import notice_evidence
from bot.acts import Act
from bot.console.house import house, viewer
from bot.console.numbers import number, numbers
from bot.console.render import page, said
from bot.mail.message import html_of
from bot.sql.unit import Unit
from handlers.masking import mask, mask_all
from handlers.phrases import notice_evidence as evidence_phrases
from handlers.phrases import notices as phrases
from handlers.phrases.names import ROLES
from handlers.phrases.text import ZONE
from workorders.directory.people import Person, Role
from workorders.errors import Incomplete, Refused
from workorders.notices.audience import Problem, Reading
from workorders.notices.desk import Draft, NoticeDesk
from workorders.notices.errors import BodyTooLong, NoticeRefused
from workorders.notices.notice import (
    CARD_BODY,
    FORMS,
    GROUP_BODY,
    LIFE,
    Audience,
    Kind,
    Notice,
    Verb,
    cuts,
)
from workorders.notices.receipt import ReceiptState

routes = Blueprint("notices", __name__, url_prefix="/console/notices")

_LISTED, _PEOPLE, _PARTNERS, _LINES = 50, 500, 100, 20
_SETTLED = {ReceiptState.ACKNOWLEDGED, ReceiptState.DEEMED, ReceiptState.LATE}
_ACTS: Mapping[str, Callable[[NoticeDesk, int, Person, str], Any]] = {
    "approve": lambda desk, number, me, _: desk.approve(number, me),
    "send": lambda desk, number, me, _: desk.send(number, me),
    "recall": lambda desk, number, me, reason: desk.recall(number, me, reason),
    "remind": lambda desk, number, me, _: desk.remind(number, me),
}
_DONE = {
    "approve": "已批准，可以发送。",
    "send": "已开始发送。",
    "recall": "已撤回，已收到的人会收到撤回说明。",
    "remind": "已提醒未确认的接收人。",
}


@routes.get("/")
def show_all() -> Any:
    """The newest notices, each with how many answered."""
    with house().units.reading() as unit:
        rows = [(n, _counts(unit, n.number)) for n in unit.notices.latest(_LISTED)]
    return page("notice/list.html", rows=rows, phrases=phrases, ReceiptState=ReceiptState)


@routes.route("/new", methods=["GET", "POST"])
def compose() -> Any:
    """A form; sent for a preview it comes back with what each channel will show, and who would be told."""
    corrects = request.values.get("corrects", type=number)
    if request.method == "GET":
        return _form(_given_of(corrects), corrects)
    given = mask_all(request.form.to_dict()) | {"roles": request.form.getlist("roles")}
    me = viewer().person
    why, status = "", 200
    with house().units.begin() as unit:
        desk = house().uses.notices(unit)
        saved = None
        try:
            draft = _draft(given, unit)
            try:
                if given.get("do") == "save":
                    saved = desk.correct(corrects, me, draft) if corrects else desk.compose(draft, me)
            except BodyTooLong as refused:
                why, status = _why(refused), 422
            # What would be cut is seen before it is agreed to.
            notice = saved or desk.preview(replace(draft, cut=True), me, corrects)
        except Refused as refused:
            return _form(given, corrects, why=_why(refused), status=422)
        if saved:
            unit.audit.record(
                Act.NOTICE_ACT,
                who=me.userid,
                door="console",
                subject=f"notice:{notice.number}",
                verb="compose",
            )
            said(f"通知 {notice.name} 已保存，请另一位同事批准。")
            return redirect(url_for("notices.show", notice=notice.number), 303)
        reading = desk.reading(notice.kind, notice.audience)
        short = cuts(notice.body, reading.channels)
        warned = desk.warning(notice, desk.now())
    facts: dict[str, Any] = {
        "why": why,
        "preview": notice,
        "heads": reading.by_partner(),
        "total": len(reading.recipients),
        "problems": _problems(reading),
        "short": phrases.cuts_line(short),
        "agreed": draft.cut,
        "warned": phrases.warned(warned) if warned else "",
        **_shown(notice, reading),
    }
    return _form(given, corrects, status=status, **facts)


@routes.get("/<int:notice>")
def show(notice: int) -> Any:
    """One notice: its words, what may be done, and how far its recipients are."""
    state = request.args.get("state")
    only = ReceiptState(state) if state and state in ReceiptState._value2member_map_ else None
    with house().units.reading() as unit:
        found = _found(unit, notice)
        desk = house().uses.notices(unit)
        called = _Called(unit)
        people = [
            (r, called.name(r.partner) if r.partner else "我方" if r.ours else "其他")
            for r in unit.notices.in_state(notice, only, _PEOPLE)
        ]
        partners: dict[int | None, dict[ReceiptState, int]] = {}
        for (id, one), count in unit.notices.counts(notice).items():
            partners.setdefault(id, {})[one] = count
        # Whoever has answered needs nobody's eye.
        open_first = sorted(partners.items(), key=lambda each: set(each[1]) <= _SETTLED)
        listed = [(called.name(id) if id else "我方及其他", counts) for id, counts in open_first[:_PARTNERS]]
        reading = desk.reading(found.kind, found.audience) if not found.headcount else None
        due = unit.notices.next_due(notice, desk.now()) if found.out else None
        late = desk.warning(found, desk.now()) if not found.headcount and not found.over else None
        facts: dict[str, Any] = {
            "people": people,
            "partners": listed,
            "unlisted": len(partners) - len(listed),
            "counts": _counts(unit, notice),
            "total": found.headcount or (len(reading.recipients) if reading else 0),
            "problems": _problems(reading) if reading else [],
            "heads": list(reading.by_partner().items())[:_PARTNERS] if reading else [],
            "left": phrases.time_left(due, desk.now()),
            "unsent": unit.letters.waiting_about(f"notice:{notice}", 1_000_000),
            "warned": phrases.warned(late) if late else "",
            "short": phrases.cuts_line(cuts(found.body, reading.channels)) if reading else "",
            "names": {u: unit.directory.person(u).name for u in (found.composer, found.approver) if u},
        }
    may = {v.value for v in Verb if found.state in LIFE.get(v, ())}
    if found.composer == viewer().person.userid:
        may.discard(Verb.APPROVE.value)
    return page(
        "notice/show.html",
        notice=found,
        may=may,
        only=only,
        clause=found.clause(None),
        phrases=phrases,
        says=evidence_phrases,
        ReceiptState=ReceiptState,
        body=Markup(html_of(found.body)),  # noqa: S704  (raw HTML is off)
        **facts,
        # Whoever approves sees what each channel will show, as whoever wrote it did.
        **(_shown(found, reading) if reading else {}),
    )


@routes.post("/<int:notice>/<slug>")
def act(notice: int, slug: str) -> Any:
    """Approve, send, recall or remind."""
    do = _ACTS.get(slug)
    me = viewer().person
    with house().units.begin() as unit:
        _found(unit, notice)
        if do is None:
            said("没有这一步。", bad=True)
            return redirect(url_for("notices.show", notice=notice), 303)
        result = "done"
        try:
            desk = house().uses.notices(unit)
            outcome = do(desk, notice, me, mask(request.form.get("reason", "")).text)
            later = slug == "send" and outcome.starts_at > desk.now()
            said(phrases.sends_at(outcome) if later else _DONE[slug])
        except Refused as refused:
            result = "refused"
            said(_why(refused), bad=True)
        unit.audit.record(
            Act.NOTICE_ACT,
            who=me.userid,
            door="console",
            subject=f"notice:{notice}",
            result="done" if result == "done" else "refused",
            verb=slug,
        )
    return redirect(url_for("notices.show", notice=notice), 303)


@routes.post("/<int:notice>/people/<int:receipt>/<slug>")
def mend(notice: int, receipt: int, slug: str) -> Any:
    """Take an answer down for somebody, with a note; or send anew what did not reach them."""
    me = viewer().person
    with house().units.begin() as unit:
        desk = house().uses.notices(unit)
        held = unit.notices.receipt(receipt)
        if held is None or held.notice != notice:
            said("没有这位接收人。", bad=True)
            return redirect(url_for("notices.show", notice=notice), 303)
        try:
            if slug == "redeliver":
                desk.redeliver(receipt, me)
                said(f"已重发给{held.name}。")
            else:
                desk.acknowledge_for(receipt, me, mask(request.form.get("note", "")).text)
                said(f"已代{held.name}登记确认。")
        except Refused as refused:
            said(_why(refused), bad=True)
        unit.audit.record(
            Act.NOTICE_ACT, who=me.userid, door="console", subject=f"notice:{notice}", verb=slug[:16]
        )
    return redirect(url_for("notices.show", notice=notice), 303)


@routes.get("/<int:notice>/evidence")
def evidence(notice: int) -> Any:
    """The sheet to print, or with ``?form=csv`` a file for Excel; that it was read is in the audit."""
    with house().units.begin() as unit:
        now = house().uses.notices(unit).now()
        found = notice_evidence.collect(unit, notice, now, viewer().person.name)
        if found is None:
            abort(404)
        unit.audit.record(
            Act.NOTICE_READ, who=viewer().person.userid, door="console", subject=f"notice:{notice}"
        )
    if request.args.get("form") == "csv":
        named = {"Content-Disposition": f'attachment; filename="N{notice}.csv"'}
        return Response(notice_evidence.as_csv(found), mimetype="text/csv", headers=named)
    return page("notice/evidence.html", evidence=found, sheet=True, **notice_evidence.words())


def _form(given: Mapping[str, Any], corrects: int | None, *, status: int = 200, **facts: Any) -> Response:
    with house().units.reading() as unit:
        partners = unit.directory.partners()
    return page(
        "notice/compose.html",
        status,
        given=given,
        corrects=corrects,
        kinds={kind: phrases.kind_told(kind) for kind in Kind},
        forms=FORMS,
        roles={role: ROLES[role] for role in Role if role is not Role.HR},
        partners=partners,
        **facts,
    )


def _given_of(corrects: int | None) -> dict[str, Any]:
    """The form of a correction begins as the old notice reads."""
    if corrects is None:
        return {}
    with house().units.reading() as unit:
        old = _found(unit, corrects)
    effective = f"{old.effective.astimezone(ZONE):%Y-%m-%dT%H:%M}" if old.effective else ""
    return {
        "kind": old.kind,
        "title": old.title,
        "body": old.body,
        "effective": effective,
        "suspension": old.suspension,
        "stamped": old.stamped,
        "emergency": old.emergency,
        "cut": old.cut,
    }


def _draft(given: Mapping[str, Any], unit: Unit) -> Draft:
    """What a form says.

    Raises:
        Incomplete: a field that cannot be read.
    """
    kind = given.get("kind", "")
    if kind not in Kind._value2member_map_:
        raise Incomplete("kind", str(kind))
    return Draft(
        kind=Kind(kind),
        title=str(given.get("title", "")),
        body=str(given.get("body", "")).replace("\r\n", "\n"),
        effective=_moment(str(given.get("effective", ""))),
        suspension=bool(given.get("suspension")),
        emergency=str(given.get("emergency", "")),
        stamped=str(given.get("stamped", "")),
        cut=bool(given.get("cut")),
        audience=_audience(given, Kind(kind), unit),
    )


def _audience(given: Mapping[str, Any], kind: Kind, unit: Unit) -> Audience | None:
    roles = tuple(Role(r) for r in given.get("roles") or () if r in Role._value2member_map_)
    named = [p for p in str(given.get("partner", "")).split() if p]
    picked = tuple(w for w in str(given.get("to", "")).replace("，", " ").replace(",", " ").split() if w)
    if not (roles or named or picked):
        return None
    partners = tuple(p for p in numbers(named) if unit.directory.partner(p))
    usual = FORMS[kind].audience
    return Audience(
        roles or (() if picked and not named else usual.roles),
        () if named or picked or roles else usual.own,
        partners,
        picked,
    )


def _moment(text: str) -> datetime | None:
    """What a field of a form gives, in Shanghai.

    Raises:
        Incomplete: it is no moment.
    """
    if not text.strip():
        return None
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=ZONE)
    except ValueError:
        raise Incomplete("effective", text) from None


def _shown(notice: Notice, reading: Reading) -> dict[str, Any]:
    """The notice as each channel will show it to those who will be told."""
    told = phrases.Telling("notice", notice, notice.clause(None), None, house().settings.aibot_name)
    link = "#"
    return {
        "channels": reading.channels,
        "as_card": phrases.card(told, link, "preview", buttons=True),
        "group_card": phrases.card(told, link, "preview", buttons=False),
        "card_holds": CARD_BODY,
        "as_mail": Markup(html_of(phrases.markdown(told, link))),  # noqa: S704  (raw HTML is off)
        "as_subject": phrases.subject(told),
        "as_group": Markup(  # noqa: S704
            html_of(phrases.markdown(told, link, most=GROUP_BODY), group=True)
        ),
    }


def _why(refused: Refused) -> str:
    if isinstance(refused, NoticeRefused):
        return phrases.sentence(refused)
    if isinstance(refused, Incomplete):
        return phrases.missing(refused.field)
    return "这一步没有办成。"


def _problems(reading: Reading) -> list[str]:
    """What keeps people from being told, as many lines as anybody reads."""
    lines = [_problem(problem) for problem in reading.problems[:_LINES]]
    more = len(reading.problems) - len(lines)
    return [*lines, f"另有 {more} 项同类问题，请核对通讯录"] if more else lines


def _problem(problem: Problem) -> str:
    return {
        "no_group": f"{problem.who}：没有可发送的群，将记为未送达",
        "no_mail": f"{problem.who}：没有邮箱，将记为未送达",
        "bad_address": f"{problem.who}：{problem.detail} 不是邮箱地址",
        "repeated": f"{problem.who}：邮箱与他人相同（{problem.detail}），将各收一封",
    }[problem.what]


def _found(unit: Unit, number: int) -> Notice:
    found = unit.notices.read(number)
    if found is None:
        abort(404)
    return found


class _Called:
    """Partners' names, read at once; one by one only those who have left."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._names = {partner.id: partner.name for partner in unit.directory.partners()}

    def name(self, id: int) -> str:
        if id not in self._names:
            found = self._unit.directory.partner(id)
            self._names[id] = found.name if found else ""
        return self._names[id]


def _counts(unit: Unit, number: int) -> dict[ReceiptState, int]:
    counts: dict[ReceiptState, int] = {}
    for (_, state), count in unit.notices.counts(number).items():
        counts[state] = counts.get(state, 0) + count
    return counts
