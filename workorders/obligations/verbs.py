"""What each verb does to an obligation, as the event it makes. Pure: who may do it is the desk's to judge.

Every function takes the obligation, settled up to ``at`` (the moment of our record, aware UTC).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from workorders.agreement.terms import Clause
from workorders.obligations.errors import BadField, NotPossible
from workorders.obligations.filing import FARTHEST
from workorders.obligations.matters import Coaching, Item, OurChange, Retraining, Slip, SlipForm, Survey
from workorders.obligations.obligation import Event, Obligation, State, Verb
from workorders.obligations.settle import finished


def object_to(o: Obligation, by: str, at: datetime, *, said: str, order: int, received_at: datetime) -> Event:
    """异议, in writing: the goods are not accepted, and a work order has been opened for it."""
    slip = replace(_slip(o), judged="objected", order=order)
    return o.happened(
        Verb.OBJECT,
        at,
        by,
        {"said": said, "order": order, "received": received_at.isoformat()},
        matter=slip,
        **_over(slip),
    )


def may_object(o: Obligation, said: str, received_at: datetime, at: datetime) -> None:
    """Refuse an objection that is none, comes late or is the second one.

    Raises:
        BadField: nothing was said, or ``received`` lies before the delivery or in the future.
        NotPossible: late, or already objected.
    """
    slip = _slip(o)
    if not said:
        raise BadField("text", "", "what is wrong with the goods")
    if not slip.delivered_at <= received_at <= at:
        raise BadField("received", received_at.isoformat(), "a moment between the delivery and now")
    if slip.judged == "objected":
        raise NotPossible(o.number, Verb.OBJECT, "already")
    if received_at > o.due:
        raise NotPossible(o.number, Verb.OBJECT, "late", o.due)


def receive(o: Obligation, by: str, at: datetime, *, form: SlipForm) -> Event:
    """收签收单: the desk has it. A photo does not do where the original is owed; the original always does.

    Raises:
        BadField: a photo, of goods whose slip must come as the original.
        NotPossible: it was received before.
    """
    slip = _slip(o)
    if slip.received_at:
        raise NotPossible(o.number, Verb.RECEIVE, "already", slip.received_at)
    if slip.form == "original" and form == "photo":
        raise BadField("form", "photo", "original: the goods are worth more than a photo is enough for")
    lifted = slip.withheld is not None
    slip = replace(slip, received_at=at, withheld=None)
    return o.happened(
        Verb.RECEIVE, at, by, {"form": form, "lifted": lifted}, matter=slip, reminders=(), **_over(slip)
    )


def withhold(o: Obligation, by: str, at: datetime, *, reason: str) -> Event:
    """停服: service is withheld while the slip is missing, with a reason.

    Raises:
        BadField: no reason. NotPossible: the slip is there, or service is withheld already.
    """
    slip = _slip(o)
    if slip.received_at:
        raise NotPossible(o.number, Verb.WITHHOLD, "over", slip.received_at)
    if slip.withheld is not None:
        raise NotPossible(o.number, Verb.WITHHOLD, "already")
    if not reason:
        raise BadField("reason", "", "why service is withheld")
    return o.happened(Verb.WITHHOLD, at, by, {"reason": reason}, matter=replace(slip, withheld=reason))


def lift(o: Obligation, by: str, at: datetime) -> Event:
    """恢复服务.

    Raises:
        NotPossible: service is not withheld.
    """
    slip = _slip(o)
    if slip.withheld is None:
        raise NotPossible(o.number, Verb.LIFT, "nothing")
    return o.happened(Verb.LIFT, at, by, {"reason": slip.withheld}, matter=replace(slip, withheld=None))


def retrain(
    o: Obligation, by: str, at: datetime, *, day: date, today: date, on_site: bool, note: str
) -> Event:
    """复训: one session, at the fee of the clause; travel is the partner's where we came to them.

    Raises:
        BadField: ``day`` is not within a year of today.
    """
    if abs(day - today) > FARTHEST:
        raise BadField("day", day.isoformat(), "a day within a year")
    coaching = _coaching(o)
    fee = Clause.thaw(o.clause).retraining_fee or 0
    session = Retraining(day, fee, on_site, note)
    facts = {"day": day.isoformat(), "fee": fee, "on_site": on_site, "note": note}
    sessions = (*coaching.sessions, session)
    return o.happened(Verb.RETRAIN, at, by, facts, matter=replace(coaching, sessions=sessions))


def answer(
    o: Obligation, by: str, at: datetime, *, scores: Mapping[Item, int], remark: str, by_mail: bool
) -> Event:
    """填写: a mark from 1 to 5 for every item, and perhaps a remark.

    Raises:
        BadField: a mark is missing, or none of 1 to 5.
    """
    for item in Item:
        mark = scores.get(item)
        if mark is None or not 1 <= mark <= 5:
            raise BadField(
                "scores", "" if mark is None else str(mark), f"1 to 5 for each of {', '.join(Item)}"
            )
    matter = replace(_survey(o), scores=dict(scores), remark=remark, by_mail=by_mail)
    facts = {"scores": {str(k): v for k, v in scores.items()}, "remark": remark}
    return o.happened(Verb.ANSWER, at, by, facts, matter=matter, state=State.DONE, reminders=())


def remark(o: Obligation, by: str, at: datetime, *, said: str) -> Event:
    """A remark after the marks, once.

    Raises:
        NotPossible: there is one already. BadField: nothing was said.
    """
    survey = _survey(o)
    if survey.remark:
        raise NotPossible(o.number, Verb.REMARK, "already")
    if not said:
        raise BadField("remark", "", "a remark")
    return o.happened(Verb.REMARK, at, by, {"remark": said}, matter=replace(survey, remark=said))


def confirm(o: Obligation, by: str, at: datetime) -> Event:
    """确认 a partner's change: the desk is told what to change once it takes effect."""
    return o.happened(Verb.CONFIRM, at, by, state=State.CONFIRMED)


def acknowledge(o: Obligation, by: str, at: datetime, *, partner: int) -> Event:
    """收到: a partner accepts our change.

    Raises:
        NotPossible: it did before, or is deemed to have.
    """
    ours = o.matter
    assert isinstance(ours, OurChange)
    receipt = ours.receipts[partner]
    if receipt.judged != "waiting":
        raise NotPossible(o.number, Verb.ACKNOWLEDGE, "already", receipt.at)
    ours = ours.judged(partner, "accepted", at, by)
    return o.happened(Verb.ACKNOWLEDGE, at, by, {"partner": partner}, matter=ours, **finished(ours, at))


def cancel(o: Obligation, by: str, at: datetime, *, reason: str) -> Event:
    """作废, with a reason: it was filed by mistake, or nobody needs it any more.

    Raises:
        BadField: no reason.
    """
    if not reason:
        raise BadField("reason", "", "why it is void")
    return o.happened(Verb.CANCEL, at, by, {"reason": reason}, state=State.CANCELLED, reminders=())


def _over(slip: Slip) -> dict[str, Any]:
    """A delivery is over once its goods were judged and its slip is there."""
    over = slip.judged != "waiting" and slip.received_at is not None
    return {"state": State.DONE} if over else {}


def _slip(o: Obligation) -> Slip:
    assert isinstance(o.matter, Slip)
    return o.matter


def _coaching(o: Obligation) -> Coaching:
    assert isinstance(o.matter, Coaching)
    return o.matter


def _survey(o: Obligation) -> Survey:
    assert isinstance(o.matter, Survey)
    return o.matter
