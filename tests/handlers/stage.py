"""A small stage: the whole conversation and the work orders under it, in memory, the clock turned by hand."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from handlers.here import Given, Here
from handlers.masking import mask
from handlers.message import Card, Door, Incoming, Kind, Media, Press, Reply
from handlers.phrases import letters as letter_phrases
from handlers.router import answer
from handlers.webhook import apart
from knowledge.library import Answer, Article, Choice, Library
from workorders.agreement.clauses import Agreement
from workorders.attachments.attachment import HELD, Attached, Brought
from workorders.directory.desk import DirectoryDesk
from workorders.directory.names import name_key, userid_key
from workorders.directory.people import Duty, Group, Partner, Person, Role, unknown
from workorders.handover.desk import HandoverDesk
from workorders.handover.handover import Handover
from workorders.letters import Letter
from workorders.notices.desk import NoticeDesk
from workorders.obligations.desk import ObligationDesk
from workorders.obligations.matters import Survey
from workorders.obligations.obligation import Event as ObligationEvent
from workorders.obligations.obligation import Obligation
from workorders.obligations.plans import Plan
from workorders.obligations.surveys import SurveyDesk
from workorders.orders.desk import OrderDesk
from workorders.orders.ledger import Line
from workorders.orders.order import Event, State, Verb, WorkOrder

SHANGHAI = ZoneInfo("Asia/Shanghai")

XINGHE = Partner(1, "星河支付", ("星河",))
YUNFAN = Partner(2, "云帆科技", ("云帆",))
XIAO_WANG = Person("xiaowang", "小王", "partner", phone="13800000001", partner=XINGHE, roles=(Role.TECH,))
XIAO_ZHAO = Person("xiaozhao", "小赵", "partner", phone="13800000002", partner=XINGHE)
XIAO_SUN = Person("xiaosun", "小孙", "partner", phone="13800000003", partner=YUNFAN)
LAO_LI = Person("laoli", "老李", "us", phone="13900000001", duties=(Duty(Role.TECH, 1),), console="desk")
LAO_ZHOU = Person("laozhou", "老周", "us", phone="13900000002", duties=(Duty(Role.TECH, 2),), console="desk")
LAO_CHEN = Person(
    "laochen", "老陈", "us", phone="13900000003", duties=(Duty(Role.AFTERSALES, 1),), console="desk"
)
LAO_WU = Person(
    "laowu", "老吴", "us", phone="13900000004", duties=(Duty(Role.CS_LEAD, 1),), console="supervisor"
)
XIAO_HE = Person("xiaohe", "小何", "us", phone="13900000005")
STRANGER = unknown("moshengren")

XINGHE_GROUP = Group("wrXINGHE", "星河支付-服务群", XINGHE, has_webhook=True)
YUNFAN_GROUP = Group("wrYUNFAN", "云帆科技-服务群", YUNFAN, has_webhook=True)
DUTY_GROUP = Group("wrDUTY", "值班群", purpose="duty", has_webhook=True)

HOTLINE = "400-000-1234"

ARTICLES = (
    Article(
        "pay-51",
        "刷卡提示应答码51是什么意思？",
        ("返回51", "余额不足怎么办"),
        "**`51`：卡内余额不足。**\n① 请换一张卡。\n② 重新下单。",
    ),
    Article(
        "refund-how",
        "怎么给顾客退款？",
        ("怎么退款", "如何退款"),
        "**在商户后台的交易详情里退款。**\n① 打开交易详情。\n② 点退款。",
    ),
    Article(
        "refund-time",
        "退款多久到账？",
        ("退款几天到", "退款什么时候到账"),
        "**一般 1 至 7 个工作日原路退回。**",
    ),
    Article("manual-review", "退款怎么转人工审核？", (), "**在退款页面点转人工审核。**"),
    Article("hotline", "客服电话多少？", ("客服电话是多少",), "**服务热线见服务协议。**"),
    Article(
        "password", "商户后台忘记密码怎么办？", ("重置密码",), "**在登录页点忘记密码。**", unverified=True
    ),
)


class Articles(Library):
    """The articles above, found as this stage has it, so that no conversation hangs on a score.

    A question as an article has it is answered; of 退款 a menu is made; anything else is nobody's.
    """

    def ask(self, text: str, limit: int = 10) -> Answer:
        refunds = tuple(Choice(a, 0.5) for a in self.articles if a.id.startswith("refund"))
        for article in self.articles:
            if text.strip(" ？?") in (form.strip("？") for form in (article.question, *article.also)):
                if article.unverified and not self._unverified_answers:
                    return Answer(text, "choose", 0.9, None, (Choice(article, 0.9), *refunds))
                return Answer(text, "answer", 0.9, article, (Choice(article, 0.9), *refunds))
        if "退款" in text:
            return Answer(text, "choose", 0.5, None, refunds)
        return Answer(text, "none", 0.1, None, (Choice(self.articles[0], 0.1),))


class Directory:
    """Everybody above."""

    people = (XIAO_WANG, XIAO_ZHAO, XIAO_SUN, LAO_LI, LAO_ZHOU, LAO_CHEN, LAO_WU, XIAO_HE)
    groups = (XINGHE_GROUP, YUNFAN_GROUP, DUTY_GROUP)
    partners_ = (XINGHE, YUNFAN)

    def person(self, userid: str) -> Person:
        key = userid_key(userid)
        return next((p for p in self.people if p.userid == key), unknown(userid))

    def group(self, chatid: str) -> Group | None:
        return next((g for g in self.groups if g.chatid == chatid), None)

    def partner(self, partner_id: int) -> Partner | None:
        return next((p for p in self.partners_ if p.id == partner_id), None)

    def partners_named(self, text: str) -> tuple[Partner, ...]:
        key = name_key(text)
        return tuple(p for p in self.partners_ if key in map(name_key, (p.name, *p.aliases)))

    def partners(self) -> tuple[Partner, ...]:
        return self.partners_

    def move_duty(self, role: Role, rank: int, frm: str, to: str) -> bool:
        return Duty(role, rank) in self.person(frm).duties

    def contacts_of(self, partner_id: int) -> tuple[Person, ...]:
        return tuple(p for p in self.people if p.partner and p.partner.id == partner_id)

    def groups_of(self, partner_id: int) -> tuple[Group, ...]:
        return tuple(g for g in self.groups if g.partner and g.partner.id == partner_id)

    def holders(self, role: Role, rank: int, at: datetime, *, urgent: bool = False) -> tuple[Person, ...]:
        return tuple(p for p in self.people if Duty(role, rank) in p.duties)

    appointed = holders

    def turning_points(self, begins: datetime, ends: datetime) -> tuple[datetime, ...]:
        return ()

    def present(self, people: Iterable[Person], at: datetime) -> tuple[Person, ...]:
        return tuple(people)

    def staff_named(self, text: str) -> tuple[Person, ...]:
        key = name_key(text.lstrip("@"))
        return tuple(p for p in self.people if p.side == "us" and key in (name_key(p.name), p.userid))

    def supervisors(self) -> tuple[Person, ...]:
        return tuple(p for p in self.people if p.supervises)

    def clauses_of(self, partner_id: int) -> dict[str, dict[str, object]]:
        return {}


@dataclass
class Orders:
    """An order store: snapshots and events by number."""

    rows: dict[int, WorkOrder] = field(default_factory=dict)
    history: dict[int, list[Event]] = field(default_factory=lambda: defaultdict(list))
    attached: list[int] = field(default_factory=list)
    lines: dict[int, dict[int, Line]] = field(default_factory=lambda: defaultdict(dict))

    def begin(self, event: Event) -> WorkOrder:
        number = 1001 + len(self.rows)
        self.rows[number] = WorkOrder.begun(number, event)
        return self.rows[number]

    def lock(self, number: int) -> WorkOrder | None:
        return self.rows.get(number)

    read = lock

    def ledger(self, number: int) -> tuple[Line, ...]:
        return tuple(self.lines[number].values())

    def record(
        self,
        order: WorkOrder,
        events: Sequence[Event],
        look_at: datetime | None,
        lines: Sequence[Line] = (),
    ) -> None:
        self.rows[order.number] = order
        self.lines[order.number] |= {line.position: line for line in lines}
        self.history[order.number] += events
        for event in events:
            self.attached += event.facts.get("attachments", ())

    def events(self, number: int) -> list[Event]:
        return self.history[number]

    def live_of(self, *, partner: int | None, reporter: str) -> list[WorkOrder]:
        mine = (lambda o: o.partner == partner) if partner is not None else (lambda o: o.reporter == reporter)
        return [o for o in self.rows.values() if o.live and mine(o)]

    def owned_by(self, userid: str) -> list[WorkOrder]:
        return sorted((o for o in self.rows.values() if o.live and o.owner == userid), key=_by_due)

    def waiting_for(self, roles: Collection[Role] | None) -> list[WorkOrder]:
        waiting = (o for o in self.rows.values() if o.live and o.owner is None)
        return sorted((o for o in waiting if roles is None or o.role in roles), key=_by_due)

    def latest_of(self, reporter: str, chat: str | None) -> WorkOrder | None:
        mine = [o for o in self.rows.values() if o.reporter == reporter and o.chat == chat]
        return mine[-1] if mine else None

    def solved_of(self, reporter: str) -> list[WorkOrder]:
        return [o for o in self.rows.values() if o.reporter == reporter and o.state is State.SOLVED]

    def silent_of(self, reporter: str, since: datetime) -> int:
        mine = (n for n, o in self.rows.items() if o.reporter == reporter)
        events = (e for n in mine for e in self.history[n])
        return sum(e.verb is Verb.CLOSE and e.by is None and e.at >= since for e in events)

    def live(self) -> list[WorkOrder]:
        return sorted((o for o in self.rows.values() if o.live), key=_by_due)


def _by_due(order: WorkOrder) -> tuple[bool, datetime, int]:
    return order.due is None, order.due or datetime.max.replace(tzinfo=UTC), order.number


@dataclass(frozen=True)
class Sent:
    """A picture or file somebody sent: by whom, where and when."""

    sort: str
    by: str
    chat: str | None
    at: datetime


@dataclass
class Obligations:
    """An obligation store: snapshots and events by number."""

    rows: dict[int, Obligation] = field(default_factory=dict)
    history: dict[int, list[ObligationEvent]] = field(default_factory=lambda: defaultdict(list))

    def begin(self, event: ObligationEvent) -> Obligation:
        return Obligation.begun(1 + len(self.rows), event)

    def lock(self, number: int) -> Obligation | None:
        return self.rows.get(number)

    def record(
        self, obligation: Obligation, events: Sequence[ObligationEvent], look_at: datetime | None
    ) -> None:
        self.rows[obligation.number] = obligation
        self.history[obligation.number] += events

    def events(self, number: int) -> list[ObligationEvent]:
        return self.history[number]

    def live(self, partner: int | None = None) -> list[Obligation]:
        return [o for o in self.rows.values() if o.live and (partner is None or partner in o.partners)]

    def surveys(self, partner: int | None = None) -> list[Obligation]:
        mine = (o for o in self.rows.values() if partner is None or o.partner == partner)
        return [o for o in mine if isinstance(o.matter, Survey) and o.matter.scores]


@dataclass
class Plans:
    """How often each partner is surveyed."""

    rows: dict[int, Plan] = field(default_factory=dict)

    def lock(self, partner: int) -> Plan | None:
        return self.rows.get(partner)

    def keep(self, plan: Plan) -> None:
        self.rows[plan.partner] = plan

    def missing(self) -> list[int]:
        return []


@dataclass
class Letters:
    """A letter box that remembers."""

    posted: dict[tuple[object, ...], Letter] = field(default_factory=dict)

    def cards_out(self, subject: str) -> dict[str, int]:
        return {}

    def post(self, letter: Letter) -> bool:
        key = (letter.subject, letter.generation, letter.occasion, letter.recipient, letter.channel)
        if key in self.posted:
            return False
        self.posted[key] = letter
        return True

    def post_all(self, letters: Iterable[Letter]) -> None:
        for letter in letters:
            self.post(letter)

    def waiting_about(self, subject: str, limit: int) -> int:
        return min(limit, sum(letter.subject == subject for letter in self.posted.values()))


@dataclass
class Handovers:
    """Offers of 交接班."""

    rows: dict[int, Handover] = field(default_factory=dict)

    def begin(self, handover: Handover) -> Handover:
        self.record(replace(handover, id=len(self.rows) + 1))
        return self.rows[len(self.rows)]

    def lock(self, id: int) -> Handover | None:
        return self.rows.get(id)

    def waiting(self, *, giver: str | None = None, receiver: str | None = None) -> list[Handover]:
        return [h for h in self.rows.values() if h.waiting and (h.giver == giver or h.receiver == receiver)]

    def record(self, handover: Handover) -> None:
        self.rows[handover.id] = handover


@dataclass
class Answers:
    """What became of questions, everywhere."""

    given_: list[tuple[Given, str | None, datetime]] = field(default_factory=list)
    outcomes: dict[int, str] = field(default_factory=dict)
    gaps: list[tuple[str, str | None, str]] = field(default_factory=list)


@dataclass
class Calls:
    """The phone calls that were logged, and what each came to."""

    rows: list[tuple[int, datetime, str, int]] = field(default_factory=list)

    def took(
        self, partner: int, called_at: datetime, became: str, about: int, sent: object | None = None
    ) -> None:
        self.rows.append((partner, called_at, became, about))


@dataclass
class AnswersHere:
    """The answer log of one person in one place."""

    log: Answers
    asker: str
    chat: str | None
    now: datetime

    def gave(self, article: str, question: str) -> int:
        number = len(self.log.given_) + 1
        self.log.given_.append((Given(number, article, question, self.asker), self.chat, self.now))
        return number

    def given(self, number: int) -> Given | None:
        return next((g for g, _, _ in self.log.given_ if g.id == number), None)

    def last(self) -> Given | None:
        fresh = self.now - timedelta(minutes=30)
        mine = [
            g
            for g, chat, at in self.log.given_
            if (g.asked_by, chat) == (self.asker, self.chat) and at > fresh
        ]
        return mine[-1] if mine else None

    def became(self, number: int, outcome: str) -> None:
        self.log.outcomes[number] = outcome

    def gap(self, question: str, nearest: str | None, why: str) -> None:
        self.log.gaps.append((question, nearest, why))


class NoNotices(NoticeDesk):
    """A desk that has announced nothing: 收到 alone means nothing here."""

    def __init__(self) -> None:
        """It has no stores."""

    def waiting_of(self, person: Person) -> list[Any]:
        return []


@dataclass
class Desk:
    """The stage. ``hears`` and ``presses`` give the reply; conversations remember as the door does."""

    agreement: Agreement
    library: Library
    now: datetime
    orders: Orders = field(default_factory=Orders)
    obligations: Obligations = field(default_factory=Obligations)
    plans: Plans = field(default_factory=Plans)
    letters: Letters = field(default_factory=Letters)
    answers: Answers = field(default_factory=Answers)
    calls: Calls = field(default_factory=Calls)
    handovers: Handovers = field(default_factory=Handovers)
    changes: Any = None
    directory: Directory = field(default_factory=Directory)
    memory: dict[tuple[str, str | None], Mapping[str, Any]] = field(default_factory=dict)
    messages: int = 0
    sent: dict[int, Sent] = field(default_factory=dict)

    def hears(
        self,
        text: str = "",
        sender: Person = XIAO_WANG,
        group: Group | None = None,
        *,
        kind: Kind = "text",
        quote: str | None = None,
        door: Door = "aibot",
        chat: str | None = None,
        media: int | None = None,
    ) -> Reply:
        """Somebody writes; in ``group``, or in an unbound ``chat``, or 1:1.

        ``media`` is how many pictures or files come along: one where the message is of that kind.
        """
        place = group.chatid if group else chat
        kept, secret = apart(text)
        words = mask(kept)
        incoming = Incoming(
            door,
            self._key(),
            sender.userid,
            kind,
            text=words.text,
            secret=secret,
            masked=bool(words.found),
            chat=place,
            quote=quote,
            media=self._media(kind, media),
        )
        return self._answer(incoming, sender, group)

    def says(
        self, text: str = "", sender: Person = XIAO_WANG, group: Group | None = None, **more: Any
    ) -> str:
        """What the reply says."""
        return self.hears(text, sender, group, **more).text

    def presses(self, key: str, sender: Person = XIAO_WANG, group: Group | None = None) -> Card:
        """Somebody presses a button; the card as it is afterwards."""
        press = Press(key, "the-card")
        incoming = Incoming(
            "aibot", self._key(), sender.userid, "press", chat=group.chatid if group else None, press=press
        )
        reply = self._answer(incoming, sender, group)
        assert reply.update is not None, "a press can only be answered by an update"
        assert reply.update.task_id == "the-card"
        return reply.update

    def _media(self, kind: Kind, count: int | None) -> tuple[Media, ...]:
        sort: Literal["picture", "file"] = "file" if kind == "file" else "picture"
        if count is None:
            count = 1 if kind in ("picture", "file") else 0
        return tuple(Media(sort, f"media-{self.messages}-{i}") for i in range(count))

    def _brought(self, incoming: Incoming) -> Brought:
        at = self.now
        for media in incoming.media:
            self.sent[len(self.sent) + 1] = Sent(media.sort, incoming.sender, incoming.chat, at)
        held = [
            id
            for id, sent in self.sent.items()
            if (sent.by, sent.chat) == (incoming.sender, incoming.chat)
            and at - sent.at <= HELD
            and id not in self.orders.attached
        ]
        own = held[len(held) - len(incoming.media) :]
        return Brought(self._attached(held), self._attached(own), lambda a: self._forget(a.ids))

    def _attached(self, ids: Sequence[int]) -> Attached:
        pictures = sum(self.sent[id].sort == "picture" for id in ids)
        return Attached(tuple(ids), pictures, len(ids) - pictures)

    def _forget(self, ids: Sequence[int]) -> None:
        self.orders.attached += ids

    def _answer(self, incoming: Incoming, sender: Person, group: Group | None) -> Reply:
        where = (sender.userid, incoming.chat)
        incoming = replace(incoming, state=self.memory.get(where, {}))
        here = self.here(sender, group, incoming.chat, self._brought(incoming))
        reply = answer(incoming, here)
        self.memory[where] = json.loads(json.dumps(reply.state))
        return reply

    def here(
        self,
        sender: Person,
        group: Group | None = None,
        chat: str | None = None,
        brought: Brought | None = None,
    ) -> Here:
        now = self.now
        orders = OrderDesk(
            self.agreement,
            self.orders,
            self.letters,
            self.directory,
            lambda: self.now,
            heard_in=chat,
            brought=brought or Brought(),
        )
        obligations = ObligationDesk(
            self.agreement,
            self.obligations,
            self.letters,
            self.directory,
            self.directory,
            orders,
            lambda: self.now,
        )
        return Here(
            sender=sender,
            group=group,
            orders=orders,
            notices=NoNotices(),
            obligations=obligations,
            surveys=SurveyDesk(self.agreement, self.plans, self.directory, obligations, lambda: self.now),
            changes=DirectoryDesk(
                self.changes, self.directory, self.letters, lambda: self.now, lambda what, subject: None
            ),
            handovers=HandoverDesk(orders, self.handovers, self.letters, self.directory),
            library=self.library,
            answers=AnswersHere(self.answers, sender.userid, chat, now),
            calls=self.calls,
            directory=self.directory,
            agreement=self.agreement,
            now=now,
            hotline=HOTLINE,
            home="https://desk.example/",
        )

    def _key(self) -> str:
        self.messages += 1
        return f"message-{self.messages}"

    def minutes_pass(self, minutes: float) -> None:
        """The clock goes on, and is looked at."""
        self.now += timedelta(minutes=minutes)
        for number in list(self.orders.rows):
            self.here(LAO_WU).orders.settle(number)
        for number in list(self.obligations.rows):
            self.here(LAO_WU).obligations.settle(number)

    def it_is(self, moment: str) -> None:
        """Turn the clock to a local moment, forwards."""
        at = local(moment)
        assert at >= self.now
        self.minutes_pass((at - self.now) / timedelta(minutes=1))

    def order(self, number: int = 1001) -> WorkOrder:
        return self.orders.rows[number]

    @property
    def count(self) -> int:
        return len(self.orders.rows)

    def letters_to(self, recipient: Person | Group) -> list[Letter]:
        name = recipient.chatid if isinstance(recipient, Group) else recipient.userid
        return [letter for letter in self.letters.posted.values() if letter.recipient == name]

    def last_letter_to(self, recipient: Person | Group) -> letter_phrases.Message:
        """The newest letter, in words."""
        letter = self.letters_to(recipient)[-1]
        return letter_phrases.render(letter.kind, letter.facts, shared=letter.channel == "group")

    # Stories

    def reported(
        self, text: str = "收银台打不开", sender: Person = XIAO_WANG, group: Group | None = None
    ) -> WorkOrder:
        """Somebody reported a fault."""
        number = 1001 + self.count
        self.hears(f"报障 {text}", sender, group)
        return self.order(number)

    def accepted(
        self, text: str = "收银台打不开", sender: Person = XIAO_WANG, group: Group | None = None
    ) -> WorkOrder:
        """… and 老李 took it."""
        number = self.reported(text, sender, group).number
        self.hears(f"接单 {number}", LAO_LI)
        return self.order(number)

    def paused(
        self, text: str = "收银台打不开", sender: Person = XIAO_WANG, group: Group | None = None
    ) -> WorkOrder:
        """… and waits for something."""
        number = self.accepted(text, sender, group).number
        self.hears(f"挂起 {number} 等待终端号", LAO_LI)
        assert self.order(number).state is State.PAUSED
        return self.order(number)

    def solved(
        self, text: str = "收银台打不开", sender: Person = XIAO_WANG, group: Group | None = None
    ) -> WorkOrder:
        """… and was solved."""
        number = self.accepted(text, sender, group).number
        self.hears(f"解决 {number} 已重启服务", LAO_LI)
        assert self.order(number).state is State.SOLVED
        return self.order(number)


def local(moment: str) -> datetime:
    """2026-11-23 14:30 in Shanghai, as UTC."""
    return datetime.strptime(moment, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI).astimezone(UTC)
