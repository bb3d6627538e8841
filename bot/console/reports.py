"""报表: figures with charts, each table to carry away, and a partner's month on one printed page.

Every figure is a table of ``bot/reports.py``, as ``desk report`` has it; here it is only laid out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NoReturn
from urllib.parse import quote

from flask import Blueprint, Response, abort, request

from bot.acts import Act
from bot.console import figures
from bot.console.figures import counted, page_table
from bot.console.house import house, viewer
from bot.console.render import page
from bot.report_files import as_csv, as_xlsx, stretch
from bot.reports import REPORTS, Asked, Source
from bot.sql.unit import Unit
from handlers.phrases import admin as clauses
from handlers.phrases import obligations
from handlers.phrases import report as phrases
from workorders.agreement.errors import UnknownClause
from workorders.directory.people import Partner
from workorders.orders.board import Look
from workorders.orders.kinds import Part
from workorders.report.figures import GROUPS, Group
from workorders.report.period import Period, week
from workorders.report.table import TOTAL, Table

routes = Blueprint("reports", __name__, url_prefix="/console/reports")

ALL = "all"
_FIRST, _LAST = 2000, 2100
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NO_PERIOD = "没有这个时段。请回到报表，用上面的按钮选择周、月、季度或年。"
#: Lines of one kind on a partner's sheet, which is one page.
_ON_SHEET = 8


@dataclass(frozen=True)
class Question:
    """What the address asks for.

    Attributes:
        partner: the only one whose orders count; None counts everybody's.
        given: the same for another address of this page.
    """

    period: Period
    partner: Partner | None
    given: dict[str, Any]

    def asked(self, groups: tuple[Group, ...] = (), most: int | None = None) -> Asked:
        whose = self.partner.id if self.partner else None
        return Asked(self.period, groups, whose, **({} if most is None else {"most": most}))

    def answers(self, report: str) -> bool:
        """Whether that report can be asked so."""
        return self.partner is None or REPORTS[report].of_partner


@routes.get("/")
def show() -> Any:
    """Everything at a glance, with charts."""
    with house().units.reading() as unit:
        question, source = _question(unit), _source(unit)
        by: Group = "day" if question.period.sort == "week" else "week"
        # The one that groups by most comes first: the others are counted from its rows.
        in_time = source.table("attainment", question.asked((by, "clause")))
        kept, times, spread, causes, load = (
            source.table(name, question.asked())
            for name in ("attainment", "times", "spread", "causes", "load")
        )
        answers = source.table("answers", question.asked()) if question.answers("answers") else None
        partners = unit.directory.partners()
    calendar = source.calendar
    return page(
        "reports/overview.html",
        **_common(question, partners),
        by=by,
        sums=_sums(kept, counted(load.records()[-1:], "orders"), answers),
        attainment=page_table(kept, calendar),
        course=figures.course(in_time, _steps(question.period, by)),
        times=page_table(times, calendar),
        spread=page_table(spread, calendar),
        distributions=figures.distributions(spread),
        causes=figures.causes(causes),
        load=page_table(load, calendar),
        heats=figures.heats(load),
        answers=page_table(answers, calendar, 10) if answers else None,
        answered=figures.answers(answers) if answers else [],
    )


@routes.get("/table/<report>")
def table(report: str) -> Any:
    """One report as a table, grouped as asked."""
    with house().units.reading() as unit:
        question, source = _question(unit), _source(unit)
        groups = _groups(report, question)
        made = source.table(report, question.asked(groups))
        partners = unit.directory.partners()
    return page(
        "reports/table.html",
        **_common(question, partners),
        report=report,
        table=page_table(made, source.calendar),
        groups=groups or REPORTS[report].groups,
        offered=[(group, phrases.heading(report, group)) for group in _offered(report)],
    )


@routes.get("/export/<report>")
def export(report: str) -> Any:
    """One report as CSV or as an Excel workbook, or all of them as one; in the audit."""
    form = request.args.get("form", "xlsx")
    if form not in ("csv", "xlsx") or (report == ALL and form == "csv"):
        _refuse("没有这种文件。请回到报表重新下载。")
    with house().units.begin() as unit:
        question, source = _question(unit), _source(unit)
        groups = () if report == ALL else _groups(report, question)
        names = [name for name in REPORTS if question.answers(name)] if report == ALL else [report]
        tables = [source.table(name, question.asked(groups)) for name in names]
        unit.audit.record(
            Act.REPORT_EXPORT,
            who=viewer().person.userid,
            door="console",
            subject=f"report:{report}",
            since=question.period.since.isoformat(),
            until=question.period.until.isoformat(),
            rows=sum(len(table.rows) for table in tables),
        )
    content = as_csv(tables[0], source.calendar) if form == "csv" else as_xlsx(tables, source.calendar)
    kind = "text/csv" if form == "csv" else _WORKBOOK
    return Response(content, mimetype=kind, headers={"Content-Disposition": _named(report, question, form)})


def _named(report: str, question: Question, form: str) -> str:
    """What the file is called: in Chinese, in ASCII for a browser that knows no other."""
    words = ["报表" if report == ALL else phrases.title(report), question.period.name]
    if question.partner:
        words.insert(1, question.partner.name)
    named = quote(f"{'_'.join(words)}.{form}", safe="")
    return f"attachment; filename=\"{report}_{question.period.name}.{form}\"; filename*=UTF-8''{named}"


@routes.get("/partner")
def sheet() -> Any:
    """A partner's month on one page, to be printed and handed over."""
    now = house().now()
    with house().units.reading() as unit:
        question, source = _question(unit), _source(unit)
        partners = unit.directory.partners()
        if question.partner is None and len(partners) == 0:
            _refuse("通讯录里还没有合作伙伴。")
        whose = question.partner or partners[0]
        period = Period.around(question.period.since, "month")
        question = Question(period, whose, {"partner": whose.id, "period": period.name})
        tables = {
            name: source.table(name, question.asked(most=figures.LISTED))
            for name in ("attainment", "breaches", "orders", "stars", "times", "reopened")
        }
        came = [row for row in tables["orders"].records() if row["kind"] != TOTAL]
        look = Look(viewer=viewer().person, partner=whose.id)
        open_ = unit.board.rows(look, now, now, _ON_SHEET)
        open_count = unit.board.tally(look, now, now).all
        duties = unit.obligations.live(whose.id)
        overrides = unit.directory.clauses_of(whose.id)
    return page(
        "reports/sheet.html",
        **_common(question, partners),
        sums=_sums(tables["attainment"], counted(came, "orders"), None),
        promises=[(row, _within(str(row["clause"]), overrides)) for row in tables["attainment"].records()],
        total=TOTAL,
        median=_medians(tables["times"]),
        breaches=tables["breaches"].records()[:_ON_SHEET],
        came=came,
        stars=next(iter(tables["stars"].records()), None),
        reopened=len(tables["reopened"].rows),
        open=open_,
        open_count=open_count,
        duties=[(obligations.named(o), o.due) for o in duties[:_ON_SHEET]],
        duties_count=len(duties),
        phrases=phrases,
        stretch=stretch,
    )


