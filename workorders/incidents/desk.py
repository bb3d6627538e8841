"""The use cases of incidents: 我们已知道. Everything joins the caller's unit and nothing commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from workorders.directory.people import Directory, Person
from workorders.errors import Incomplete
from workorders.incidents.errors import NoSuchIncident
from workorders.incidents.incident import Event, Incident, State, Verb, decide
from workorders.letters import Letter
from workorders.orders.errors import NotYours, WrongState
from workorders.orders.order import WorkOrder
from workorders.ports import LetterBox, Now, OrderStore

#: Orders one incident may label.
MOST = 500


class IncidentStore(Protocol):
    """Incidents and their events."""

    def begin(self, event: Event) -> Incident:
        """A new incident made by its first event, numbered from 1; :meth:`record` must follow."""

    def lock(self, number: int) -> Incident | None:
        """The incident, its row locked until the unit ends; None where there is none."""

    def record(self, incident: Incident, events: Sequence[Event]) -> None:
        """Append the events and keep ``incident`` as the snapshot they make."""

    def labelled(self, orders: Sequence[int]) -> dict[int, int]:
        """Which of these orders are under an incident that is not over: order to incident."""


@dataclass(frozen=True)
class IncidentDesk:
    """Incidents, as a door sees them.

    Args:
        incidents, orders, letters, directory: joined to the caller's unit of work.
        now: reads desk time (aware UTC), after the lock.
    """

    incidents: IncidentStore
    orders: OrderStore
    letters: LetterBox
    directory: Directory
    now: Now

    def open(self, title: str, orders: Sequence[int], next_word_at: datetime, by: Person) -> Incident:
        """Label those orders, and tell each of their reporters once.

        Orders that are over, or under another incident already, are left as they are.

        Args:
            title: what is wrong, masked already; every partner concerned reads it.
            next_word_at: by when the next word will be said (aware UTC).

        Raises:
            Incomplete: no title, no such moment ahead, or none of the orders can be labelled.
            NotYours: ``by`` does not work orders.
        """
        now = self.now()
        _judge(by)
        if not title.strip():
            raise Incomplete("text")
        if next_word_at <= now:
            raise Incomplete("moment")
        taken = self._free(orders)
        if not taken:
            raise Incomplete("orders")
        numbers = tuple(order.number for order in taken)
        change = {
            "title": title.strip(),
            "maker": by.userid,
            "state": State.OPEN,
            "opened_at": now,
            "orders": numbers,
            "next_word_at": next_word_at,
        }
        event = Event(1, Verb.OPEN, now, by.userid, {"orders": list(numbers)}, change)
        incident = self.incidents.begin(event)
        return self._recorded(incident, event, taken, begun=True)

    def add(self, number: int, orders: Sequence[int], by: Person) -> Incident:
        """Label more orders; their reporters are told, those who know already are not.

        Raises:
            NoSuchIncident, NotYours, WrongState: as they say. Incomplete: none of the orders can be labelled.
        """
        incident, now = self._begin(number, Verb.ADD, by)
        taken = self._free(orders)[: MOST - len(incident.orders)]
        if not taken:
            raise Incomplete("orders")
        numbers = tuple(order.number for order in taken)
        event = incident.happened(
            Verb.ADD, now, by.userid, {"orders": list(numbers)}, orders=(*incident.orders, *numbers)
        )
        return self._recorded(incident, event, taken)

    def word(self, number: int, words: str, next_word_at: datetime, by: Person) -> Incident:
        """Say how far it is, and by when more will be said; whoever says it owes the next word.

        Raises:
            NoSuchIncident, NotYours, WrongState: as they say. Incomplete: no words, or no moment ahead.
        """
        incident, now = self._begin(number, Verb.WORD, by)
        if not words.strip():
            raise Incomplete("text")
        if next_word_at <= now:
            raise Incomplete("moment")
        event = incident.happened(
            Verb.WORD,
            now,
            by.userid,
            {"words": words.strip()},
            next_word_at=next_word_at,
            words=incident.words + 1,
            maker=by.userid,
        )
        return self._recorded(incident, event, self._of(incident))

    def end(self, number: int, words: str, by: Person) -> Incident:
        """恢复: said to everybody; its orders go on, each to its own end.

        Raises:
            NoSuchIncident, NotYours, WrongState: as they say. Incomplete: no words.
        """
        incident, now = self._begin(number, Verb.END, by)
        if not words.strip():
            raise Incomplete("text")
        event = incident.happened(
            Verb.END,
            now,
            by.userid,
            {"words": words.strip()},
            state=State.OVER,
            next_word_at=None,
            ended_at=now,
        )
        return self._recorded(incident, event, self._of(incident))

    def settle(self, number: int) -> Incident | None:
        """Bring one incident up to the present, for the sweep; None where there is none."""
        incident = self.incidents.lock(number)
        if incident is None:
            return None
        event = decide(incident, max(self.now(), incident.last_at))
        if event is None:
            self.incidents.record(incident, [])
            return incident
        return self._recorded(incident, event, ())

    def _begin(self, number: int, verb: Verb, by: Person) -> tuple[Incident, datetime]:
        incident = self.incidents.lock(number)
        if incident is None:
            raise NoSuchIncident(number)
        _judge(by)
        if incident.state is not State.OPEN:
            raise WrongState(number, verb, incident.state, None, incident.ended_at or incident.last_at)
        return incident, max(self.now(), incident.last_at)

    def _free(self, numbers: Sequence[int]) -> list[WorkOrder]:
        wanted = sorted(set(numbers))[:MOST]
        # Locked, so that two people at once do not label one order twice.
        found = [self.orders.lock(number) for number in wanted]
        labelled = self.incidents.labelled(wanted)
        return [order for order in found if order and order.live and order.number not in labelled]

    def _of(self, incident: Incident) -> list[WorkOrder]:
        """Its orders that somebody still waits for."""
        found = [self.orders.read(number) for number in incident.orders]
        return [order for order in found if order is not None and order.live]

    def _recorded(
        self, incident: Incident, event: Event, orders: Sequence[WorkOrder], *, begun: bool = False
    ) -> Incident:
        after = incident if begun else incident.after(event)
        self.incidents.record(after, [event])
        for letter in _letters(after, event, orders, self.directory):
            self.letters.post(letter)
        return after


def _judge(by: Person) -> None:
    if not by.works_orders:
        raise NotYours(0, "incident")


def _letters(
    incident: Incident, event: Event, orders: Sequence[WorkOrder], directory: Directory
) -> list[Letter]:
    facts: dict[str, Any] = {
        "incident": incident.number,
        "title": incident.title,
        "words": event.facts.get("words", ""),
        "next": incident.next_word_at.isoformat() if incident.next_word_at else None,
        "maker": directory.person(incident.maker).name,
        "count": len(incident.orders),
        "at": event.at.isoformat(),
    }

    def letter(channel: Any, recipient: str, kind: str, occasion: str, **more: Any) -> Letter:
        return Letter(
            f"incident:{incident.number}",
            1,
            occasion,
            recipient,
            channel,
            kind,
            {**facts, **more},
            urgent=True,
        )

    match event.verb:
        case Verb.REMIND:
            return [letter("app", incident.maker, "incident_due", f"due.{incident.words}")]
        case Verb.ESCALATE:
            whom = {incident.maker, *(person.userid for person in directory.supervisors())}
            return [letter("app", who, "incident_late", f"late.{incident.words}") for who in sorted(whom)]
    kind, occasion = {
        # Whoever was told that we know is not told again when more of their orders are labelled.
        Verb.OPEN: ("incident_known", "known"),
        Verb.ADD: ("incident_known", "known"),
        Verb.WORD: ("incident_word", f"word.{incident.words}"),
        Verb.END: ("incident_over", "over"),
    }[event.verb]
    return [
        letter(*place, kind, occasion, orders=numbers)
        for place, numbers in _places(orders, directory).items()
    ]


def _places(orders: Sequence[WorkOrder], directory: Directory) -> dict[tuple[str, str], list[int]]:
    """Where each order's reporter is told, with the numbers of that place's orders alone."""
    places: dict[tuple[str, str], list[int]] = {}
    for order in orders:
        group = directory.group(order.chat) if order.chat else None
        place = ("group", group.chatid) if group and group.has_webhook else ("app", order.reporter)
        places.setdefault(place, []).append(order.number)
    return places


def moot(letter: Letter, incident: Incident) -> str | None:
    """Why a letter about ``incident`` need not be said any more; None while it must be."""
    if letter.kind in ("incident_due", "incident_late"):
        if incident.state is not State.OPEN:
            return "the incident is over"
        if letter.occasion.rpartition(".")[2] != str(incident.words):
            return "the word was said"
    return None
