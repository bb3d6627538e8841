"""审计: what was done and who saw what, and whether the record of it still holds."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, request

from bot.acts import Act
from bot.console.house import house, viewer
from bot.console.numbers import number
from bot.console.render import page
from bot.report_files import plain
from bot.sql.audit import Entry
from bot.sql.unit import Unit
from handlers.phrases import audit as phrases
from handlers.phrases.text import ZONE

routes = Blueprint("audit", __name__, url_prefix="/console/admin/audit")

_LISTED, _EXPORTED = 100, 50_000
#: A chain of so many rows is walked with every look at the page; a longer one when asked.
_SHORT = 2_000


@routes.get("/")
def show() -> Any:
    """The newest rows first, by who, act, subject and day; whether the chain holds."""
    with house().units.reading() as unit:
        rows = unit.audit.entries(**_asked(), below=request.args.get("below", type=number), most=_LISTED + 1)
        newest = unit.audit.entries(most=1)
        length = newest[0].number if newest else 0
        verified = unit.audit.verify() if length <= _SHORT or "verify" in request.args else None
        names = {row.who: unit.directory.person(row.who).name for row in rows if ":" not in row.who}
    return page(
        "admin/audit.html",
        rows=rows[:_LISTED],
        more=rows[_LISTED - 1].number if len(rows) > _LISTED else None,
        verified=verified,
        length=length,
        names=names,
        asked=request.args,
        acts=phrases.ACTS,
        phrases=phrases,
        query={k: v for k, v in request.args.items() if k != "below" and v},
    )


@routes.get("/export")
def export() -> Any:
    """The rows asked for as CSV; that they were taken is in the audit."""
    with house().units.begin() as unit:
        rows = unit.audit.entries(**_asked(), most=_EXPORTED)
        unit.audit.record(
            Act.AUDIT_EXPORT,
            who=viewer().person.userid,
            door="console",
            subject="audit",
            rows=len(rows),
            asked=[f"{k}={v}" for k, v in request.args.items() if v],
        )
        text = _csv(unit, rows)
    named = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return Response(text, mimetype="text/csv", headers=named)


def _asked() -> dict[str, Any]:
    """What the form asks for; what cannot be read asks for nothing."""
    args = request.args
    return {
        "since": _midnight(args.get("from", "")),
        "until": _midnight(args.get("to", ""), after=1),
        "who": args.get("who", "").strip() or None,
        "what": args.get("act") or None,
        "subject": args.get("subject", "").strip() or None,
    }


def _midnight(text: str, after: int = 0) -> datetime | None:
    try:
        day = date.fromisoformat(text) + timedelta(days=after)
    except (ValueError, OverflowError):
        return None
    return datetime(day.year, day.month, day.day, tzinfo=ZONE)


def _csv(unit: Unit, rows: list[Entry]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(phrases.HEADINGS)
    for row in rows:
        writer.writerow([plain(str(cell)) for cell in _cells(row)])
    return "\ufeff" + out.getvalue()


def _cells(row: Entry) -> tuple[object, ...]:
    details: Mapping[str, Any] = row.details
    return (
        row.number,
        row.at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S"),
        row.who,
        row.door,
        row.act.value,
        row.subject,
        row.result,
        row.reason,
        " ".join(f"{k}={v}" for k, v in details.items()),
        row.hash,
    )