def _common(question: Question, partners: tuple[Partner, ...]) -> dict[str, Any]:
    """What every page of figures shows: the period and its neighbours, whose, and where else to look."""
    period = question.period
    today = _today()
    return {
        "question": question,
        "given": question.given,
        "period": phrases.period(period),
        "sort": period.sort,
        "sorts": [
            (sort, name, Period.around(min(max(today, period.since), period.until), sort).name)
            for sort, name in phrases.SORTS.items()
        ],
        "earlier": _beside(period, period.since - timedelta(days=1)),
        "later": _beside(period, period.until + timedelta(days=1)) if period.until < today else None,
        "partners": partners,
        "reports": [(name, phrases.title(name)) for name in REPORTS if question.answers(name)],
    }


def _question(unit: Unit) -> Question:
    """The period and the partner the address names; this month and everybody where it names none."""
    text, whose = request.args.get("period", ""), request.args.get("partner", "")
    try:
        period = Period.parse(text) if text else Period.around(_today(), "month")
    except ValueError:
        _refuse(_NO_PERIOD)
    if not _FIRST <= period.since.year <= _LAST:
        _refuse(_NO_PERIOD)
    partner = next((p for p in unit.directory.partners() if str(p.id) == whose), None)
    if whose and partner is None:
        _refuse("通讯录里没有这个合作伙伴。请回到报表重新选择。")
    given: dict[str, Any] = {"period": period.name, **({"partner": partner.id} if partner else {})}
    return Question(period, partner, given)


def _groups(report: str, question: Question) -> tuple[Group, ...]:
    """What to group by, as the address says; the report's own where it says nothing."""
    if report not in REPORTS:
        _refuse("没有这张报表。")
    if not question.answers(report):
        _refuse(f"{phrases.title(report)}不分合作伙伴统计，请选择全部合作伙伴。")
    by = tuple(dict.fromkeys(request.args.getlist("by")))
    found = tuple(group for name in by for group in _offered(report) if group == name)
    if len(found) != len(by):
        _refuse(f"{phrases.title(report)}不能这样分组。")
    return found


def _offered(report: str) -> list[Group]:
    """What a report may be grouped by."""
    if not REPORTS[report].groups:
        return []
    return [group for group in GROUPS if group != "clause" or REPORTS[report].by_clause]


def _refuse(why: str) -> NoReturn:
    abort(page("refused.html", 404, why=why))


def _source(unit: Unit) -> Source:
    return Source(unit, house().uses.terms.calendar, house().uses.title)


def _today() -> date:
    return house().uses.terms.calendar.local_day(house().now())


def _beside(period: Period, day: date) -> str | None:
    """The period before or after, where there is one of the same sort."""
    if period.sort is None or not _FIRST <= day.year <= _LAST:
        return None
    return Period.around(day, period.sort).name


def _steps(period: Period, by: Group) -> list[str]:
    """The days or weeks of a period that have begun; all of one that has not."""
    days = [day for day in period.days if day <= _today()] or list(period.days)
    return [day.isoformat() for day in days] if by == "day" else list(dict.fromkeys(map(week, days)))


def _sums(kept: Table, orders: int, answers: Table | None) -> dict[str, Any]:
    rows = kept.records()
    rows = rows[:-1] if kept.total else rows
    met, missed = counted(rows, "met"), counted(rows, "missed")
    last = answers.records()[-1] if answers and answers.rows else None
    return {
        "orders": orders,
        "promises": counted(rows, "promises"),
        "met": met,
        "missed": missed,
        "attained": f"{met / (met + missed):.1%}" if met + missed else "",
        "spared": counted([last], "solved") + counted([last], "silent") if last else None,
        "answered": counted([last], "answered") if last else None,
    }


def _within(clause: str, overrides: Any) -> str:
    """How long a promise of that clause is for this partner; empty where the agreement knows none such."""
    if clause == Part.COMPLETION:
        return phrases.BY_PLAN
    try:
        return clauses.within(house().uses.agreement.clause(clause, overrides))
    except UnknownClause:
        return ""


def _medians(times: Table) -> dict[str, timedelta]:
    return {
        str(row["clause"]): row["median"] for row in times.records() if isinstance(row["median"], timedelta)
    }
