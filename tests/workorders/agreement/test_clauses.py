"""Every clause of the agreement: when it is due, why, and what a partner or an operator may change."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from workorders.agreement.clauses import KINDS, ROLES, Agreement, Clause
from workorders.agreement.errors import SpanUnset, UnknownClause
from workorders.agreement.worktime import Span
from workorders.errors import FileError

AGREEMENT = Agreement.load()


def china(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AGREEMENT.calendar.zone)


DUE = {
    # daily: working time from the opening
    "a daily order in hours is accepted in 5 minutes": (
        "daily.response",
        "11-23T10:00",
        "11-23T10:00",
        "11-23T10:05",
    ),
    "the seconds are kept": ("daily.response", "11-23T10:00:59", "11-23T10:00:59", "11-23T10:05:59"),
    "exactly on closing time is closing time": (
        "daily.response",
        "11-23T17:55",
        "11-23T17:55",
        "11-23T18:00",
    ),
    "a second later is a second after opening": (
        "daily.response",
        "11-23T17:55:01",
        "11-23T17:55:01",
        "11-24T09:00:01",
    ),
    "at closing time it begins next morning": ("daily.response", "11-23T18:00", "11-24T09:00", "11-24T09:05"),
    "on a weekend it begins on Monday": ("daily.solution", "11-28T10:00", "11-30T09:00", "11-30T09:20"),
    "over National Day": ("daily.response", "09-30T17:58", "09-30T17:58", "10-08T09:03"),
    "the solution over National Day": ("daily.solution", "09-30T17:58", "09-30T17:58", "10-08T09:18"),
    "on a make-up Saturday": ("daily.solution", "10-10T17:50", "10-10T17:50", "10-12T09:10"),
    "before a make-up Sunday": ("daily.response", "09-19T10:00", "09-20T09:00", "09-20T09:05"),
    "over New Year": ("daily.response", "2026-12-31T17:58", "2026-12-31T17:58", "2027-01-04T09:03"),
    # urgent: the wall clock, day and night
    "urgent is late after a minute": ("urgent.response", "11-23T10:00", "11-23T10:00", "11-23T10:01"),
    "urgent at night on a holiday": ("urgent.solution", "10-02T23:50", "10-02T23:50", "10-03T00:10"),
    "urgent over midnight of New Year": (
        "urgent.response",
        "2026-12-31T23:59:30",
        "2026-12-31T23:59:30",
        "2027-01-01T00:00:30",
    ),
    # working days, as the Civil Code counts them
    "an integration is decided in 2 working days": (
        "integration.decision",
        "11-23T10:00",
        "11-23T10:00",
        "11-25T18:00",
    ),
    "a complaint over National Day": ("complaint.reply", "09-30T08:00", "09-30T08:00", "10-10T18:00"),
    "a complaint of a Saturday does not count the Saturday": (
        "complaint.reply",
        "11-28T10:00",
        "11-28T10:00",
        "12-02T18:00",
    ),
    "an FAQ update of Friday is answered by Monday": (
        "notice.faq_update",
        "11-27T17:59",
        "11-27T17:59",
        "11-30T18:00",
    ),
    "a personnel notice before a make-up day": (
        "notice.personnel",
        "10-09T20:00",
        "10-09T20:00",
        "10-10T18:00",
    ),
    "the partner's own change": ("personnel.confirm", "10-10T09:00", "10-10T09:00", "10-12T18:00"),
    "questions about an annex": ("notice.annex", "11-24T10:00", "11-24T10:00", "11-27T18:00"),
    "goods at the year's end": (
        "goods.objection",
        "2026-12-30T10:00",
        "2026-12-30T10:00",
        "2027-01-05T18:00",
    ),
    # an upgrade notice: an hour of working time
    "an upgrade notice of the evening": ("notice.upgrade", "11-23T17:30", "11-23T17:30", "11-24T09:30"),
    # the cut-off table
    "merchants before noon": ("onboarding.result", "11-23T11:59:59", "11-23T11:59:59", "11-24T12:00"),
    "merchants at noon": ("onboarding.result", "11-23T12:00", "11-23T12:00", "11-24T18:00"),
    "merchants of the evening": ("onboarding.result", "11-23T23:59", "11-23T23:59", "11-24T18:00"),
    "merchants before opening": ("onboarding.result", "11-23T00:00", "11-23T00:00", "11-24T12:00"),
    "merchants of a Saturday count as of Monday morning": (
        "onboarding.result",
        "11-28T15:00",
        "11-30T09:00",
        "12-01T12:00",
    ),
    "merchants on a make-up Saturday": ("onboarding.result", "10-10T13:00", "10-10T13:00", "10-12T18:00"),
    "merchants on New Year's Eve": (
        "onboarding.result",
        "2026-12-31T11:00",
        "2026-12-31T11:00",
        "2027-01-04T12:00",
    ),
    # by the calendar
    "the survey of a month whose 20th is worked": ("survey", "11-03T10:00", "11-03T10:00", "11-20T18:00"),
    "the survey asked about after the 20th": ("survey", "11-30T10:00", "11-30T10:00", "11-20T18:00"),
    "the survey of a make-up Sunday": ("survey", "09-01T10:00", "09-01T10:00", "09-20T18:00"),
    "the survey in the Spring Festival": ("survey", "02-01T10:00", "02-01T10:00", "02-24T18:00"),
    "the survey of a weekend": ("survey", "12-01T10:00", "12-01T10:00", "12-21T18:00"),
    "coaching to the same day": ("training.coaching", "11-23T10:00", "11-23T10:00", "12-23T18:00"),
    "coaching to the month's last day": ("training.coaching", "01-31T10:00", "01-31T10:00", "02-28T18:00"),
    "coaching into the next year": (
        "training.coaching",
        "2026-12-31T10:00",
        "2026-12-31T10:00",
        "2027-01-31T18:00",
    ),
}


def moment(text: str) -> datetime:
    return china(text if text.startswith("20") else f"2026-{text}")


@pytest.mark.parametrize(("name", "at", "starts", "due"), DUE.values(), ids=DUE)
def test_a_clause_is_due(name: str, at: str, starts: str, due: str) -> None:
    answer = AGREEMENT.due(name, moment(at))

    assert (answer.clause, answer.starts, answer.due) == (name, moment(starts), moment(due))
    assert answer.why
    assert all(answer.why)


def test_every_clause_with_a_span_has_cases_here() -> None:
    told = {name for name, *_ in DUE.values()}

    assert {clause.name for clause in AGREEMENT.clauses} - told == {*AGREEMENT.unset, "off_hours"}


@pytest.mark.parametrize("name", ["aftersales.response", "aftersales.solution"])
def test_aftersales_has_no_span_until_annex_1_is_supplied(name: str) -> None:
    assert name in AGREEMENT.unset
    with pytest.raises(SpanUnset, match="annex 1"):
        AGREEMENT.due(name, china("2026-11-23T10:00"))


def test_off_hours_promises_no_span() -> None:
    with pytest.raises(SpanUnset, match="off_hours has no span"):
        AGREEMENT.due("off_hours", china("2026-11-23T10:00"))


@pytest.mark.parametrize("name", ["daily", "daily.respons", "", "aftersales.*"])
def test_a_clause_there_is_not_is_named_with_those_there_are(name: str) -> None:
    with pytest.raises(UnknownClause, match=r"daily\.response"):
        AGREEMENT.due(name, china("2026-11-23T10:00"))


@pytest.mark.parametrize(
    ("name", "effective", "announce_by"),
    [
        ("notice.upgrade", "2026-11-26T02:00", "2026-11-24T18:00"),
        ("notice.upgrade", "2026-10-12T00:00", "2026-10-09T18:00"),
        ("notice.upgrade", "2026-10-03T10:00", "2026-09-29T18:00"),
        ("notice.upgrade", "2027-01-04T09:00", "2026-12-30T18:00"),
        ("notice.personnel", "2026-11-30T23:59", "2026-11-23T18:00"),
        ("notice.personnel", "2026-10-12T09:00", "2026-09-29T18:00"),
    ],
)
def test_a_lead_is_met_by_announcing_before_business_closes(
    name: str, effective: str, announce_by: str
) -> None:
    answer = AGREEMENT.announce_by(name, china(effective))

    assert (answer.effective, answer.announce_by) == (china(effective), china(announce_by))


def test_a_lead_explains_itself() -> None:
    assert AGREEMENT.announce_by("notice.upgrade", china("2026-10-12T00:00")).why == (
        "生效日 10-12（周一）不计",
        "周末 10-11 休息",
        "前 1 个工作日 10-10（周六，调休上班）",
        "前 2 个工作日 10-09（周五）18:00 前通知",
    )


def test_suspending_payment_service_asks_for_the_longer_lead() -> None:
    answer = AGREEMENT.announce_by("notice.upgrade", china("2026-11-30T02:00"), suspension=True)

    assert answer.announce_by == china("2026-11-23T18:00")


def test_a_clause_without_a_lead_says_so() -> None:
    with pytest.raises(SpanUnset, match="asks for no lead"):
        AGREEMENT.announce_by("daily.response", china("2026-11-30T02:00"))


@pytest.mark.parametrize(
    ("name", "at", "why"),
    [
        ("urgent.response", "2026-11-23T10:00", ("+1 分钟 自然时间，全天候计时",)),
        (
            "onboarding.result",
            "2026-11-28T15:00",
            (
                "周末 11-28 至 11-29 休息",
                "11-30（周一）09:00 收到，早于 12:00",
                "次工作日 12-01（周二）12:00 截止",
            ),
        ),
        (
            "onboarding.result",
            "2026-11-30T14:30",
            ("11-30（周一）14:30 收到，属 12:00 起收到", "次工作日 12-01（周二）18:00 截止"),
        ),
        ("survey", "2026-12-01T10:00", ("周末 12-20 休息", "顺延至下一个工作日", "12-21（周一）下班前截止")),
        (
            "training.coaching",
            "2026-01-31T10:00",
            ("自 01-31（周六）起 1 个月", "当月没有 31 日，取最后一天", "至 02-28（周六，调休上班）18:00 止"),
        ),
    ],
)
def test_a_due_moment_not_in_working_time_explains_itself_too(
    name: str, at: str, why: tuple[str, ...]
) -> None:
    assert AGREEMENT.due(name, china(at)).why == why


# Partners


@pytest.mark.parametrize(
    "overrides",
    [
        {"daily.response": {"span": "10m"}},
        {"daily.response": "10m"},
        {"daily": {"response": "10m"}},
        {"daily": {"response": {"span": "10m", "level": 3}}, "survey": {"day": 25}},
    ],
)
def test_a_partner_may_override_a_clause(overrides: dict[str, Any]) -> None:
    at = china("2026-11-23T10:00")

    assert AGREEMENT.due("daily.response", at, overrides).due == at + timedelta(minutes=10)
    assert AGREEMENT.due("daily.solution", at, overrides).due == at + timedelta(minutes=20)
    assert AGREEMENT.clause("daily.response").span == Span.parse("5m")


def test_a_partner_may_have_what_nobody_else_has() -> None:
    clause = AGREEMENT.clause("aftersales.response", {"aftersales": {"response": "4h"}})

    due = AGREEMENT.due_of(clause, china("2026-11-23T16:00"))

    assert due.due == china("2026-11-24T11:00")


def test_a_pause_moves_what_may_be_paused() -> None:
    pauses = [(china("2026-11-23T10:10"), china("2026-11-23T10:40"))]

    due = AGREEMENT.due_of(AGREEMENT.clause("daily.solution"), china("2026-11-23T10:00"), pauses)

    assert due.due == china("2026-11-23T10:50")


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"daily.respons": "10m"}, "unknown clause 'daily.respons'"),
        ({"weekly": {"response": "10m"}}, "unknown clause 'weekly.response'"),
        ({"daily.response": "10x"}, "'10x' is not a span"),
        ({"daily.response": "0m"}, "'0m' is not a span"),
        ({"daily.response": "1d"}, 'working days need counted = "days"'),
        ({"complaint.reply": "3h"}, "3h does not go with counted = 'days'"),
        ({"daily.response": {"spam": "10m"}}, "unknown key 'spam'"),
        ({"daily.response": 10}, "must be a table"),
        ({"daily": 10}, "must be a table"),
        ({"daily.response": {"span": 10}}, "10 is not a span"),
        ({"daily.response": {"level": 4}}, "4 is out of range"),
        ({"daily.response": {"level": True}}, "True is out of range"),
        ({"daily.response": {"owes": "them"}}, "unknown value 'them'"),
        ({"daily.response": {"counted": "hours"}}, "unknown value 'hours'"),
        ({"daily.response": {"deemed": "loved"}}, "unknown value 'loved'"),
        ({"daily.response": {"pausable": 1}}, "neither true nor false"),
        ({"daily.response": {"text": ""}}, "is not a line of text"),
        ({"daily.response": {"cutoffs": [{"before": "24:00", "due": "18:00"}]}}, "does not go with counted"),
        ({"notice.upgrade": {"lead": "48h"}}, "not a number of working days"),
        ({"survey": {"day": 31}}, "31 is out of range"),
        ({"survey": {"months": 1}}, "one of day and months"),
        ({"survey": {"every_months": [3, 1]}}, "ends before it begins"),
        ({"survey": {"every_months": 3}}, "is not a pair"),
        ({"off_hours": {"policy": "never"}}, "unknown value 'never'"),
        ({"onboarding.result": {"cutoffs": []}}, "not a list of rows"),
        ({"onboarding.result": {"cutoffs": [{"before": "12:00", "due": "12:00"}]}}, "reach 24:00"),
        ({"onboarding.result": {"cutoffs": [{"before": "24:00", "due": "noon"}]}}, "not a time of day"),
        ({"onboarding.result": {"cutoffs": [{"until": "24:00"}]}}, "unknown key 'until'"),
        ({"aftersales.repair": "4h"}, "aftersales.repair: text: is missing"),
    ],
)
def test_an_override_that_cannot_be_meant_is_refused(overrides: dict[str, Any], said: str) -> None:
    name = next(iter(overrides))
    name = name if "." in name or name in ("survey", "off_hours") else f"{name}.response"

    with pytest.raises(FileError) as caught:
        AGREEMENT.clause(name, overrides)

    assert said in str(caught.value)


@pytest.mark.parametrize("clause", AGREEMENT.clauses, ids=lambda clause: clause.name)
def test_a_frozen_clause_comes_back_as_it_was(clause: Clause) -> None:
    stored = json.dumps(clause.frozen(), ensure_ascii=False)

    assert Clause.thaw(json.loads(stored)) == clause


def test_what_was_never_frozen_is_refused() -> None:
    with pytest.raises(FileError, match="frozen clause daily"):
        Clause.thaw({"name": "daily.response", "span": "5m"})


# The source


def test_silence_is_deemed_only_where_a_clause_says_so() -> None:
    deemed = {
        clause.name: (clause.deemed, clause.consequence) for clause in AGREEMENT.clauses if clause.deemed
    }

    assert deemed == {
        "notice.upgrade": ("received", "partner"),
        "notice.faq_update": ("confirmed", "us"),
        "notice.personnel": ("accepted", "partner"),
        "notice.annex": ("agreed", "partner"),
        "goods.objection": ("accepted", "partner"),
    }


def test_misses_reach_the_levels_of_the_agreement() -> None:
    levels = {
        clause.name: clause.level for clause in AGREEMENT.clauses if clause.owes == "us" and clause.level
    }

    assert levels == {
        "daily.response": 2,
        "daily.solution": 3,
        "urgent.response": 2,
        "urgent.solution": 3,
        "integration.decision": 3,
        "onboarding.result": 2,
        "aftersales.response": 2,
        "aftersales.solution": 2,
        "complaint.reply": 3,
        "personnel.confirm": 3,
    }


def test_every_clause_names_its_section_of_the_source() -> None:
    assert all(clause.source and clause.text for clause in AGREEMENT.clauses)


def test_an_urgent_order_is_paged_each_minute_for_twenty_then_every_five() -> None:
    ladder = AGREEMENT.ladder

    spans = (ladder.page_every, ladder.page_for, ladder.page_then, ladder.level2, ladder.level3, ladder.warn)
    assert [str(span) for span in spans] == ["1m", "20m", "5m", "1m", "2m", "15m"]


@pytest.mark.parametrize(
    ("kind", "topic", "role"),
    [
        ("daily", None, "tech"),
        ("urgent", "终端", "tech"),
        ("integration", None, "tech"),
        ("daily", "对账", "middle_office"),
        ("daily", "订货", "middle_office"),
        ("urgent", "开票", "middle_office"),
        ("daily", "录入", "middle_office"),
        ("onboarding", "录入", "review"),
        ("aftersales", None, "aftersales"),
        ("complaint", "对账", "cs_lead"),
    ],
)
def test_a_route_leads_to_a_role(kind: str, topic: str | None, role: str) -> None:
    assert AGREEMENT.route(kind, topic) == role
    assert role in ROLES


# Off hours


@pytest.mark.parametrize("kind", KINDS)
def test_in_working_time_anything_is_opened(kind: str) -> None:
    at = china("2026-11-23T10:00")

    opening = AGREEMENT.accepts_now(kind, at)

    assert (bool(opening), opening.at, opening.sentence) == (True, at, "")


@pytest.mark.parametrize("at", ["2026-11-23T20:00", "2026-11-28T10:00", "2026-10-01T00:00"])
def test_urgent_work_is_opened_at_any_hour(at: str) -> None:
    opening = AGREEMENT.accepts_now("urgent", china(at))

    assert (opening.now, opening.at, opening.sentence) == (True, china(at), "")


@pytest.mark.parametrize(
    ("at", "opens", "sentence"),
    [
        (
            "2026-11-23T20:00",
            "2026-11-24T09:00",
            "现在是非工作时间（工作日 09:00–18:00），11-24（周二）09:00 开始服务。",
        ),
        (
            "2026-11-23T07:00",
            "2026-11-23T09:00",
            "现在是非工作时间（工作日 09:00–18:00），今天 09:00 开始服务。",
        ),
        (
            "2026-10-09T19:00",
            "2026-10-10T09:00",
            "现在是非工作时间（工作日 09:00–18:00），10-10（周六，调休上班）09:00 开始服务。",
        ),
        (
            "2026-10-03T12:00",
            "2026-10-08T09:00",
            "今天是国庆假期（工作日 09:00–18:00），10-08（周四）09:00 开始服务。",
        ),
        (
            "2026-12-31T18:00",
            "2027-01-04T09:00",
            "现在是非工作时间（工作日 09:00–18:00），2027-01-04（周一）09:00 开始服务。",
        ),
    ],
)
def test_outside_hours_other_work_waits_and_the_reporter_is_told_until_when(
    at: str, opens: str, sentence: str
) -> None:
    opening = AGREEMENT.accepts_now("daily", china(at))

    assert (opening.now, opening.at, opening.sentence) == (False, china(opens), sentence)


def test_by_the_source_alone_an_evening_order_opens_and_a_rest_days_waits() -> None:
    by_the_source = {"off_hours": {"policy": "rest_days"}}

    evening = AGREEMENT.accepts_now("daily", china("2026-11-23T20:00"), by_the_source)
    rest_day = AGREEMENT.accepts_now("daily", china("2026-11-28T10:00"), by_the_source)

    assert (evening.now, evening.at) == (True, china("2026-11-24T09:00"))
    assert (rest_day.now, rest_day.at) == (False, china("2026-11-30T09:00"))


# An operator's own file


def own(tmp_path: Path, text: str) -> Agreement:
    path = tmp_path / "agreement.toml"
    path.write_text(text, encoding="utf-8")
    return Agreement.load(path)


def test_an_operators_file_says_only_what_differs(tmp_path: Path) -> None:
    agreement = own(
        tmp_path,
        """
        [clause.aftersales]
        response = "4h"
        repair = { text = "5 个工作日内寄回", source = "附件 1", counted = "days", span = "5d", level = 3 }
        [clause.off_hours]
        policy = "rest_days"
        [ladder]
        level3 = "5m"
        [routes.topics]
        "刷机" = "aftersales"
        """,
    )

    at = china("2026-11-23T10:00")
    assert agreement.due("aftersales.response", at).due == china("2026-11-23T14:00")
    assert agreement.due("aftersales.repair", at).due == china("2026-11-30T18:00")
    assert agreement.due("daily.response", at).due == china("2026-11-23T10:05")
    assert agreement.unset == ("aftersales.solution",)
    assert agreement.closed_hours == "rest_days"
    assert (str(agreement.ladder.level2), str(agreement.ladder.level3)) == ("1m", "5m")
    assert (agreement.route("daily", "刷机"), agreement.route("daily", "对账")) == (
        "aftersales",
        "middle_office",
    )


def test_a_calendar_of_an_operator_takes_the_shipped_ones_place(tmp_path: Path) -> None:
    agreement = own(tmp_path, '[calendar.hours]\nsat = ["10:00-12:00"]\n')

    assert agreement.due("daily.response", china("2026-10-03T08:00")).due == china("2026-10-03T10:05")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[clauses.daily]\nresponse = "10m"', "unknown key 'clauses'"),
        ('[clause.daily]\nrespons = "10m"', "unknown clause 'daily.respons'"),
        ("clause = 3", "must be a table"),
        ('[routes.kinds]\nonboarding = "boss"', "unknown value 'boss'"),
        ('[routes.kinds]\nparty = "tech"', "unknown key 'party'"),
        ('[routes]\ntopics = "tech"', "topics: must be a table"),
        ("[routes]\ndefault = 3", "unknown value 3"),
        ('[ladder]\nlevel4 = "9m"', "unknown key 'level4'"),
        ('[ladder]\nlevel3 = "30s"', "comes before level2"),
        ('[ladder]\nwarn = "1d"', "knows no working days"),
        ("[calendar]\nchina = true", "no working time at all"),
        ('[calendar.hours]\nmon = ["18:00-09:00"]', "calendar: hours.mon"),
    ],
)
def test_an_operators_file_that_cannot_be_meant_is_refused_by_name(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(FileError) as caught:
        own(tmp_path, text)

    assert said in str(caught.value)
    assert "agreement.toml" in caught.value.where


def test_corrections_lie_over_the_agreements_calendar(tmp_path: Path) -> None:
    corrections = tmp_path / "holidays.toml"
    corrections.write_text('closed = ["2026-11-24"]', encoding="utf-8")

    agreement = Agreement.load(holidays_path=corrections)

    assert agreement.due("daily.response", china("2026-11-23T17:58")).due == china("2026-11-25T09:03")
    assert agreement.calendar.fingerprint != AGREEMENT.calendar.fingerprint
