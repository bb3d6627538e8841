"""The simulated corp's state: chats, messages and cards. No HTTP, no clock of its own.

Everything handed out is a copy as JSON; every change is kept in the store and told to the events.
"""

from __future__ import annotations

import secrets
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any, Literal

from bot.simulator.cards import Card
from bot.simulator.config import Group, Person, SimulatorConfig
from bot.simulator.events import Events
from bot.simulator.store import Store

Door = Literal["app", "aibot"]
Voice = Literal["person", "aibot", "app", "webhook"]
View = dict[str, Any]

KEPT = 5000
"""Messages kept in all; the oldest go first."""

EVERYONE = "*"


class Unknown(LookupError):
    """No such person, chat, message or card; the text says which."""


@dataclass
class Message:
    """One message in one chat. A push to three members is three messages with one ``msgid``.

    Attributes:
        id: counts up over all chats, also the order of appearance.
        rev: counts every change of any message; the newest change has the highest.
        chat: a group's chatid, ``app:<userid>`` or ``aibot:<userid>``.
        voice: who speaks: a ``person`` (``sender`` is their userid), or one of the desk's three robots.
        kind: text, markdown, card, picture, mixed, voice, link, news or file.
        card_for: what the card became for one member only, by userid.
        done: the words that replaced the buttons, by userid or ``*`` for everybody.
        delivery: of a person's message to a robot: sending, answered, silent, failed, refused or busy.
        pressed: userid to the key whose answer is still awaited.
        missed: userids whose last press nobody answered.
    """

    id: int
    rev: int
    msgid: str
    chat: str
    sender: str
    voice: Voice
    kind: str
    at: str
    text: str = ""
    mentions: list[str] = field(default_factory=list)
    card: Card | None = None
    card_for: dict[str, Card] = field(default_factory=dict)
    done: dict[str, str] = field(default_factory=dict)
    pressed: dict[str, str] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)
    media: list[str] = field(default_factory=list)
    articles: list[dict[str, Any]] = field(default_factory=list)
    quote: dict[str, Any] | None = None
    recalled: bool = False
    delivery: str | None = None
    attempts: int = 0
    stream: str | None = None
    finished: bool = True
    markup: Literal["v1", "v2"] = "v1"


