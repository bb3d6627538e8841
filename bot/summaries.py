"""The leaders' group is told how the day and the week went: once each, however many clocks run.

The numbers are those of the moment the summary was due, however late the desk gets to it; after an outage
only the latest is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.sql.unit import Clock, Unit
from knowledge.sql import store
from workorders.agreement.clauses import Agreement
from workorders.agreement.summary import Of
from workorders.letters import Letter
from workorders.orders.ledger import Outcome
from workorders.orders.order import Kind
from workorders.report.figures import average
from workorders.report.period import Period
from workorders.report.table import share

#: When to look again whether the agreement asks for any.
_NONE_ASKED_FOR = timedelta(days=1)
#: Questions that are named.
_TOP = 3


@dataclass(frozen=True)
class Summaries:
    """The summaries of one unit of work.

    Args:
        now: reads desk time.
        title: the question of an article, by its id; empty where there is none.
    """

    unit: Unit
    agreement: Agreement
    now: Clock
    title: Callable[[str], str]

    def settle(self, id: int) -> None:
        """Say what has come due, and plan the next; the first look of all only plans.

        Nothing is ever said of days, or of a week, before that first look.
        """
        of, said = self.unit.summaries.lock(id)
        now, hours, calendar = self.now(), self.agreement.summary, self.agreement.calendar
        begun = now
        if said is None and of == "weekly":
            today = calendar.local_day(now)
            begun = calendar.moment(today + timedelta(days=6 - today.weekday()), 1440)
        last = hours.last(of, begun, calendar)
        if last and said and last > said:
            self._say(of, last)
        following = hours.next(of, now, calendar) or now + _NONE_ASKED_FOR
        self.unit.summaries.record(id, max(filter(None, (last, said)), default=now), following)

    def _say(self, of: Of, moment: datetime) -> None:
        groups = [g for g in self.unit.directory.own_groups("leaders") if g.has_webhook]
        if not groups:
            return
        facts = self._daily(moment) if of == "daily" else self._weekly(moment)
        day = self.agreement.calendar.local_day(moment)
        for group in groups:
            self.unit.letters.post(
                Letter(f"summary:{day:%Y%m%d}", 1, of, group.chatid, "group", f"{of}_summary", facts)
            )

    def _daily(self, moment: datetime) -> dict[str, Any]:
        """The day up to now, and apart from it what the last summary could not know of its own."""
        calendar = self.agreement.calendar
        midnight = calendar.moment(calendar.local_day(moment), 0)
        before = self.agreement.summary.last("daily", moment - timedelta(microseconds=1), calendar)
        facts = self._counted(midnight, moment)
        if before is not None and before < midnight:
            facts["since_last"] = self._flow(before, midnight) | {"from": before.isoformat()}
        return facts | {"at": moment.isoformat()}

    def _weekly(self, moment: datetime) -> dict[str, Any]:
        """Whole weeks: the last, and those before it in which nobody worked and nothing was said."""
        calendar = self.agreement.calendar
        day = calendar.local_day(moment)
        monday = day - timedelta(days=day.weekday())
        before = self.agreement.summary.last("weekly", moment - timedelta(microseconds=1), calendar)
        since = monday - timedelta(days=7)
        if before is not None:
            told = calendar.local_day(before)
            since = told - timedelta(days=told.weekday())
        week = Period(since, monday - timedelta(days=1))
        facts = self._counted(*week.moments(calendar))
        kept = Counter[str]()
        for row in self.unit.figures().attainment(week, ()):
            kept[row.outcome] += row.count
        return facts | {
            "attained": share(kept[Outcome.MET], kept[Outcome.MET] + kept[Outcome.MISSED]),
            "at": moment.isoformat(),
            "since": since.isoformat(),
            "until": week.until.isoformat(),
        }

    def _counted(self, since: datetime, until: datetime) -> dict[str, Any]:
        figures = self.unit.figures()
        tally = store.tally(self.unit.conn, since, until)
        asked: Counter[str] = Counter()
        for (article, _), count in tally.items():
            asked[article] += count
        top = sorted(asked.items(), key=lambda item: (-item[1], item[0]))
        return {
            **self._flow(since, until),
            "live": figures.live(),
            "live_urgent": figures.live(Kind.URGENT),
            "answered": asked.total(),
            "helped": sum(n for (_, outcome), n in tally.items() if outcome not in ("unsolved", "human")),
            "gaps": len(store.gaps_between(self.unit.conn, since, until)),
            "stars": self._stars(since, until),
            "unconfirmed": self.unit.notices.unconfirmed(),
            "top": [[title, n] for article, n in top if (title := self.title(article))][:_TOP],
        }

    def _stars(self, since: datetime, until: datetime) -> dict[str, Any] | None:
        given = Counter[int]()
        for row in self.unit.figures().ratings(since, until, ()):
            given[row.stars] += 0 if row.why else row.count
        count, mean = average(given)
        return {"count": count, "average": mean} if count else None

    def _flow(self, since: datetime, until: datetime) -> dict[str, Any]:
        figures = self.unit.figures()
        opened = figures.opened(since, until)
        return {
            "new": sum(opened.values()),
            "urgent": opened.get(Kind.URGENT, 0),
            "solved": figures.solved(since, until),
            "missed": figures.missed_between(since, until),
        }
