"""A mail as its delivery keeps it, text and HTML of one markdown, and as it goes over the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from markdown_it import MarkdownIt

from workorders.markup import unmarked

#: Raw HTML is shown as the characters it is made of, and pictures are links: nothing loads by itself.
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable("image")

_PAGE = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><body style="font:16px/1.6 sans-serif;'
    'color:#1f2329;max-width:40em;margin:1em auto;padding:0 1em">{}</body></html>'
)


#: What a group's markdown shows: headings, bold, links, code and quotes; no lists, tables or rules (91770).
_GROUP = MarkdownIt("zero", {"html": False, "breaks": True}).enable(
    ["heading", "emphasis", "link", "backticks", "blockquote", "newline", "escape"]
)


def html_of(markdown: str, *, group: bool = False) -> str:
    """Markdown as HTML, raw HTML in it as text.

    Args:
        group: as a group's message shows it.
    """
    return str((_GROUP if group else _MARKDOWN).render(markdown))


def mail(
    to: str,
    subject: str,
    markdown: str,
    *,
    message_id: str,
    at: datetime,
    references: Sequence[str] = (),
) -> dict[str, Any]:
    """A mail, fixed before it is sent and the same however often it is tried.

    Args:
        to: one address.
        subject: one line.
        markdown: its words; ``plain()`` what others wrote.
        message_id: ours, with its angle brackets, by which a repeat is known. ``references``: earlier ones.
        at: its Date (aware UTC).
    """
    return {
        "to": to,
        "subject": " ".join(subject.split()),
        "text": unmarked(markdown),
        "html": _PAGE.format(html_of(markdown)),
        "message_id": message_id,
        "references": list(references),
        "date": format_datetime(at),
    }


def on_the_wire(payload: Mapping[str, Any], sender: str) -> EmailMessage:
    """The mail with its headers, from ``sender`` (an address, perhaps with a name)."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = payload["to"]
    message["Subject"] = payload["subject"]
    message["Date"] = payload["date"]
    message["Message-ID"] = payload["message_id"]
    if payload["references"]:
        message["In-Reply-To"] = payload["references"][-1]
        message["References"] = " ".join(payload["references"])
    # Holiday notes and the like must not answer a machine (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(payload["text"])
    message.add_alternative(payload["html"], subtype="html")
    return message
