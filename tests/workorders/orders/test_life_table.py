"""The life of a work order, row by row: who may do what from where, and where it leads (design §3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from tests.workorders.orders.stage import Stage, local, minute
from tests.workorders.orders.stage import stage as a_stage
from workorders.directory.people import Role
from workorders.orders.errors import AlreadySo, NoSuchOrder, NotYours, WrongKind, WrongState
from workorders.orders.kinds import Kind, Rejection
from workorders.orders.order import LIFE, State, Verb, WorkOrder

EVENING = local("2026-11-23 20:00")

DEVICE = {"device": "T1", "serial": "SN-1"}

#: What each verb asks for, done by that person to that order.
DO: dict[str, Callable[[Stage, int, str], WorkOrder]] = {
    "accept": lambda s, n, by: s.desk().accept(n, s.person(by)),
    "propose": lambda s, n, by: s.desk().propose(n, s.person(by), "更换机具", s.now + timedelta(hours=2)),
    "solve": lambda s, n, by: s.desk().solve(n, s.person(by)),
    "pause": lambda s, n, by: s.desk().pause(n, s.person(by), "商户号"),
    "resume": lambda s, n, by: s.desk().resume(n, s.person(by)),
    "hand over": lambda s, n, by: s.desk().hand_over(n, s.person(by), s.person("xiaozhong")),
    "take over": lambda s, n, by: s.desk().hand_over(n, s.person(by), s.person(by)),
    "reroute": lambda s, n, by: s.desk().reroute(n, s.person(by), Role.MIDDLE_OFFICE),
    "upgrade": lambda s, n, by: s.desk().upgrade(n, s.person(by)),
    "downgrade": lambda s, n, by: s.desk().downgrade(n, s.person(by), "不影响收款"),
    "decline": lambda s, n, by: s.desk().decline(n, s.person(by), "不属于服务范围"),
    "cancel": lambda s, n, by: s.desk().cancel(n, s.person(by)),
    "urge": lambda s, n, by: s.desk().urge(n, s.person(by)),
    "message": lambda s, n, by: s.desk().message(n, s.person(by), "厂家明早到场"),
    "reopen": lambda s, n, by: s.desk().reopen(n, s.person(by)),
    "close": lambda s, n, by: s.desk().close(n, s.person(by), "已电话确认"),
    "change kind": lambda s, n, by: s.desk().change_kind(n, s.person(by), Kind.AFTERSALES, DEVICE),
    "merge": lambda s, n, by: s.desk().merge(n, s.person(by), another(s, n)),
    "resubmit": lambda s, n, by: s.desk().resubmit(n, s.person(by), "已补营业执照"),
    "expedite": lambda s, n, by: s.desk().expedite(n, s.person(by)),
    "suspend": lambda s, n, by: s.desk().suspend(n, s.person(by)),
    "assign": lambda s, n, by: s.desk().assign(n, s.person(by), s.person("xiaosun").partner),  # type: ignore[arg-type]
}

P, O, A, H, S, C, D, X, M = (  # noqa: E741  (a table is read by its columns)
    State.PARKED,
    State.OPEN,
    State.ACCEPTED,
    State.PAUSED,
    State.SOLVED,
    State.CLOSED,
    State.DECLINED,
    State.CANCELLED,
    State.MERGED,
)

#: The table itself: from → to, and who.
TABLE: dict[str, tuple[dict[State, State], frozenset[str]]] = {
    "accept": ({O: A}, frozenset({"desk"})),
    "propose": ({O: A, A: A, H: H}, frozenset({"owner", "desk if open"})),
    "solve": ({O: S, A: S, H: S}, frozenset({"owner", "desk if open"})),
    "pause": ({A: H}, frozenset({"owner"})),
    "resume": ({H: A}, frozenset({"owner", "reporter"})),
    "hand over": ({O: O, A: A, H: H}, frozenset({"owner", "supervisor"})),
    "take over": ({O: O, A: A, H: H}, frozenset({"desk"})),
    "reroute": ({O: O, A: O, H: O}, frozenset({"desk"})),
    "upgrade": ({P: O, O: O, A: A, H: A}, frozenset({"reporter", "desk"})),
    "downgrade": ({O: O, A: A}, frozenset({"desk"})),
    "decline": ({P: D, O: D, A: D, H: D}, frozenset({"desk"})),
    "cancel": ({P: X, O: X, A: X, H: X}, frozenset({"reporter"})),
    "urge": ({O: O, A: A, H: H}, frozenset({"reporter"})),
    "reopen": ({S: A, C: A, D: A}, frozenset({"reporter", "desk"})),
    "close": ({S: C}, frozenset({"reporter", "desk"})),
    "assign": ({s: s for s in State if s is not M}, frozenset({"desk"})),
    "message": ({s: s for s in State if s is not M}, frozenset({"desk"})),
    "change kind": ({O: O, A: O, H: O}, frozenset({"desk"})),
    "merge": ({O: M, A: M, H: M}, frozenset({"desk"})),
    "resubmit": ({D: O}, frozenset({"reporter"})),
    "expedite": ({O: O, A: A}, frozenset({"reporter"})),
    "suspend": ({O: O, A: A, H: H, S: S, C: C, D: D}, frozenset({"reporter"})),
}

VERBS = {name: Verb(name.replace(" ", "_").replace("take_over", "hand_over")) for name in TABLE}

#: How each kind of person stands to an order of 小王's that 老李 has taken, in the table's words.
STANDS: dict[str, frozenset[str]] = {
    "xiaowang": frozenset({"reporter"}),
    "xiaozhao": frozenset({"reporter"}),  # a colleague of the reporter
    "laoli": frozenset({"owner", "desk"}),
    "xiaochen": frozenset({"desk"}),
    "qian": frozenset({"desk", "supervisor"}),
    "xiaohe": frozenset(),  # the hotline sees every order and works none
}
STRANGERS = ("xiaosun", "nobody")  # of another partner; in nobody's directory


def brought_to(stage: Stage, state: State, kind: Kind) -> int:
    """An order of 小王's in that state; wherever it was ever taken, 老李 owns it."""
    if state is P:
        stage.now = EVENING
        return stage.open(Kind.DAILY)
    number = stage.open(kind, form=FORMS.get(kind))
    if state is M:
        DO["merge"](stage, number, "laoli")
        return number
    if kind is Kind.COMPLAINT:
        stage.later(timedelta(days=8))  # its reply is overdue, and a suspension may be proposed
    if state in (O, X):
        return DO["cancel"](stage, number, "xiaowang").number if state is X else number
    DO["accept"](stage, number, "laoli")
    match state:
        case State.PAUSED:
            DO["pause"](stage, number, "laoli")
        case State.SOLVED:
            solved(stage, number)
        case State.CLOSED:
            solved(stage, number)
            DO["close"](stage, number, "xiaowang")
        case State.DECLINED:
            stage.desk().decline(number, stage.person("laoli"), "不符合", Rejection.LICENSE)
    return number


