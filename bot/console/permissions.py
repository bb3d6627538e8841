"""Who may open which route: every route of the web process, by its endpoint, in one table.

The gate refuses whatever has no row here, and ``tests/bot/console/test_permissions.py`` walks every route
of the app against this table, as everybody and about one's own partner's order and another's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.console.viewer import As


@dataclass(frozen=True)
class Permit:
    """One row.

    Attributes:
        roles: who may; None is anybody, logged in or not.
        about: what its ``<int:number>`` names, where a partner's staff may only name their own
            (``order``); empty where it names nothing of a partner's.
    """

    roles: frozenset[As] | None
    about: str = ""


def _to(*roles: As, about: str = "") -> Permit:
    return Permit(frozenset(roles), about)


ANYBODY = Permit(None)
_OURS = (As.DESK, As.HOTLINE, As.SUPERVISOR, As.OPERATIONS, As.ADMIN)
_ALL = (*_OURS, As.PARTNER)
_PHONES = (As.HOTLINE, As.DESK, As.SUPERVISOR)
_ANNOUNCE = (As.OPERATIONS, As.SUPERVISOR, As.ADMIN)

PERMISSIONS: Mapping[str, Permit] = {
    # WeCom's doors and the operator's, which check for themselves.
    "verify_app": ANYBODY,
    "hear_app": ANYBODY,
    "verify_bot": ANYBODY,
    "hear_bot": ANYBODY,
    "healthz": ANYBODY,
    "readyz": ANYBODY,
    "metrics": ANYBODY,
    "root": ANYBODY,
    # Coming and going.
    "console.static": ANYBODY,
    "login.start": ANYBODY,
    "login.done": ANYBODY,
    "login.bye": ANYBODY,
    "login.out": _to(*_ALL),
    # Work orders.
    "board.show": _to(*_ALL),
    "order.show": _to(*_ALL, about="order"),
    "order.act": _to(*_ALL, about="order"),
    # Phone calls.
    "hotline.form": _to(*_PHONES),
    "hotline.send": _to(*_PHONES),
    "hotline.partners": _to(*_PHONES),
    "hotline.beside": _to(*_PHONES),
    # Incidents: labels over orders of several partners, which no partner sees.
    "incident.listing": _to(*_OURS),
    "incident.show": _to(*_OURS),
    "incident.mark": _to(As.DESK, As.SUPERVISOR),
    "incident.act": _to(As.DESK, As.SUPERVISOR),
    # Notices.
    "notices.show_all": _to(*_ANNOUNCE),
    "notices.compose": _to(*_ANNOUNCE),
    "notices.show": _to(*_ANNOUNCE),
    "notices.act": _to(*_ANNOUNCE),
    "notices.mend": _to(*_ANNOUNCE),
    "notices.evidence": _to(*_ANNOUNCE),
    # Behind a notice's link; a mail's link says by itself whose it is.
    "ack.show": _to(*_ALL),
    "ack.answer": _to(*_ALL),
    "ack.mailed": ANYBODY,
    "ack.mailed_answer": ANYBODY,
}
