"""The use cases of notices: every door, sweep and command goes through here.

Everything joins the caller's unit of work and nothing commits.
"""

from __future__ import annotations

from dataclasses import dataclass

from workorders.notices.answering import Answering
from workorders.notices.broadcasting import Broadcasting
from workorders.notices.composing import Composing, Draft, Warned

__all__ = ["Draft", "NoticeDesk", "Warned"]


@dataclass(frozen=True)
class NoticeDesk(Composing, Answering, Broadcasting):
    """Notices, as a door sees them."""
