"""What a person can do in their WeCom: say, press, enter, recall. Page and tests use the same hands."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import timedelta
from typing import Any

from bot.simulator import cards
from bot.simulator.callbacks import Callbacks
from bot.simulator.clock import ZONE
from bot.simulator.config import Person
from bot.simulator.delivery import Outcome, Press
from bot.simulator.media import Media
from bot.simulator.world import EVERYONE, Door, Unknown, View, World

RECALL_WITHIN = timedelta(minutes=3)
"""How long a person may take back what they wrote."""


class Refused(ValueError):
    """Something WeCom's client would not let a person do; the text is for that person."""


class People:
    """Acts for the members of the corp."""

    def __init__(self, world: World, media: Media, callbacks: Callbacks) -> None:
        self._world, self._media, self._callbacks = world, media, callbacks

    def say(
        self,
        userid: str,
        text: str,
        *,
        chat: str | None = None,
        door: Door | None = None,
        quote: int | None = None,
        picture: str | None = None,
        file: str | None = None,
        voice: bool = False,
    ) -> tuple[View, Future[Outcome] | None]:
        """Write into a chat.

        Args:
            chat: a group's chatid, or a 1:1 as ``app:<userid>`` or ``aibot:<userid>``; None is the person's
                own 1:1 with ``door``.
            door: for ``chat`` None; by default the app for staff and the aibot for partners' people.
            quote: id of the message this one quotes.
            picture: media id of a picture to go with it.
            file: media id of a file, which is a message of its own.
            voice: a voice message; ``text`` is what was spoken.

        Returns:
            The message, and what becomes of it: None where WeCom does not call the desk (in a group, unless
            the bot is mentioned; a group's voice message, file or bare picture never).

        Raises:
            Unknown: no such person, chat or quoted message.
            Refused: not a member of the chat, or nothing to send.
        """
        person = self._world.person(userid)
        chat = self._chat(person, chat, door)
        if file is not None and (text.strip() or picture is not None):
            raise Refused("文件请单独发送。")
        if not text.strip() and picture is None and file is None:
            raise Refused("不能发送空白消息。")
        kind = "voice" if voice else "text" if picture is None else "mixed" if text else "picture"
        if file is not None:
            kind, text = "file", self._media.name(file)
        quotation = self._world.quoted(self._world.message(quote)) if quote is not None else None
        group = self._world.group(chat) is not None
        called = not group or (kind in ("text", "mixed") and f"@{self._world.config.aibot_name}" in text)
        message = self._world.post(
            chat,
            "person",
            kind,
            sender=person.userid,
            text=text,
            media=[media for media in (picture, file) if media],
            quote=quotation,
            delivery="sending" if called else None,
        )
        self._world.read(person.userid, chat)
        if not called:
            return message, None
        to: Door = "app" if chat.startswith("app:") else "aibot"
        return message, self._callbacks.message(message, person, door=to, text=text)

    def press(
        self,
        userid: str,
        key: str,
        *,
        task_id: str | None = None,
        message: int | None = None,
        selected: dict[str, list[str]] | None = None,
        stale: bool = False,
    ) -> tuple[View, Future[Outcome]]:
        """Press a card's button, or submit its choices.

        Args:
            task_id: the card's; the newest one the person sees. Or name the ``message``.
            selected: question_key to chosen option ids.
            stale: press although the card no longer offers it, as a page not yet refreshed may.

        Raises:
            Unknown: no such card for this person.
            Refused: it does not offer that key (any more), or a press is still being answered.
        """
        person = self._world.person(userid)
        shown = self._card(person, task_id, message)
        card: dict[str, Any] = shown["card_for"].get(person.userid) or shown["card"]
        if not stale:
            if person.userid in shown["pressed"]:
                raise Refused("正在处理，请稍候。")
            if EVERYONE in shown["done"] or person.userid in shown["done"] or key not in offered(card):
                raise Refused("卡片已更新，此按钮不再可用。")
        press = Press(key, str(card.get("card_type")), str(card.get("task_id")), selected or {})
        return shown, self._callbacks.press(shown, person, press)

    def enter(self, userid: str, door: Door) -> Future[Outcome] | None:
        """Open the 1:1 with the aibot (told to the desk the first time a day) or the app (every time).

        Raises:
            Unknown: no such person.
        """
        person = self._world.person(userid)
        day = self._world.now().astimezone(ZONE).date().isoformat()
        if door == "aibot" and not self._world.enters_today(person.userid, f"aibot:{person.userid}", day):
            return None
        return self._callbacks.enter(person, door)

    def recall(self, userid: str, message: int) -> View:
        """Take back one's own message, for a few minutes.

        Raises:
            Unknown: no such message.
            Refused: somebody else's, or too long ago.
        """
        person = self._world.person(userid)
        found = self._world.message(message)
        if found["sender"] != person.userid:
            raise Refused("只能撤回自己发送的消息。")
        if self._world.age(message) > RECALL_WITHIN:
            raise Refused("已超过 3 分钟，不能撤回。")
        return self._world.change(message, recalled=True)

    def _chat(self, person: Person, chat: str | None, door: Door | None) -> str:
        if chat is None:
            return f"{door or ('app' if person.side == 'staff' else 'aibot')}:{person.userid}"
        if person.userid not in self._world.members(chat):
            raise Refused(f"{person.name} 不在这个会话里。")
        return chat

    def _card(self, person: Person, task_id: str | None, message: int | None) -> View:
        if message is not None:
            found = self._world.message(message)
            if found["card"] and person.userid in self._world.members(found["chat"]):
                return found
        elif task_id is not None:
            seen = self._world.cards(task_id, seen_by=person.userid)
            if seen:
                return seen[0]
        raise Unknown(f"no such card for {person.userid}: {task_id or message}")


def offered(card: cards.Card) -> set[str]:
    """The keys a card lets one press: its buttons, its submit button, its menu."""
    keys = {str(b["key"]) for b in card.get("button_list") or () if b.get("key")}
    keys |= {str(a["key"]) for a in (card.get("action_menu") or {}).get("action_list") or () if a.get("key")}
    if card.get("submit_button"):
        keys.add(str(card["submit_button"]["key"]))
    return keys if cards.is_interactive(card) else set()
