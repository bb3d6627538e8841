"""Every report there is: what it counts, by what it may be grouped, and how it is asked of a unit of work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any

from bot.sql.calls import tally
from bot.sql.unit import Unit
from handlers.phrases.text import name_masked, phones_masked
from knowledge.sql import store
from workorders.agreement.worktime import Calendar
from workorders.report import figures
from workorders.report.figures import Group, Names, counted_by
from workorders.report.period import Period
from workorders.report.rows import By, Counted, Took
from workorders.report.table import Table
from workorders.sql.figures import SqlFigures

#: Rows of a report that lists things, unless fewer are asked for.
MOST = 10_000


@dataclass(frozen=True)
class Asked:
    """What somebody wants to know.

    Attributes:
        period: local days.
        groups: what to group by; empty for the report's own.
        partner: id of the one partner whose orders count; None counts everybody's.
        most: rows of a list of missed promises.
    """

    period: Period
    groups: tuple[Group, ...] = ()
    partner: int | None = None
    most: int = MOST


@dataclass(frozen=True)
class Source:
    """What reports are made from.

    Args:
        unit: one that only reads.
        calendar: whose days the periods are.
        title: the question of an article, by its id.
    """

    unit: Unit
    calendar: Calendar
    title: Callable[[str], str] = lambda article: ""
    _read: dict[tuple[str, Period, int | None], tuple[list[By], list[Any]]] = field(
        default_factory=dict, init=False
    )

    def table(self, report: str, asked: Asked) -> Table:
        """The figures of a report.

        Args:
            report: a name in :data:`REPORTS`.
        """
        return REPORTS[report].make(self, asked)

    def counts(self, asked: Asked) -> SqlFigures:
        return self.unit.figures(asked.partner)

    def moments(self, asked: Asked) -> tuple[datetime, datetime]:
        return asked.period.moments(self.calendar)

    def promises(self, asked: Asked, groups: Sequence[Group]) -> list[Counted]:
        """Promises by outcome and cause."""
        return self._once("promises", self.counts(asked).attainment, asked, groups)

    def took(self, asked: Asked, groups: Sequence[Group]) -> list[Took]:
        """Promises that were met, by how long they took."""
        return self._once("took", self.counts(asked).times, asked, groups)

    def _once(
        self,
        what: str,
        count: Callable[[Period, list[By]], list[Any]],
        asked: Asked,
        groups: Sequence[Group],
    ) -> list[Any]:
        """Rows for several tables are counted once, if the first of them groups by all that the others do."""
        by, known = counted_by(groups), (what, asked.period, asked.partner)
        if known not in self._read or not set(by) <= set(self._read[known][0]):
            self._read[known] = by, count(asked.period, by)
        had, rows = self._read[known]
        if by == had:
            return rows
        places = [had.index(name) for name in by]
        return [replace(row, key=tuple(row.key[place] for place in places)) for row in rows]

    @property
    def names(self) -> Names:
        """Each is read once, however many rows bear it."""
        directory = self.unit.directory
        someone = cache(directory.person)

        @cache
        def partner(id: int) -> str:
            found = directory.partner(id)
            return found.name if found else str(id)

        def anybody(userid: str) -> str:
            named = someone(userid).name
            return named if someone(userid).side == "us" else name_masked(named)

        return Names(partner, lambda userid: someone(userid).name, anybody)


@dataclass(frozen=True)
class Report:
    """One report.

    Attributes:
        what: one line for the operator.
        groups: what it is grouped by unless asked otherwise; empty where it is not grouped.
        of_partner: whether it can be asked for one partner.
        by_clause: whether it is about promises, each of a clause.
    """

    what: str
    make: Callable[[Source, Asked], Table]
    groups: tuple[Group, ...] = ()
    of_partner: bool = True
    by_clause: bool = True


def _attainment(source: Source, asked: Asked) -> Table:
    groups = asked.groups or ("clause",)
    rows = source.promises(asked, groups)
    return figures.attainment(rows, groups, source.names)


def _times(source: Source, asked: Asked) -> Table:
    groups = asked.groups or ("clause",)
    rows = source.took(asked, groups)
    return figures.times(rows, groups, source.names)


def _spread(source: Source, asked: Asked) -> Table:
    return figures.spread(source.took(asked, ()))


def _breaches(source: Source, asked: Asked) -> Table:
    return figures.breaches(source.counts(asked).missed(asked.period, asked.most), source.names)


def _causes(source: Source, asked: Asked) -> Table:
    groups = asked.groups or ("clause",)
    rows = source.promises(asked, groups)
    return figures.causes(rows, groups, source.names)


def _stars(source: Source, asked: Asked) -> Table:
    groups = asked.groups or ("partner",)
    rows = source.counts(asked).ratings(*source.moments(asked), counted_by(groups))
    return figures.stars(rows, groups, source.names, source.calendar)


def _reroutes(source: Source, asked: Asked) -> Table:
    return figures.reroutes(source.counts(asked).reroutes(*source.moments(asked)))


def _downgrades(source: Source, asked: Asked) -> Table:
    rows = source.counts(asked).downgraded(*source.moments(asked))
    return figures.happened("downgrades", rows, source.names)


def _reopened(source: Source, asked: Asked) -> Table:
    rows = source.counts(asked).reopened(*source.moments(asked))
    told = (replace(row, words=phones_masked(row.words)) for row in rows)
    return figures.happened("reopened", told, source.names)


def _load(source: Source, asked: Asked) -> Table:
    return figures.load(source.counts(asked).begun(*source.moments(asked)), source.calendar)


def _orders(source: Source, asked: Asked) -> Table:
    return figures.orders(source.counts(asked).opened(*source.moments(asked)))


def _answers(source: Source, asked: Asked) -> Table:
    return figures.answers(store.tally(source.unit.conn, *source.moments(asked)), source.title)


def _calls(source: Source, asked: Asked) -> Table:
    found = tally(source.unit.conn, *source.moments(asked), asked.partner)
    return figures.calls(found, source.names)


def _gaps(source: Source, asked: Asked) -> Table:
    found = store.gaps_between(source.unit.conn, *source.moments(asked))
    return figures.gaps((phones_masked(gap.text), gap.nearest, gap.asked_at) for gap in found)


def _unsolved(source: Source, asked: Asked) -> Table:
    found = store.unsolved_between(source.unit.conn, *source.moments(asked))
    rows = ((each.article, phones_masked(each.question), each.asked_at) for each in found)
    return figures.unsolved(rows, lambda id: source.title(id) or id)


def _complaints(source: Source, asked: Asked) -> Table:
    return figures.complaints(source.counts(asked).complaints(*source.moments(asked)))


REPORTS: Mapping[str, Report] = {
    "attainment": Report(
        "promises met, missed, sent back, void, and the share attained", _attainment, ("clause",)
    ),
    "times": Report(
        "median and 90th percentile until promises were met, pauses taken out", _times, ("clause",)
    ),
    "spread": Report("how many responses and solutions took how many minutes, pauses taken out", _spread),
    "breaches": Report("every missed promise, and why", _breaches),
    "causes": Report("why promises were missed, counted", _causes, ("clause",)),
    "stars": Report(
        "how reporters rated closed orders, and why few stars", _stars, ("partner",), by_clause=False
    ),
    "reroutes": Report("orders sent on, from role to role", _reroutes),
    "downgrades": Report("orders opened urgent and made daily", _downgrades),
    "reopened": Report("orders reopened", _reopened),
    "orders": Report("orders written down, by what they were opened as", _orders, by_clause=False),
    "load": Report("when orders come, by hour and weekday", _load),
    "answers": Report("what the articles answered, and what became of it", _answers, of_partner=False),
    "calls": Report(
        "phone calls: made an order, joined one, or answered on the line", _calls, by_clause=False
    ),
    "gaps": Report("questions no article answered, the most asked first", _gaps, of_partner=False),
    "unsolved": Report(
        "articles whose answer did not help, those that failed most first",
        _unsolved,
        of_partner=False,
        by_clause=False,
    ),
    "complaints": Report("the yearly complaint table: number, kinds, handled share, speed", _complaints),
}
