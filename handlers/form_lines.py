"""Forms as people type them: a field a line (商户：…), under the names people have for them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from handlers import moments
from handlers.here import Here
from handlers.phrases.forms import CHOICES, FEE_WORDS, LABELS, TEXT_LABELS, role_named
from handlers.reading import bare, fold
from workorders.orders.forms import FORMS
from workorders.orders.kinds import Kind

_LINE = re.compile(r"^\s*(?P<label>[^:：\n]{1,12})\s*[:：]\s*(?P<value>.*)$")


def read(kind: Kind, text: str, here: Here) -> tuple[dict[str, str], str]:
    """The fields a text fills in, as :func:`workorders.orders.forms.check` takes them, and its other words.

    A line that begins with no name of a field goes on with the line before it, or is of the other words.
    """
    names = _names(kind)
    filled: dict[str, str] = {}
    words: list[str] = []
    last = ""
    for line in text.splitlines():
        found = _LINE.match(line)
        name = names.get(bare(found["label"])) if found else None
        if found and name:
            filled[name] = found["value"].strip()
            last = name
        elif line.strip() and last and last != "text":
            filled[last] = f"{filled[last]} {line.strip()}".strip()
        elif line.strip():
            words.append(line.strip())
    if said := filled.pop("text", ""):
        words.insert(0, said)
    return {name: value(name, raw, here) for name, raw in filled.items()}, " ".join(words).strip()


def value(field: str, raw: str, here: Here) -> str:
    """What somebody typed for a field, as the form takes it; what cannot be read is left as it is."""
    raw = raw.strip()
    match field:
        case "fee":
            return FEE_WORDS.get(bare(raw), _chosen(field, raw))
        case "role":
            role = role_named(bare(raw))
            return str(role) if role else raw
        case "completion" | "bought":
            found = moments.find(raw, here.now, here.agreement.calendar)
            return here.agreement.calendar.local_day(found.at).isoformat() if found else fold(raw)
        case "order" | "stores" | "quantity" | "amount" | "phone":
            return re.sub(r"^[#№]|(?:台|家|个|号)$", "", fold(raw)).strip()
    return raw


def _chosen(field: str, raw: str) -> str:
    return next((key for key, name in CHOICES[field].items() if name == raw), raw)


def _names(kind: Kind) -> Mapping[str, str]:
    """Every name people have for a field of that form, and for the words beside it."""
    fields = (*(field.name for field in FORMS[kind].fields), "partner")
    form = {bare(label): name for name in fields for label in LABELS[name]}
    return {bare(label): "text" for label in TEXT_LABELS[kind]} | form
