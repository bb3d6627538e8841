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

# Clients of mail keep inline styles and drop others; 微软雅黑 is what Windows has.
_FONT = "font:16px/1.7 -apple-system,'PingFang SC','Microsoft YaHei',sans-serif;color:#1f2329"
_PAGE = (
    '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"></head>'
    '<body style="margin:0;padding:24px 12px;background:#f2f4f7">'
    '<div style="max-width:600px;margin:0 auto;padding:24px 28px;background:#ffffff;border-radius:8px;'
    f'{_FONT}">{{}}</div></body></html>'
)
_STYLES = {
    "<blockquote>": '<blockquote style="margin:0 0 12px;padding-left:12px;border-left:3px solid #d0d5dd;'
    'color:#646a73">',
    "<p>": '<p style="margin:0 0 12px">',
    "<h1>": '<h1 style="font-size:20px;margin:20px 0 8px">',
    "<h2>": '<h2 style="font-size:18px;margin:20px 0 8px">',
    "<h3>": '<h3 style="font-size:16px;margin:20px 0 8px">',
    "<ul>": '<ul style="margin:0 0 12px;padding-left:1.4em">',
    "<ol>": '<ol style="margin:0 0 12px;padding-left:1.4em">',
}
_BUTTON = (
    "display:inline-block;margin:8px 0;padding:10px 28px;border-radius:6px;background:#2b59d9;"
    "color:#ffffff;text-decoration:none;font-weight:600"
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
    action: str = "",
) -> dict[str, Any]:
    """A mail, fixed before it is sent and the same however often it is tried.

    Args:
        to: one address.
        subject: one line.
        markdown: its words; ``plain()`` what others wrote.
        message_id: ours, with its angle brackets, by which a repeat is known. ``references``: earlier ones.
        at: its Date (aware UTC).
        action: the address among its links that is shown as a button.
    """
    return {
        "to": to,
        "subject": " ".join(subject.split()),
        "text": unmarked(markdown),
        "html": _PAGE.format(_styled(html_of(markdown), action)),
        "message_id": message_id,
        "references": list(references),
        "date": format_datetime(at),
    }


def _styled(html: str, action: str) -> str:
    for plain, styled in _STYLES.items():
        html = html.replace(plain, styled)
    return html.replace(f'<a href="{action}">', f'<a style="{_BUTTON}" href="{action}">') if action else html


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
