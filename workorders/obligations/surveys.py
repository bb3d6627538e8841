"""The surveys the sweep creates, each partner by its own cadence; and what their marks come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from statistics import mean

from workorders.agreement.clauses import Agreement
from workorders.directory.people import Directory, Partner, Person
from workorders.obligations.desk import ObligationDesk
from workorders.obligations.errors import BadField, NotTheirs
from workorders.obligations.filing import month_opening
from workorders.obligations.matters import Item, Survey
from workorders.obligations.obligation import CLAUSES, Kind, Obligation, Verb
from workorders.obligations.plans import DEFAULT_MONTHS, Plan
from workorders.ports import Now, SurveyPlans


@dataclass(frozen=True)
class SurveyDesk:
    """The cadence of surveys, as a command and the sweep see it; joined to the caller's unit of work."""

    agreement: Agreement
    plans: SurveyPlans
    directory: Directory
    obligations: ObligationDesk
    now: Now

    def set_cadence(self, by: Person, partner: Partner, months: int) -> Plan:
        """满意度周期: a survey every so many months from the last.

        Raises:
            NotTheirs: not of the desk.
            BadField: ``months`` is outside the clause's shortest and longest interval.
        """
        if not (by.works_orders or by.supervises):
            raise NotTheirs(0, Verb.FILE)
        low, high = self._interval(partner.id)
        if not low <= months <= high:
            raise BadField("months", str(months), f"{low} to {high}")
        plan = self.plans.lock(partner.id) or Plan(partner.id)
        return self._keep(replace(plan, months=months))

    def enrol(self) -> None:
        """Give every present partner that has none its first survey's moment."""
        for partner in self.plans.missing():
            self._keep(self.plans.lock(partner) or Plan(partner))

    def settle(self, partner: int) -> None:
        """Create the partner's survey once its month has opened, and find when the next one does.

        However late this is, the survey is of the month it is now; where its due day has passed already
        nobody is asked. Repeating it makes nothing twice.
        """
        plan, now = self.plans.lock(partner), self.now()
        if plan is None or plan.next_at is None or plan.next_at > now:
            return
        if all(p.id != partner for p in self.directory.partners()):
            self.plans.keep(replace(plan, next_at=None))
            return
        calendar = self.agreement.calendar
        month = calendar.local_day(now).replace(day=1)
        due = self.agreement.due(CLAUSES[Kind.SURVEY], now, self.directory.clauses_of(partner)).due
        if plan.last != month and month_opening(month, calendar) <= now < due:
            self.obligations.file_survey(partner)
            plan = replace(plan, last=month)
        self._keep(plan)

    def _keep(self, plan: Plan) -> Plan:
        low, high = self._interval(plan.partner)
        months = min(max(plan.months or DEFAULT_MONTHS, low), high)
        plan = replace(plan, next_at=plan.following(months, self.now(), self.agreement.calendar))
        self.plans.keep(plan)
        return plan

    def _interval(self, partner: int) -> tuple[int, int]:
        clause = self.agreement.clause(CLAUSES[Kind.SURVEY], self.directory.clauses_of(partner))
        return clause.every_months or (1, DEFAULT_MONTHS)


def averages(surveys: Iterable[Obligation]) -> dict[Item, float]:
    """The mean mark of every item over answered surveys; empty without any."""
    answered = [o.matter.scores for o in surveys if isinstance(o.matter, Survey) and o.matter.scores]
    return {item: mean(marks[item] for marks in answered) for item in Item} if answered else {}
