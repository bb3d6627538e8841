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
        takes: bytes a form may bring where it brings a file; 0 for what every form may.
    """

    roles: frozenset[As] | None
    about: str = ""
    takes: int = 0


def _to(*roles: As, about: str = "", takes: int = 0) -> Permit:
    return Permit(frozenset(roles), about, takes)


ANYBODY = Permit(None)
_OURS = (As.DESK, As.HOTLINE, As.SUPERVISOR, As.OPERATIONS, As.ADMIN)
_ALL = (*_OURS, As.PARTNER)
_PHONES = (As.HOTLINE, As.DESK, As.SUPERVISOR)
_ANNOUNCE = (As.OPERATIONS, As.SUPERVISOR, As.ADMIN)
_LEAD = (As.SUPERVISOR, As.ADMIN)
_FILE, _UNPACKED, _SMALL_FILE = 2_000_000, 20_000_000, 200_000

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
    "order.phones": _to(*_PHONES, about="order"),
    "order.file": _to(*_ALL, about="order"),
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
    # Figures: of everybody's work, for those who lead it; a partner is handed its printed sheet.
    "reports.show": _to(*_ANNOUNCE),
    "reports.table": _to(*_ANNOUNCE),
    "reports.export": _to(*_ANNOUNCE),
    "reports.sheet": _to(*_ANNOUNCE),
    # 管理: our people look; what a use case lets only some of them do, it judges itself.
    "directory.show": _to(*_OURS),
    "directory.staff": _to(*_OURS),
    "directory.partners": _to(*_OURS),
    "directory.act": _to(As.DESK, *_LEAD),
    "directory.exchange": _to(As.ADMIN),
    "directory.read": _to(As.ADMIN, takes=_FILE),
    "directory.import_": _to(As.ADMIN, takes=_UNPACKED),
    "directory.export": _to(As.ADMIN),
    "agreement.show": _to(*_OURS),
    "holidays.show": _to(*_OURS),
    "holidays.read": _to(As.ADMIN, takes=_SMALL_FILE),
    "holidays.import_": _to(As.ADMIN, takes=_SMALL_FILE),
    "holidays.take_back": _to(As.ADMIN),
    "letters.show": _to(*_LEAD),
    "letters.act": _to(*_LEAD),
    "gaps.show": _to(As.DESK, As.OPERATIONS, *_LEAD),
    "gaps.export": _to(As.OPERATIONS, *_LEAD),
    "audit.show": _to(*_LEAD),
    "audit.export": _to(*_LEAD),
    # Behind a notice's link; a mail's link says by itself whose it is.
    "ack.show": _to(*_ALL),
    "ack.answer": _to(*_ALL),
    "ack.mailed": ANYBODY,
    "ack.mailed_answer": ANYBODY,
}
