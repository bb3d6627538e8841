"""What people do to an order that is there: the verbs of the life table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from workorders.directory.people import Partner, Person, Role
from workorders.errors import Incomplete
from workorders.orders import generations, verbs
from workorders.orders.errors import AlreadySo, OtherPartner, WrongKind, WrongState
from workorders.orders.intake import Asked
from workorders.orders.kinds import FAULTS, Kind, Rejection
from workorders.orders.opening import Opening
from workorders.orders.order import LIFE, Event, Verb, WorkOrder
from workorders.orders.standing import is_reporter


@dataclass(frozen=True)
class Acting(Opening):
    """The verbs of the life table. What each does, and what it refuses, is its function in ``verbs``.

    All of them raise NoSuchOrder, WrongKind, WrongState and NotYours where the table has no such step.
    """

    def accept(self, number: int, by: Person) -> WorkOrder:
        """接单."""
        return self._do(number, Verb.ACCEPT, by, lambda o, at: verbs.accept(o, by.userid, at, self._calendar))

    def propose(self, number: int, by: Person, plan: str, completion: datetime, fee: str = "") -> WorkOrder:
        """给方案, with the moment (aware UTC) the work will be finished; of an integration, with its fee."""
        return self._do(
            number,
            Verb.PROPOSE,
            by,
            lambda o, at: verbs.propose(
                o,
                by.userid,
                at,
                self._calendar,
                plan=plan.strip(),
                completion=completion,
                fee=fee.strip(),
            ),
        )

    def solve(self, number: int, by: Person, note: str = "", improvement: str = "") -> WorkOrder:
        """解决; an onboarding 通过; a complaint with its result (``note``) and what will be done better."""
        return self._do(
            number,
            Verb.SOLVE,
            by,
            lambda o, at: verbs.solve(
                o, by.userid, at, self._calendar, note=note.strip(), improvement=improvement.strip()
            ),
        )

    def pause(self, number: int, by: Person, awaited: str) -> WorkOrder:
        """挂起, saying what is awaited."""
        return self._do(
            number,
            Verb.PAUSE,
            by,
            lambda o, at: verbs.pause(o, by.userid, at, self._calendar, awaited=awaited.strip()),
        )

    def resume(self, number: int, by: Person, said: str = "") -> WorkOrder:
        """恢复."""
        return self._do(
            number,
            Verb.RESUME,
            by,
            lambda o, at: verbs.resume(o, by.userid, at, self._calendar, said=said),
        )

    def hand_over(self, number: int, by: Person, to: Person, *, note: str = "") -> WorkOrder:
        """转交 to a colleague, or 接手 when ``to`` is ``by``; with a note for our own people, if any.

        Raises:
            Incomplete: ``to`` is nobody who works orders.
        """

        def act(order: WorkOrder, at: datetime) -> Event:
            if not to.works_orders:
                raise Incomplete("person", to.name)
            return verbs.hand_over(order, by.userid, at, to=to.userid, note=note)

        return self._do(number, Verb.HAND_OVER, by, act, to_self=to.userid == by.userid)

    def reroute(self, number: int, by: Person, role: Role) -> WorkOrder:
        """改派 to a role."""
        return self._do(
            number,
            Verb.REROUTE,
            by,
            lambda o, at: verbs.reroute(o, by.userid, at, self._calendar, role=role),
        )

    def upgrade(self, number: int, by: Person) -> WorkOrder:
        """转紧急."""
        return self._do(
            number, Verb.UPGRADE, by, lambda o, at: generations.upgrade(o, by.userid, at, self._calendar)
        )

    def downgrade(self, number: int, by: Person, reason: str) -> WorkOrder:
        """转日常, with a reason."""
        return self._do(
            number,
            Verb.DOWNGRADE,
            by,
            lambda o, at: generations.downgrade(o, by.userid, at, self._calendar, reason=reason.strip()),
        )

    def decline(self, number: int, by: Person, reason: str, code: Rejection | None = None) -> WorkOrder:
        """退回, with a reason; an onboarding 驳回, with a code and how to mend it."""
        return self._do(
            number,
            Verb.DECLINE,
            by,
            lambda o, at: verbs.decline(o, by.userid, at, self._calendar, reason=reason.strip(), code=code),
        )

    def cancel(self, number: int, by: Person) -> WorkOrder:
        """撤回."""
        return self._do(number, Verb.CANCEL, by, lambda o, at: verbs.cancel(o, by.userid, at, self._calendar))

    def urge(self, number: int, by: Person) -> WorkOrder:
        """催单."""
        return self._do(number, Verb.URGE, by, lambda o, at: verbs.urge(o, by.userid, at))

    def reopen(self, number: int, by: Person, said: str = "") -> WorkOrder:
        """重开 within seven days of its end; later a new order that follows it is opened instead."""
        order, now = self._begin(number, Verb.REOPEN, by)
        if now > order.state_at + verbs.REOPEN_WITHIN:
            asked = Asked(
                kind=order.kind,
                topic=order.topic,
                partner=order.partner,
                reporter=order.reporter,
                chat=order.chat,
                text=said or order.text,
                form=order.form,
                from_us=order.from_us,
                follows=number,
            )
            return self._opened(by.userid, now, asked)
        return self._act(order, now, lambda o, at: verbs.reopen(o, by.userid, at, self._calendar, said=said))

    def close(self, number: int, by: Person, note: str = "") -> WorkOrder:
        """关闭: the reporter may; the desk only with a note.

        Raises:
            Incomplete: the desk gave no note.
        """
        order, now = self._begin(number, Verb.CLOSE, by)
        if not is_reporter(order, by) and not note.strip():
            raise Incomplete("reason")
        return self._act(order, now, lambda o, at: verbs.close(o, by.userid, at, note=note.strip()))

    def assign(self, number: int, by: Person, partner: Partner) -> WorkOrder:
        """归属 to a partner."""
        return self._do(
            number,
            Verb.ASSIGN,
            by,
            lambda o, at: verbs.assign(o, by.userid, at, partner=partner.id, name=partner.name),
        )

    def assign_from(self, chat: str, by: Person, partner: Partner) -> list[int]:
        """归属 whatever was reported in a group before anybody knew whose it is; their numbers, in order."""
        waiting = sorted(o.number for o in self.orders.live() if o.chat == chat and o.partner is None)
        for number in waiting:
            self.assign(number, by, partner)
        return waiting

    def explain(self, number: int, by: Person, reason: str) -> WorkOrder:
        """超时原因, for whoever reads the figures."""
        return self._do(
            number, Verb.EXPLAIN, by, lambda o, at: verbs.explain(o, by.userid, at, reason=reason.strip())
        )

    def change_kind(
        self, number: int, by: Person, kind: Kind, form: Mapping[str, str] | None = None
    ) -> WorkOrder:
        """改类, with the fields the new kind asks for.

        Raises:
            BadForm: fields are missing or impossible.
        """

        def act(order: WorkOrder, at: datetime) -> Event:
            role = Role(self.agreement.route(kind, order.topic))
            fields = {} if kind is order.kind else self._checked(kind, form or {}, at)
            return generations.change_kind(
                order, by.userid, at, self._calendar, kind=kind, role=role, form=fields
            )

        return self._do(number, Verb.CHANGE_KIND, by, act)

    def merge(self, number: int, by: Person, into: int) -> WorkOrder:
        """并入 another live order of the same partner, whose reporters its reporter joins.

        Raises:
            NoSuchOrder: there is no order ``into``.
            WrongState: ``into`` is over.
            OtherPartner: they are not of one partner, or nobody knows of whom.
            WrongKind: an application or a complaint, and the other is of another kind.
        """
        if number == into:
            raise AlreadySo(number, Verb.MERGE)
        # Locked in order of number, so that two merges never wait for each other.
        for first in sorted((number, into)):
            self._locked(first, by)
        order, now = self._begin(number, Verb.MERGE, by)
        target, _ = self._locked(into, by)
        if target.state not in LIFE[Verb.MERGE].frm:
            raise WrongState(into, Verb.JOIN, target.state, target.state_by, target.state_at)
        if order.partner is None or order.partner != target.partner:
            raise OtherPartner(number, into)
        if order.kind is not target.kind and not {order.kind, target.kind} <= FAULTS:
            raise WrongKind(number, Verb.MERGE, order.kind)
        now = max(now, target.last_at)
        self._act(target, now, lambda o, at: verbs.join(o, by.userid, at, merged=order))
        return self._act(order, now, lambda o, at: verbs.merge(o, by.userid, at, self._calendar, into=into))

    def resubmit(
        self, number: int, by: Person, said: str = "", form: Mapping[str, str] | None = None
    ) -> WorkOrder:
        """重新提交 an integration or an onboarding that was declined.

        Args:
            said: what was corrected. ``form``: the fields that change, as typed.

        Raises:
            BadForm: a field is impossible.
        """

        def act(order: WorkOrder, at: datetime) -> Event:
            fields = order.form
            if form:
                kept = {name: str(value) for name, value in order.form.items()}
                fields = self._checked(order.kind, kept | dict(form), at)
            return generations.resubmit(order, by.userid, at, self._calendar, form=fields, said=said.strip())

        return self._do(number, Verb.RESUBMIT, by, act)

    def expedite(self, number: int, by: Person) -> WorkOrder:
        """加急 an onboarding."""
        return self._do(number, Verb.EXPEDITE, by, lambda o, at: verbs.expedite(o, by.userid, at))

    def suspend(self, number: int, by: Person, reason: str = "") -> WorkOrder:
        """提出暂停服务, by the complainant whose complaint was not replied to in time."""
        return self._do(
            number, Verb.SUSPEND, by, lambda o, at: verbs.suspend(o, by.userid, at, reason=reason.strip())
        )

    def message(self, number: int, by: Person, text: str) -> WorkOrder:
        """留言: words to the reporter, without a step of the order's life."""
        return self._do(
            number, Verb.MESSAGE, by, lambda o, at: verbs.message(o, by.userid, at, said=text.strip())
        )
