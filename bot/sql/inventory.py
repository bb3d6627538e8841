"""What is kept about people: every table's columns by what they hold, for how long, and where it is shown.

``desk data inventory`` prints it, forgetting and retention walk by it, and a test fails where a column of
text or JSON is missing here. A new table is one entry; whole numbers, booleans and moments need no word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, Numeric, Table

from bot.sql.schema import METADATA
from knowledge.sql.tables import Moment as KnowledgeMoment
from workorders.sql.base import Moment

_NEUTRAL = (Integer, BigInteger, Boolean, Date, Numeric, Moment, KnowledgeMoment)


class Holds(StrEnum):
    """What a column holds."""

    WHO = "who"  # userids
    NAMES = "names"  # what a person is called, their phone, their mail address
    WORDS = "words"  # what somebody wrote, what was said to somebody, or what quotes it
    PLACE = "place"  # groups: their ids and names
    RIGHTS = "rights"  # keys, and what only one may use once
    PLAIN = "plain"  # nothing of the kind: states, codes, figures


@dataclass(frozen=True)
class Kept:
    """One table.

    Attributes:
        kind: what its rows are kept as: a name of ``[retention]``, ``"directory"`` (as long as the directory
            has them) or ``"machine"`` (no longer than the program needs them).
        shown: where people see it, in a few words.
        who, names, words, place, rights, plain: column names with spaces between.
        by: the column that says who wrote the words, where there is one.
    """

    kind: str
    shown: str
    who: str = ""
    names: str = ""
    words: str = ""
    place: str = ""
    rights: str = ""
    plain: str = ""
    by: str | None = None

    def columns(self, *holds: Holds) -> tuple[str, ...]:
        """The names of the columns that hold one of these."""
        return tuple(name for one in holds for name in getattr(self, one).split())


INVENTORY: Mapping[str, Kept] = {
    # What is said
    "inbox": Kept(
        "chat",
        "an order's page; the reply to whoever repeats a message",
        who="key sender",
        words="text reply",
        place="chat",
        rights="reply_url",
        plain="door kind state",
        by="sender",
    ),
    "conversation": Kept("chat", "nowhere", who="sender", words="state", place="place", by="sender"),
    "call": Kept(
        "chat",
        "the hotline's form; the report of calls",
        who="taken_by",
        rights="once",
        plain="became digest",
    ),
    "answered": Kept(
        "chat",
        "nowhere",
        who="asked_by",
        words="question",
        place="chat",
        plain="article outcome",
        by="asked_by",
    ),
    "gap": Kept(
        "chat",
        "desk faq gaps",
        who="asked_by",
        words="text",
        place="chat",
        plain="nearest outcome",
        by="asked_by",
    ),
    "letter": Kept(
        "chat",
        "the recipient's chat",
        who="recipient lane",
        words="facts",
        plain="subject occasion channel kind state reason",
    ),
    "delivery": Kept(
        "chat",
        "the recipient's chat",
        who="lane",
        words="payload reason",
        rights="response_code",
        plain="state message_id",
    ),
    # Work orders
    "work_order": Kept(
        "order",
        "cards, chat, console: to our people, and to its partner",
        who="reporter owner",
        words="snapshot text",
        place="chat",
        plain="state kind role calendar",
        by="reporter",
    ),
    "incident": Kept(
        "order",
        "console: to our people; letters to reporters",
        words="snapshot",
        plain="state",
    ),
    "incident_event": Kept(
        "order",
        "console: to our people",
        who="by",
        words="facts change",
        plain="verb",
        by="by",
    ),
    "incident_order": Kept("order", "console: to our people"),
    "obligation": Kept(
        "order",
        "cards, chat, desk obligation: to our people, and to its partner",
        words="snapshot",
        plain="kind state",
    ),
    "obligation_event": Kept(
        "order",
        "cards, chat, desk obligation: to our people, and to its partner",
        who="by",
        words="facts change",
        plain="verb",
        by="by",
    ),
    "survey_plan": Kept("directory", "desk obligation cadence"),
    "handover": Kept(
        "chat", "chat, cards", who="giver receiver", words="note", by="giver", plain="numbers waiting"
    ),
    "order_event": Kept(
        "order",
        "cards, chat, console: to our people, and to its partner",
        who="by",
        words="facts change",
        plain="verb",
        by="by",
    ),
    "promise": Kept(
        "order",
        "reports",
        who="person",
        words="reason",
        plain="clause part kind role outcome cause",
    ),
    # Notices
    "notice": Kept(
        "notice",
        "chat, mail, console: to whoever is told, and to operations",
        who="snapshot",
        plain="state kind proposal",
    ),
    "notice_event": Kept("notice", "desk notice evidence", who="by facts change", plain="verb"),
    "receipt": Kept(
        "notice",
        "desk notice, console: to operations",
        who="key",
        names="email_key",
        words="snapshot",
        place="chatid",
        plain="state",
    ),
    "receipt_event": Kept("notice", "desk notice evidence", who="by", words="facts", plain="verb", by="by"),
    "attachment": Kept(
        "pictures",
        "the order's page, to our people; each reading is audited",
        who="by",
        words="name",
        place="chat",
        rights="ref",
        plain="sort state source sha256 type unfit",
        by="by",
    ),
    "blob": Kept("pictures", "the order's page, to our people", words="content", plain="sha256"),
    # The directory
    "partner": Kept("directory", "everywhere", plain="name_key name aliases mail_domains clauses"),
    "partner_name": Kept("directory", "nowhere", plain="name_key"),
    "person": Kept(
        "directory",
        "names: chat, cards, console; phones 138****5678 where others read along",
        who="userid_key userid",
        names="name_key name phone email",
        plain="side roles console",
    ),
    "duty": Kept("directory", "chat, console", plain="role"),
    "absence": Kept("directory", "chat, console", who="stand_in"),
    "rota": Kept("directory", "chat, console", plain="role days"),
    "chat_group": Kept("directory", "console", place="chatid name", rights="webhook_key", plain="purpose"),
    # The audit
    "audit": Kept(
        "audit",
        "desk audit",
        who="who subject",
        words="reason details",
        plain="act door result seals hash",
    ),
    "hold": Kept("audit", "desk data holds", plain="subject released_by placed_by", words="reason"),
    "audit_anchor": Kept("audit", "nowhere", plain="hash"),
    # The program's own
    "lane": Kept("machine", "nowhere", who="name", plain="holder"),
    "summary": Kept("machine", "nowhere", plain="kind"),
    "sweep": Kept("machine", "/readyz", plain="name"),
    "session": Kept("machine", "nowhere", who="userid", rights="id_hash"),
    "login": Kept("machine", "nowhere", rights="state_hash browser_hash", plain="to"),
    "desk_time": Kept("machine", "nowhere"),
    "calendar_in_force": Kept("machine", "nowhere", plain="fingerprint"),
    "holiday_import": Kept("directory", "console", who="by", plain="name years dates"),
}


def tables() -> Iterator[Table]:
    """Every table of the schema, in order of name."""
    for metadata in METADATA:
        yield from sorted(metadata.tables.values(), key=lambda table: table.name)


def neutral(column: Column[object]) -> bool:
    """Whether a column's type alone says that it holds nothing about a person."""
    return isinstance(column.type, _NEUTRAL)


def holds(column: Column[object]) -> Holds | None:
    """What a column holds; None where this inventory does not say."""
    if kept := INVENTORY.get(column.table.name):
        for one in Holds:
            if column.name in kept.columns(one):
                return one
    return Holds.PLAIN if neutral(column) else None
