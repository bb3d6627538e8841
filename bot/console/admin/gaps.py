"""知识缺口: questions no article answered, and answers that did not help; the most asked first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, request

from bot.acts import Act
from bot.console.house import house, viewer
from bot.console.render import page
from bot.report_files import as_csv, as_xlsx
from bot.reports import Asked, Source
from bot.sql.unit import Unit
from workorders.report.period import Period
from workorders.report.table import Table

routes = Blueprint("gaps", __name__, url_prefix="/console/admin/gaps")

DAYS = (7, 30, 90, 365)
_REPORTS = ("gaps", "unsolved")


@routes.get("/")
def show() -> Any:
    """Both lists, of the last thirty days unless asked otherwise."""
    days = _days()
    with house().units.reading() as unit:
        gaps, unsolved = (_table(unit, report, days) for report in _REPORTS)
    return page("admin/gaps.html", gaps=gaps.records(), unsolved=unsolved.records(), days=days, choices=DAYS)


@routes.get("/export")
def export() -> Any:
    """Both as an Excel workbook, or the one named in the query as CSV; in the audit."""
    days, calendar = _days(), house().uses.terms.calendar
    with house().units.begin() as unit:
        tables = [_table(unit, report, days) for report in _REPORTS]
        unit.audit.record(
            Act.GAPS_EXPORT, who=viewer().person.userid, door="console", subject="gaps", days=days
        )
    if request.args.get("form") == "csv":
        table = tables[_REPORTS.index("unsolved") if request.args.get("of") == "unsolved" else 0]
        named = {"Content-Disposition": f'attachment; filename="{table.name}.csv"'}
        return Response(as_csv(table, calendar), mimetype="text/csv", headers=named)
    named = {"Content-Disposition": 'attachment; filename="gaps.xlsx"'}
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return Response(as_xlsx(tables, calendar), mimetype=kind, headers=named)


def _table(unit: Unit, report: str, days: int) -> Table:
    calendar = house().uses.terms.calendar
    today = calendar.local_day(house().now())
    period = Period(today - timedelta(days=days - 1), today)
    return Source(unit, calendar, house().uses.title).table(report, Asked(period))


def _days() -> int:
    days = request.args.get("days", type=int)
    return days if days in DAYS else 30
