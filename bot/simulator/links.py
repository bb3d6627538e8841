"""URLs a callback hands to the desk: bearer rights that expire."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from bot.simulator.codes import Codes
from bot.simulator.config import SimulatorConfig
from bot.simulator.world import View

RESPONSE_LASTS = timedelta(hours=1)
MEDIA_LASTS = timedelta(minutes=5)


class Links:
    """Makes them.

    Attributes:
        base_url: the simulator's own address; set once the port is known.
    """

    def __init__(self, config: SimulatorConfig, codes: Codes) -> None:
        self.base_url = "http://127.0.0.1:8000"
        self._config, self._codes = config, codes

    def response(self, message: View) -> str:
        """Where one more message may be posted into the chat of this one, within an hour (101138)."""
        chat = message["chat"]
        code = self._codes.new_code(
            "url",
            RESPONSE_LASTS,
            self._config.machine_now(),
            chat=chat,
            single=":" in chat,
            trigger=message["id"],
        )
        return f"{self.base_url}/cgi-bin/aibot/response?response_code={code}"

    def media(self, form: Literal["sealed", "plain"], media_id: str) -> str:
        """Where a file may be fetched for five minutes; ``sealed`` is encrypted, as the aibot's are."""
        code = self._codes.new_code(
            "media", MEDIA_LASTS, self._config.machine_now(), media_id=media_id, form=form
        )
        return f"{self.base_url}/sim/media/{form}/{code}"
