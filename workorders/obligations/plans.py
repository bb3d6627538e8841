"""When a partner is surveyed: its cadence, and the opening of the month it is surveyed in next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from workorders.agreement.worktime import Calendar
from workorders.obligations.filing import later_month, month_opening

#: Months from one survey to the next where nobody chose.
DEFAULT_MONTHS = 3


@dataclass(frozen=True)
class Plan:
    """One partner's cadence.

    Attributes:
        months: from one survey to the next; None where nobody chose.
        last: first day of the month surveyed last, None before the first.
        next_at: the opening (aware UTC) at which the next survey is created; None for a partner that left.
    """

    partner: int
    months: int | None = None
    last: date | None = None
    next_at: datetime | None = None

    def following(self, months: int, now: datetime, calendar: Calendar) -> datetime:
        """The opening (aware UTC) of the month surveyed next, always after ``now``.

        A partner never surveyed is surveyed in the next month: nobody knows when it last was, and the
        agreement's longest interval may not be exceeded.
        """
        this = calendar.local_day(now).replace(day=1)
        month = later_month(self.last, months) if self.last else this
        at = month_opening(month, calendar)
        return at if at > now else month_opening(later_month(this, 1), calendar)
