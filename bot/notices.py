"""What goes out of a notice: each channel's message, and the signed links in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from bot.mail.message import mail
from bot.sql.unit import Unit
from bot.wecom import webhook
from bot.wecom.cards import app_card
from bot.wecom.client import card_message, text_message
from handlers.phrases import notices as phrases
from handlers.phrases.notices import Telling
from workorders.letters import Letter
from workorders.markup import words
from workorders.notices import telling
from workorders.notices.notice import CARD_BODY, GROUP_BODY, Notice
from workorders.notices.receipt import Receipt
from workorders.sql.letters import Waiting

#: How long the link of a mail may be answered by: well beyond any clause's span.
LINK_LASTS = timedelta(days=30)


class BadLink(Exception):
    """A link that is forged, cut short, or (``expired``) too old."""

    def __init__(self, *, expired: bool) -> None:
        self.expired = expired
        super().__init__("expired" if expired else "forged")


@dataclass(frozen=True)
class Links:
    """Where a notice is read and answered.

    Args:
        secret: signs what a mail's link says of who holds it.
        home: the desk's address, without a slash at its end.
    """

    secret: str
    home: str

    def page(self, number: int) -> str:
        """For whoever can say who they are by WeCom."""
        return f"{self.home}/ack/{number}"

    def mailed(self, receipt: int, now: datetime) -> str:
        """For the holder of one recipient's mail (machine time)."""
        until = int((now + LINK_LASTS).timestamp())
        return f"{self.home}/ack/m/{self._signer.dumps([receipt, until])}"

    def receipt_of(self, token: str, now: datetime) -> int:
        """The receipt a mail's link is for.

        Raises:
            BadLink: forged or expired.
        """
        try:
            receipt, until = self._signer.loads(token)
            receipt, until = int(receipt), int(until)
        except (BadData, ValueError, TypeError):
            raise BadLink(expired=False) from None
        if now.timestamp() > until:
            raise BadLink(expired=True)
        return receipt

    @property
    def _signer(self) -> URLSafeSerializer:
        return URLSafeSerializer(self.secret, salt="notice-receipt")


@dataclass(frozen=True)
class Held:
    """A notice whose letters are looked at, kept from changing meanwhile."""

    unit: Unit
    notice: Notice
    known: dict[int, Receipt | None] = field(default_factory=dict)

    def receipt(self, letter: Letter) -> Receipt | None:
        id = letter.facts.get("receipt")
        if not isinstance(id, int):
            return None
        if id not in self.known:
            self.known[id] = self.unit.notices.receipt(id)
        return self.known[id]


def lock(unit: Unit, number: int) -> Held | None:
    """What letters about a notice are judged by."""
    notice = unit.notices.hold(number)
    return Held(unit, notice) if notice else None


def moot(letter: Letter, held: Held) -> str | None:
    """As :func:`workorders.notices.telling.moot`."""
    went_out = letter.kind == "notice_recall" and held.unit.letters.went_out(
        letter.subject, "notice", letter.channel, letter.recipient
    )
    return telling.moot(letter, held.notice, held.receipt(letter), went_out=went_out)


@dataclass(frozen=True)
class Posts:
    """Makes the messages of notices.

    Args:
        sender: MAIL_FROM, whose domain our Message-IDs bear; None where mail is off.
        robot: the robot's name in WeCom.
    """

    links: Links
    sender: str | None
    robot: str

    def payload(self, held: Held, waiting: Waiting) -> dict[str, Any]:
        """One letter as its channel has it."""
        letter, notice = waiting.letter, held.notice
        receipt = held.receipt(letter)
        clause = notice.clause(receipt.partner if receipt else None)
        told = Telling(letter.kind, notice, clause, receipt, self.robot)
        task_id = f"letter-{waiting.id}-{waiting.attempts + 1}"
        match letter.channel:
            case "group":
                return self.group(told, task_id)
            case "app":
                return self.app(told, letter.recipient, task_id)
            case "mail":
                return self.mail(told, letter, held.unit.machine_now)

    def group(self, told: Telling, task_id: str) -> dict[str, Any]:
        """A card where all of it fits one, else markdown; a body cut by consent ends with the link."""
        url = self.links.page(told.notice.number)
        if told.kind == "notice" and len(words(told.notice.body)) <= CARD_BODY:
            card = app_card(phrases.card(told, url, task_id, buttons=False), url)
            # A group's card cannot be pressed, and knows no task (91770).
            del card["task_id"]
            return {"msgtype": "template_card", "template_card": card}
        mention = (told.receipt.userid,) if told.alone and told.receipt and told.receipt.userid else ()
        return webhook.markdown(phrases.markdown(told, url, most=GROUP_BODY), mention)

    def app(self, told: Telling, userid: str, task_id: str) -> dict[str, Any]:
        """A card with 收到 and 有疑问; word of a recall has nothing to press."""
        if told.kind == "notice_recall":
            return text_message([userid], phrases.as_text(phrases.markdown(told, "")))
        url = self.links.page(told.notice.number)
        return card_message([userid], app_card(phrases.card(told, url, task_id, buttons=True), url))

    def mail(self, told: Telling, letter: Letter, now: datetime) -> dict[str, Any]:
        """With a link of the recipient's own; reminders and recalls in the thread of the notice."""
        assert told.receipt is not None
        first = self._message_id(told, "send")
        own = self._message_id(told, letter.occasion)
        link = self.links.mailed(told.receipt.id, now)
        return mail(
            letter.recipient,
            phrases.subject(told),
            phrases.markdown(told, link),
            message_id=own,
            at=now,
            references=() if own == first else (first,),
            action=link,
        )

    @property
    def mail_domain(self) -> str:
        """The right side of our Message-IDs."""
        return parseaddr(self.sender or "")[1].rpartition("@")[2] or "desk.invalid"

    def _message_id(self, told: Telling, occasion: str) -> str:
        assert told.receipt is not None
        word = occasion.partition(f".{told.receipt.id}")[0]
        return f"<notice-{told.notice.number}-{told.receipt.id}-{word}@{self.mail_domain}>"