class World:
    """All state, behind one lock.

    Args:
        now: the moment people read on a message: desk time in the demo, machine time elsewhere.
    """

    def __init__(
        self, config: SimulatorConfig, store: Store, events: Events, now: Callable[[], datetime]
    ) -> None:
        self.config = config
        self.now = now
        self._store = store
        self._events = events
        self._lock = threading.RLock()
        self._people = {p.userid.lower(): p for p in config.people}
        self._groups = {g.chatid: g for g in config.groups}
        self._load()

    def _load(self) -> None:
        known = {f.name for f in fields(Message)}
        kept = (
            Message(**{k: v for k, v in m.items() if k in known})
            for m in self._store.load("message").values()
        )
        self._messages = {m.id: m for m in sorted(kept, key=lambda m: m.id)}
        self._by_chat: defaultdict[str, list[Message]] = defaultdict(list)
        for message in self._messages.values():
            self._by_chat[message.chat].append(message)
        self._tasks: dict[str, int] = self._store.load("task")
        self._reads: dict[str, int] = self._store.load("read")
        self._entered: dict[str, str] = self._store.load("entered")
        self._last = max(self._messages, default=0)
        self._rev = max((m.rev for m in self._messages.values()), default=0)
        for message in self._messages.values():
            # The process that waited for these answers is gone.
            message.pressed.clear()
            if message.delivery == "sending":
                message.delivery = "failed"
            message.finished = True

    def reset(self) -> None:
        """Empty every chat. The store must have been emptied before."""
        with self._lock:
            last, rev = self._last, self._rev
            self._load()
            # Ids go on counting, so that nobody takes a new message for an old one.
            self._last, self._rev = last, rev
        self._events.publish("reset", {})

    # -- people and chats

    def person(self, userid: str) -> Person:
        """By userid, without regard to case.

        Raises:
            Unknown: nobody has it.
        """
        try:
            return self._people[userid.lower()]
        except KeyError:
            raise Unknown(f"no such person: {userid}") from None

    def userid(self, name: str) -> str:
        """The name as the directory spells it; unknown names stay as they are."""
        found = self._people.get(name.lower())
        return found.userid if found else name

    def group(self, chatid: str) -> Group | None:
        """The group of that chatid, None where there is none."""
        return self._groups.get(chatid)

    def group_of_key(self, webhook_key: str) -> Group | None:
        """The group a webhook key posts into, None where no group has it."""
        return next(
            (g for g in self._groups.values() if g.webhook_key and g.webhook_key == webhook_key), None
        )

    def members(self, chat: str) -> tuple[str, ...]:
        """Userids of those who see a chat.

        Raises:
            Unknown: there is no such chat.
        """
        if group := self._groups.get(chat):
            return group.members
        door, _, userid = chat.partition(":")
        if door not in ("app", "aibot"):
            raise Unknown(f"no such chat: {chat}")
        return (self.person(userid).userid,)

    def chats_of(self, userid: str) -> list[View]:
        """The person's chats with their last message and what is unread, groups first."""
        person = self.person(userid)
        config = self.config
        chats: list[View] = [
            {"id": g.chatid, "door": "group", "name": g.name, "members": list(g.members)}
            for g in self._groups.values()
            if person.userid in g.members
        ]
        chats.append(
            {"id": f"aibot:{person.userid}", "door": "aibot", "name": config.aibot_name, "members": []}
        )
        chats.append({"id": f"app:{person.userid}", "door": "app", "name": config.app_name, "members": []})
        with self._lock:
            for chat in chats:
                inside = self._by_chat[chat["id"]]
                read = self._reads.get(f"{person.userid}/{chat['id']}", 0)
                chat["last"] = _preview(inside[-1]) if inside else None
                chat["unread"] = _unread(inside, read, person.userid)
        return chats

    def read(self, userid: str, chat: str) -> None:
        """The person has looked at a chat: nothing in it is unread for them any more."""
        person = self.person(userid)
        with self._lock:
            inside = self._by_chat[chat]
            last = inside[-1].id if inside else 0
            key = f"{person.userid}/{chat}"
            if self._reads.get(key, 0) == last:
                return
            self._reads[key] = last
            self._store.put("read", key, last)
        self._events.publish("read", {"as": person.userid, "chat": chat})

    def enters_today(self, userid: str, chat: str, day: str) -> bool:
        """Note that the person opened a 1:1; True the first time that day."""
        with self._lock:
            if self._entered.get(chat) == day:
                return False
            self._entered[chat] = day
            self._store.put("entered", chat, day)
            return True

    # -- messages

    def post(self, chat: str, voice: Voice, kind: str, **more: Any) -> View:
        """Add a message to a chat and return it."""
        self.members(chat)
        with self._lock:
            self._last += 1
            self._rev += 1
            message = Message(
                id=self._last,
                rev=self._rev,
                msgid=more.pop("msgid", None) or new_msgid(),
                chat=chat,
                voice=voice,
                kind=kind,
                sender=more.pop("sender", ""),
                at=self.now().isoformat(),
                **more,
            )
            self._messages[message.id] = message
            self._by_chat[chat].append(message)
            if message.card and (task_id := message.card.get("task_id")):
                self._note_task(f"{'app' if voice == 'app' else 'aibot'}/{task_id}", message.id)
            while len(self._messages) > KEPT:
                oldest = self._messages.pop(next(iter(self._messages)))
                self._by_chat[oldest.chat].remove(oldest)
                self._store.drop("message", str(oldest.id))
            return self._keep(message)

    def change(self, id: int, **changes: Any) -> View:
        """Set fields of a message and return it.

        Raises:
            Unknown: it is not there (any more).
        """
        with self._lock:
            message = self._message(id)
            for name, value in changes.items():
                setattr(message, name, value)
            return self._touch(message)

    def message(self, id: int) -> View:
        """One message.

        Raises:
            Unknown: it is not there.
        """
        with self._lock:
            return asdict(self._message(id))

    def messages(
        self, *, chat: str | None = None, to: str | None = None, since: int = 0, limit: int | None = None
    ) -> list[View]:
        """Messages with an id above ``since``, oldest first, the newest ``limit`` of them.

        Args:
            chat: only of this chat.
            to: only what this person sees and did not write.
        """
        reader = self.person(to).userid if to is not None else None
        with self._lock:
            found = [
                m
                for m in (self._messages.values() if chat is None else self._by_chat[chat])
                if m.id > since
                and (reader is None or (m.sender != reader and reader in self.members(m.chat)))
            ]
            return [asdict(m) for m in (found if limit is None else found[-limit:])]

    def quoted(self, message: View) -> dict[str, Any]:
        """A message as another one quotes it."""
        if message["voice"] == "person":
            name = self.person(message["sender"]).name
        else:
            name = self.config.app_name if message["voice"] == "app" else self.config.aibot_name
        title = ((message["card"] or {}).get("main_title") or {}).get("title", "")
        return {
            "id": message["id"],
            "name": name,
            "text": message["text"] or title or "[图片]",
            "kind": message["kind"],
            "media": message["media"],
        }

    def age(self, id: int) -> timedelta:
        """How long ago a message was posted, on the clock people read.

        Raises:
            Unknown: it is not there.
        """
        with self._lock:
            return self.now() - datetime.fromisoformat(self._message(id).at)

    def copies(self, msgid: str) -> list[View]:
        """All messages one send put into chats."""
        with self._lock:
            return [asdict(m) for m in self._messages.values() if m.msgid == msgid]

    def _message(self, id: int) -> Message:
        try:
            return self._messages[id]
        except KeyError:
            raise Unknown(f"no such message: {id}") from None

    def _touch(self, message: Message) -> View:
        self._rev += 1
        message.rev = self._rev
        return self._keep(message)

    def _keep(self, message: Message) -> View:
        view = asdict(message)
        self._store.put("message", str(message.id), view)
        # Published under the lock: readers get the changes of a message in the order they were made.
        self._events.publish("message", view)
        return view

    # -- cards

    def has_task(self, door: Door, task_id: str) -> bool:
        """Whether a card with this id was ever sent through this door."""
        with self._lock:
            return f"{door}/{task_id}" in self._tasks

    def _note_task(self, key: str, id: int) -> None:
        self._tasks[key] = id
        self._store.put("task", key, id)

    def cards(self, task_id: str, *, seen_by: str | None = None, voice: Voice | None = None) -> list[View]:
        """Card messages of that task, newest first; only those a person sees, if named."""
        with self._lock:
            return [
                asdict(m)
                for m in reversed(self._messages.values())
                if m.card
                and m.card.get("task_id") == task_id
                and (voice is None or m.voice == voice)
                and (seen_by is None or seen_by in self.members(m.chat))
            ]

    def await_press(self, id: int, userid: str, key: str) -> View:
        """Note that a press is on its way to the desk."""
        with self._lock:
            message = self._message(id)
            message.pressed[userid] = key
            message.missed = [u for u in message.missed if u != userid]
            return self._touch(message)

    def press_settled(self, id: int, userid: str, *, answered: bool) -> View:
        """Note what became of a press."""
        with self._lock:
            message = self._message(id)
            message.pressed.pop(userid, None)
            if not answered:
                message.missed.append(userid)
            return self._touch(message)

    def show_card(self, id: int, card: Card | None, done: str, userids: list[str] | None) -> View:
        """Replace a card, or only its buttons by ``done``, for some members or for everybody (None)."""
        with self._lock:
            message = self._message(id)
            if userids is None:
                if card is not None:
                    message.card = card
                    message.card_for = {}
                message.done = {EVERYONE: done} if done else {}
            else:
                for userid in userids:
                    if card is not None:
                        message.card_for[userid] = card
                    if done:
                        message.done[userid] = done
                    else:
                        message.done.pop(userid, None)
            return self._touch(message)


def _preview(message: Message) -> View:
    """What a list of chats shows of a message."""
    title = ((message.card or {}).get("main_title") or {}).get("title", "")
    text = message.text or title or next((a["title"] for a in message.articles), "")
    return {
        "id": message.id,
        "at": message.at,
        "sender": message.sender,
        "voice": message.voice,
        "kind": message.kind,
        "recalled": message.recalled,
        "text": text[:80],
    }


def _unread(messages: list[Message], read: int, userid: str) -> int:
    unseen = takewhile(lambda m: m.id > read, reversed(messages))
    return sum(1 for m in unseen if m.sender != userid)


def new_msgid() -> str:
    """A message id as WeCom's look: opaque, unique."""
    return secrets.token_urlsafe(24)
