"""The self-built app's callback: XML, every event tried three times (90238, 90240)."""

from __future__ import annotations

import secrets

from bot.simulator import answers
from bot.simulator.codes import Codes
from bot.simulator.config import Person, SimulatorConfig
from bot.simulator.delivery import Delivery, Outcome, Payload, Press
from bot.simulator.links import Links
from bot.simulator.world import View, World


class AppDoor:
    """Tells the desk what people write to the app and press on its cards, and shows what it answers."""

    def __init__(
        self, config: SimulatorConfig, world: World, codes: Codes, links: Links, delivery: Delivery
    ) -> None:
        self._config, self._world, self._codes = config, world, codes
        self._links, self._delivery = links, delivery

    def message(self, message: View, person: Person, text: str) -> Outcome:
        """Deliver a message; the answer may be a text."""
        fields = self._frame(person)
        if message["kind"] == "voice":
            fields |= {"MsgType": "voice", "MediaId": secrets.token_urlsafe(24), "Format": "amr"}
        elif message["kind"] == "file":
            first = message["media"][0]
            fields |= {"MsgType": "file", "MediaId": first, "FileName": message["text"]}
        elif message["media"]:
            first = message["media"][0]
            fields |= {"MsgType": "image", "PicUrl": self._links.media("plain", first), "MediaId": first}
        else:
            fields |= {"MsgType": "text", "Content": text}
        # One id for all attempts: it is what a repeat is known by.
        fields |= {"MsgId": secrets.randbelow(2**62), "AgentID": self._config.agent_id}
        answer = self._delivery.deliver("app", fields, self._config.patience.attempts, message["id"])
        return self._delivery.settle(message, answer, lambda reply: self._replies(reply, person, None))

    def press(self, message: View, person: Person, press: Press) -> Outcome:
        """Deliver a press with a new response_code; the answer may change the card of who pressed."""
        code = self._codes.new_code(
            "card", answers.CARD_LASTS, self._config.machine_now(), task_id=press.task_id
        )
        fields = self._frame(person) | {
            "MsgType": "event",
            "Event": "template_card_event",
            "EventKey": press.key,
            "TaskId": press.task_id,
            "CardType": press.card_type,
            "ResponseCode": code,
            "AgentID": self._config.agent_id,
        }
        items = [{"QuestionKey": q, "OptionIds": {"OptionId": ids}} for q, ids in press.selected.items()]
        if items:
            fields["SelectedItems"] = {"SelectedItem": items}
        answer = self._delivery.deliver("app", fields, self._config.patience.attempts)
        return self._delivery.settle(None, answer, lambda reply: self._replies(reply, person, message))

    def enter(self, person: Person) -> Outcome:
        """Deliver the opening of the app."""
        fields = self._frame(person) | {
            "MsgType": "event",
            "Event": "enter_agent",
            "EventKey": "",
            "AgentID": self._config.agent_id,
        }
        answer = self._delivery.deliver("app", fields, self._config.patience.attempts)
        return self._delivery.settle(None, answer, lambda reply: self._replies(reply, person, None))

    def _frame(self, person: Person) -> Payload:
        return {
            "ToUserName": self._config.corp_id,
            "FromUserName": person.userid,
            "CreateTime": int(self._world.now().timestamp()),
        }

    def _replies(self, reply: Payload, person: Person, pressed: View | None) -> list[int]:
        said = answers.app_reply(reply, pressed is not None)
        if pressed is not None and (said.card is not None or said.done):
            # A passive update changes the card of the member who clicked, and nobody else's.
            self._world.show_card(pressed["id"], said.card, said.done, [person.userid])
            return []
        return [self._world.post(f"app:{person.userid}", "app", "text", text=said.text)["id"]]
