"""The aibot's callback: JSON, one response_url a message, streams that are polled (100719, 101027)."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from bot.simulator import answers
from bot.simulator.config import Person, SimulatorConfig
from bot.simulator.delivery import Delivery, Outcome, Payload, Press, spawn
from bot.simulator.links import Links
from bot.simulator.media import Media
from bot.simulator.world import View, World, new_msgid


class AibotDoor:
    """Tells the desk what people say to the aibot and press on its cards, and shows what it answers."""

    def __init__(
        self, config: SimulatorConfig, world: World, media: Media, links: Links, delivery: Delivery
    ) -> None:
        self._config, self._world, self._media = config, world, media
        self._links, self._delivery = links, delivery
        self._lock = threading.Lock()
        self._in_flight: Counter[str] = Counter()

    def message(self, message: View, person: Person, text: str) -> Outcome:
        """Deliver a message; at most three of one person may wait for an answer at a time."""
        with self._flight(person.userid) as free:
            if not free:
                self._world.change(message["id"], delivery="busy")
                return Outcome("busy")
            payload = self._frame(message["chat"], person, message["msgid"]) | self._content(message, text)
            payload["response_url"] = self._links.response(message)
            answer = self._delivery.deliver("aibot", payload, self._config.patience.attempts, message["id"])
            return self._delivery.settle(
                message, answer, lambda reply: self._replies(reply, message, person, polled=False)
            )

    def _frame(self, chat: str, person: Person, msgid: str) -> Payload:
        single = ":" in chat
        return {
            "msgid": msgid,
            "aibotid": self._config.aibotid,
            **({} if single else {"chatid": chat}),
            "chattype": "single" if single else "group",
            "from": {"userid": person.userid},
        }

    def _content(self, message: View, text: str) -> Payload:
        images = [self._media_part("image", m) for m in message["media"]]
        content: Payload
        if message["kind"] == "voice":
            content = {"msgtype": "voice", "voice": {"content": text}}
        elif message["kind"] == "file":
            content = self._media_part("file", message["media"][0])
        elif images and text:
            item = {"msgtype": "text", "text": {"content": text}}
            content = {"msgtype": "mixed", "mixed": {"msg_item": [item, *images]}}
        elif images:
            content = images[0]
        else:
            content = {"msgtype": "text", "text": {"content": text}}
        if message["quote"]:
            content["quote"] = self._quote(message["quote"])
        return content

    def _media_part(self, kind: str, media_id: str) -> Payload:
        return {"msgtype": kind, kind: {"url": self._links.media("sealed", media_id)}}

    def _quote(self, quote: Payload) -> Payload:
        """The quoted message in the same structure; it says neither its id nor its author (100719)."""
        if (quoted := quote.get("media")) and quote["kind"] == "file":
            return self._media_part("file", quoted[0])
        if quoted and quote["kind"] == "picture":
            return self._media_part("image", quoted[0])
        return {"msgtype": "text", "text": {"content": quote["text"]}}

    def press(self, message: View, person: Person, press: Press) -> Outcome:
        """Deliver a press, once; the answer may change the card for some or for everybody."""
        event: Payload = {
            "card_type": press.card_type,
            "event_key": press.key,
            "task_id": press.task_id,
        }
        items = [{"question_key": q, "option_ids": {"option_id": ids}} for q, ids in press.selected.items()]
        if items:
            event["selected_items"] = {"selected_item": items}
        payload = self._frame(message["chat"], person, new_msgid()) | {
            "response_url": self._links.response(message),
            "create_time": int(self._world.now().timestamp()),
            "msgtype": "event",
            "event": {"eventtype": "template_card_event", "template_card_event": event},
        }
        answer = self._delivery.deliver("aibot", payload, 1)

        def apply(reply: Payload) -> list[int]:
            update = answers.aibot_update(reply, press.task_id)
            done = str(update.card.get("replace_text", ""))
            userids = None if update.userids is None else [self._world.userid(u) for u in update.userids]
            for shown in self._world.cards(press.task_id, voice="aibot"):
                self._world.show_card(shown["id"], update.card, done, userids)
            return []

        return self._delivery.settle(None, answer, apply)

    def enter(self, person: Person) -> Outcome:
        """Deliver the opening of the 1:1, once; the answer is a welcome."""
        chat = f"aibot:{person.userid}"
        payload = self._frame(chat, person, new_msgid()) | {
            "create_time": int(self._world.now().timestamp()),
            "msgtype": "event",
            "event": {"eventtype": "enter_chat"},
        }
        answer = self._delivery.deliver("aibot", payload, 1)

        def apply(reply: Payload) -> list[int]:
            welcome = answers.aibot_welcome(reply, self._world)
            if welcome.card is not None:
                return [self._world.post(chat, "aibot", "card", card=welcome.card)["id"]]
            return [self._world.post(chat, "aibot", "text", text=welcome.text)["id"]]

        return self._delivery.settle(None, answer, apply)

    def _replies(
        self, reply: Payload, trigger: View, person: Person, *, polled: bool, shown: int | None = None
    ) -> list[int]:
        """Put an answer to a message, or to a poll of its stream, into the chat."""
        said = answers.aibot_reply(reply, self._world, polled=polled)
        chat, ids = trigger["chat"], []
        quote = None if ":" in chat else self._world.quoted(trigger)
        if said.stream is not None:
            media = [self._media.keep(image) for image in said.images]
            if shown is None:
                shown = self._world.post(
                    chat,
                    "aibot",
                    "markdown",
                    text=said.text,
                    markup="v2",
                    media=media,
                    quote=quote,
                    stream=said.stream,
                    finished=said.finished,
                )["id"]
            else:
                self._world.change(shown, text=said.text, media=media, finished=said.finished)
            ids.append(shown)
            if not said.finished and not polled:
                spawn(lambda: self._poll(trigger, person, said.stream or "", shown or 0))
        if said.card is not None:
            quote = quote if not ids else None
            ids.append(self._world.post(chat, "aibot", "card", card=said.card, quote=quote)["id"])
        return ids

    def _poll(self, trigger: View, person: Person, stream: str, shown: int) -> Outcome:
        """Ask for the rest of an unfinished stream until it is finished or six minutes have passed."""
        patience = self._config.patience
        until = time.monotonic() + patience.stream
        outcome = Outcome("silent")
        while time.monotonic() < until and not self._delivery.stopping.wait(patience.poll):
            payload = self._frame(trigger["chat"], person, new_msgid()) | {
                "msgtype": "stream",
                "stream": {"id": stream},
            }
            answer = self._delivery.deliver("aibot", payload, 1)
            outcome = self._delivery.settle(
                None,
                answer,
                lambda reply: self._replies(reply, trigger, person, polled=True, shown=shown),
            )
            if self._world.message(shown)["finished"]:
                return outcome
        self._world.change(shown, finished=True)
        return outcome

    @contextmanager
    def _flight(self, userid: str) -> Iterator[bool]:
        """Whether one more interaction of this person may wait for an answer."""
        with self._lock:
            free = self._in_flight[userid] < self._config.quotas.in_flight
            if free:
                self._in_flight[userid] += 1
        try:
            yield free
        finally:
            if free:
                with self._lock:
                    self._in_flight[userid] -= 1
