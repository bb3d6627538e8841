"""The demo's own entry to the desk: the same program, on a clock that can be turned.

``python -m bot.simulator.desk serve|worker|clock`` runs a process of the desk, ``… simulator`` the
simulator, all by the desk time kept in the desk's database. Nothing else passes a turnable clock to the
wiring and no setting does, so production cannot be on one.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot import wiring
from bot.cli import desk as cli
from bot.cli import unit as cli_unit
from bot.clock import machine_time
from bot.settings import Settings, load
from bot.simulator import __main__ as simulator
from bot.sql.desk_time import ahead, go_ahead
from bot.sql.engine import Engine, open_engine
from workorders.agreement.clauses import Agreement

#: How far into a working day the demo begins, when it is first started outside one.
_INTO_THE_DAY = timedelta(minutes=30)


class DemoClock:
    """Desk time: machine time and how far it was turned ahead, which the database keeps.

    Args:
        machine: reads machine time.
    """

    def __init__(self, engine: Engine, machine: Callable[[], datetime] = machine_time) -> None:
        self._engine, self._machine = engine, machine

    def __call__(self) -> datetime:
        return self._machine() + ahead(self._engine)

    now = __call__

    def forward_to(self, moment: datetime) -> None:
        """Turn desk time to a later moment (aware); it is never turned back."""
        go_ahead(self._engine, moment.astimezone(UTC) - self._machine())

    def begin_in_service_hours(self, agreement: Agreement) -> None:
        """Outside service hours, turn to the next working morning: a first look sees a desk at work."""
        opening = agreement.calendar.opening(self.now())
        if opening > self.now():
            self.forward_to(opening + _INTO_THE_DAY)


def _build(settings: Settings) -> wiring.Program:
    # The demo shows every article, the unverified ones with their mark.
    return wiring.build(settings, desk_clock=DemoClock, unverified_answers=True)


def main() -> int:
    """Run the process named first on the command line."""
    if sys.argv[1:2] == ["simulator"]:
        settings = load(os.environ)
        clock = DemoClock(open_engine(settings.database_url))
        clock.begin_in_service_hours(Agreement.load(settings.agreement_path, settings.holidays_path))
        return simulator.main(sys.argv[2:], clock)
    cli.entry.build = _build
    cli_unit.desk_time.of = DemoClock
    cli.main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