def another(stage: Stage, number: int) -> int:
    """One more order of the same kind and partner."""
    kind = stage.order(number).kind
    return stage.open(kind, form=FORMS.get(kind))


def solved(stage: Stage, number: int) -> None:
    stage.desk().solve(number, stage.person("laoli"), "已处理", "每周回访")


#: The kind of order a verb is of, where not daily.
OF: dict[str, Kind] = {
    "downgrade": Kind.URGENT,
    "resubmit": Kind.ONBOARDING,
    "expedite": Kind.ONBOARDING,
    "suspend": Kind.COMPLAINT,
}
FORMS: dict[Kind, dict[str, str]] = {
    Kind.ONBOARDING: {"merchant": "张记面馆", "category": "餐饮"},
    Kind.COMPLAINT: {"role": "tech"},
}


def allowed(verb: str, who: str, state: State) -> bool:
    stands = STANDS[who] - ({"owner"} if state in (P, O, X) else set())
    if state is O and "desk" in stands:
        stands |= {"desk if open"}
    return bool(stands & TABLE[verb][1])


@pytest.fixture(scope="module")
def shared() -> Iterator[Stage]:
    """One stage for the whole table; every case is rolled back."""
    with a_stage() as made:
        yield made


@pytest.mark.parametrize("state", State, ids=str)
@pytest.mark.parametrize("verb", TABLE)
def test_a_verb_is_done_from_its_states_by_its_people_and_by_nobody_else(
    shared: Stage, verb: str, state: State
) -> None:
    steps, _ = TABLE[verb]
    # An urgent order cannot be paused, and only a daily one is parked here.
    kind = OF.get(verb, Kind.DAILY)
    if (state is H and kind is Kind.URGENT) or state is P:
        kind = Kind.DAILY
    with shared.conn.begin_nested() as all_of_it:
        shared.now = local("2026-11-23 10:00")
        number = brought_to(shared, state, kind)
        shared.later(minute)
        assert shared.order(number).state is state
        for who in (*STANDS, *STRANGERS):
            with shared.conn.begin_nested() as case:
                before = shared.order(number)
                if who in STRANGERS:
                    with pytest.raises(NoSuchOrder):
                        DO[verb](shared, number, who)
                elif kind not in LIFE[VERBS[verb]].kinds:
                    with pytest.raises(WrongKind):
                        DO[verb](shared, number, who)
                elif state not in steps:
                    with pytest.raises(WrongState) as stale:
                        DO[verb](shared, number, who)
                    assert (stale.value.by, stale.value.at) == (before.state_by, before.state_at)
                elif not allowed(verb, who, state):
                    with pytest.raises(NotYours) as refused:
                        DO[verb](shared, number, who)
                    assert refused.value.owner == before.owner
                elif verb == "take over" and before.owner == who:
                    with pytest.raises(AlreadySo):
                        DO[verb](shared, number, who)
                else:
                    done = DO[verb](shared, number, who)
                    assert done.state is steps[state], who
                    assert shared.order(number) == done
                case.rollback()
        all_of_it.rollback()


def test_an_order_declined_before_anybody_took_it_is_reopened_open_and_any_other_by_its_owner(
    stage: Stage,
) -> None:
    untouched, taken = stage.open(), stage.open()
    DO["decline"](stage, untouched, "xiaochen")
    DO["accept"](stage, taken, "laoli")
    DO["decline"](stage, taken, "xiaochen")
    assert (stage.order(taken).owner, DO["reopen"](stage, taken, "xiaowang").state) == ("laoli", A)
    assert (stage.order(untouched).owner, DO["reopen"](stage, untouched, "xiaowang").state) == (None, O)
