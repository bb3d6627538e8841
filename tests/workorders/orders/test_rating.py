"""Who is asked for stars in the tables themselves: silence counted by reporter, over a week."""

from __future__ import annotations

from datetime import timedelta

from tests.workorders.orders.stage import Stage, minute
from workorders.orders.rating import Reason

DAY = timedelta(days=1)


def solved(stage: Stage, by: str = "xiaowang") -> int:
    number = stage.open(by=by)
    stage.desk().accept(number, stage.person("laoli"))
    stage.desk().solve(number, stage.person("laoli"))
    return number


def asked(stage: Stage) -> list[str]:
    return [x.subject for x in stage.letters() if x.kind == "stars"]


def test_silence_that_closed_twice_in_a_week_is_counted_by_reporter(stage: Stage) -> None:
    first, _ = solved(stage), solved(stage)
    other = solved(stage, "xiaosun")
    stage.later(DAY + 10 * timedelta(hours=1))
    stage.sweep()

    assert asked(stage) == [f"order:{first}", f"order:{other}"]
    assert stage.orders.silent_of("xiaowang", stage.now - 7 * DAY) == 2
    assert stage.orders.silent_of("xiaowang", stage.now + minute) == 0


def test_an_order_the_clock_found_closed_long_after_is_not_asked_about(stage: Stage) -> None:
    solved(stage)
    stage.later(10 * DAY)
    stage.sweep()

    assert asked(stage) == []


def test_stars_and_their_reason_are_read_back(stage: Stage) -> None:
    number = solved(stage)
    stage.desk().close(number, stage.person("xiaowang"))
    stage.desk().rate(number, stage.person("xiaowang"), 2)
    stage.desk().explain_rating(number, stage.person("xiaowang"), Reason.SLOW)

    assert (stage.order(number).stars, stage.order(number).stars_reason) == (2, "slow")
