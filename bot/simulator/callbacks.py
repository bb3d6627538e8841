"""What people do, on its way to the desk: each in a thread of its own, by the door it belongs to."""

from __future__ import annotations

from concurrent.futures import Future

from bot.simulator.aibot_door import AibotDoor
from bot.simulator.app_door import AppDoor
from bot.simulator.config import Person
from bot.simulator.delivery import Outcome, Press, spawn
from bot.simulator.world import Door, View, World


class Callbacks:
    """Starts callbacks; every method returns a future :class:`Outcome`."""

    def __init__(self, world: World, app: AppDoor, aibot: AibotDoor) -> None:
        self._world, self._app, self._aibot = world, app, aibot

    def message(self, message: View, person: Person, *, door: Door, text: str) -> Future[Outcome]:
        """Deliver a person's message.

        Args:
            message: as it stands in the chat.
            text: what the desk is told they wrote (in a group, with the mention).
        """
        to = self._app if door == "app" else self._aibot
        return spawn(lambda: to.message(message, person, text))

    def press(self, message: View, person: Person, press: Press) -> Future[Outcome]:
        """Deliver a press on a card: through the door the card came through."""
        to = self._app if message["voice"] == "app" else self._aibot
        self._world.await_press(message["id"], person.userid, press.key)

        def run() -> Outcome:
            outcome = Outcome("failed", error="the simulator failed")
            try:
                outcome = to.press(message, person, press)
            finally:
                answered = outcome.outcome in ("answered", "silent")
                self._world.press_settled(message["id"], person.userid, answered=answered)
            return outcome

        return spawn(run)

    def enter(self, person: Person, door: Door) -> Future[Outcome]:
        """Tell the desk that a person opened their 1:1."""
        to = self._app if door == "app" else self._aibot
        return spawn(lambda: to.enter(person))
