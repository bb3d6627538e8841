"""One page in its frame: the navigation, who looks, what time it is at the desk, and what was just done."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Response, flash, g, make_response, render_template, request, url_for

from bot.console.house import house
from bot.console.viewer import As, Viewer
from handlers.phrases.text import ZONE

STATIC = Path(__file__).with_name("static")


@dataclass(frozen=True)
class Entry:
    """One entry of the navigation: shown to whoever its page's row in PERMISSIONS lets in.

    Attributes:
        endpoint: where it leads. ``icon``: a symbol's id in ``templates/icons.svg``.
        within: the blueprints whose pages belong to it.
    """

    endpoint: str
    name: str
    icon: str
    within: tuple[str, ...]


#: The inner menu of 管理, in order.
ADMIN: tuple[Entry, ...] = (
    Entry("directory.show", "通讯录", "admin", ("directory",)),
    Entry("agreement.show", "服务约定", "admin", ("agreement",)),
    Entry("holidays.show", "节假日", "admin", ("holidays",)),
    Entry("letters.show", "消息", "admin", ("letters",)),
    Entry("gaps.show", "知识缺口", "admin", ("gaps",)),
    Entry("audit.show", "审计", "admin", ("audit",)),
)
#: The navigation, in order.
NAV: tuple[Entry, ...] = (
    Entry("board.show", "工单", "board", ("board", "order")),
    Entry("hotline.form", "来电", "phone", ("hotline",)),
    Entry("incident.listing", "故障", "incident", ("incident",)),
    Entry("notices.show_all", "通知", "bell", ("notices",)),
    Entry("reports.show", "报表", "chart", ("reports",)),
    Entry("directory.show", "管理", "admin", tuple(name for entry in ADMIN for name in entry.within)),
)


def page(template: str, status: int = 200, **facts: Any) -> Response:
    """A template in the frame, with what every page shows."""
    return at_desk_time(make_response(render_template(template, **facts, **_frame()), status))


def at_desk_time(response: Response) -> Response:
    """The response with what time it is at the desk, by which the page counts down."""
    response.headers["Desk-Now"] = house().now().isoformat()
    return response


def said(sentence: str, *, bad: bool = False) -> None:
    """Say something at the top of the next page this person sees."""
    flash(sentence, "bad" if bad else "good")


def _frame() -> dict[str, Any]:
    found: Viewer | None = g.get("viewer")
    now = house().now()
    return {
        "viewer": found,
        "now": now,
        "local_now": now.astimezone(ZONE),
        "nav": list(_entries(NAV, found)),
        "menu": list(_entries(ADMIN, found)),
        "current": (request.blueprint or ""),
        "As": As,
    }


def _entries(of: tuple[Entry, ...], found: Viewer | None) -> Iterator[Entry]:
    from bot.console.permissions import PERMISSIONS

    for entry in of:
        permit = PERMISSIONS[entry.endpoint]
        if found is not None and permit.roles is not None and permit.roles & found.stands:
            yield entry


def static(path: str) -> str:
    """The address of one of our files. It changes whenever any of them does: scripts import each other."""
    return url_for("console.static", version=version(), filename=path)


@cache
def version() -> str:
    """What all our files are, in a few characters."""
    files = sorted(path for path in STATIC.rglob("*") if path.is_file())
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]
