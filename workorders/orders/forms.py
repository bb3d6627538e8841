"""What each kind of work asks for when it is opened: the forms as data, and how a filled one is checked.

A door hands in strings, as they were typed or read from a file; :func:`check` answers with the values to
keep, or names every field that is missing or impossible at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from workorders.directory.people import Role
from workorders.orders.errors import BadForm, Fault
from workorders.orders.kinds import Kind

#: Characters a field may have.
MOST = 500
_MOST_YUAN = Decimal(10) ** 9
_PHONE = re.compile(r"\+?\d[\d -]{5,18}\d", re.ASCII)


class _Unfit(Exception):
    """Why a value cannot be taken, in a word of :class:`Fault`."""


#: Makes the value to keep, a JSON value, of what was typed on a local day.
Reads = Callable[[str, date], Any]


@dataclass(frozen=True)
class Field:
    """One field of a form.

    Attributes:
        name: as it is stored and named at the command line; what people call it is in the phrases.
        reads: checks a value.
        accepted: what is accepted, for the operator.
        required: whether the form is incomplete without it.
    """

    name: str
    reads: Reads
    accepted: str
    required: bool = False


@dataclass(frozen=True)
class Form:
    """A kind's form.

    Attributes:
        fields: in the order they are asked for.
        one_of: fields of which exactly one must be there; none where there is no such choice.
        text: the field that says what the order is about where no words were given beside the form.
    """

    fields: tuple[Field, ...] = ()
    one_of: tuple[str, ...] = ()
    text: str = ""

    def field(self, name: str) -> Field | None:
        """The field of that name."""
        return next((f for f in self.fields if f.name == name), None)


def _text(raw: str, today: date) -> str:
    return raw


def _phone(raw: str, today: date) -> str:
    if not _PHONE.fullmatch(raw):
        raise _Unfit("form")
    return raw


def _yuan(raw: str, today: date) -> str:
    try:
        amount = Decimal(raw.replace(",", "").removesuffix("元").strip())
    except InvalidOperation:
        raise _Unfit("form") from None
    if not amount.is_finite() or amount > _MOST_YUAN or amount != round(amount, 2):
        raise _Unfit("form")
    if amount < 0:
        raise _Unfit("negative")
    return f"{amount:.2f}".removesuffix(".00")


def _count(raw: str, today: date) -> int:
    try:
        count = int(raw)
    except ValueError:
        raise _Unfit("form") from None
    if count < 1:
        raise _Unfit("negative")
    if count > 10**6:
        raise _Unfit("form")
    return count


def _day(raw: str) -> date:
    try:
        return date.fromisoformat(raw)
    except ValueError:
        raise _Unfit("form") from None


def _day_to_come(raw: str, today: date) -> str:
    if _day(raw) < today:
        raise _Unfit("past")
    return _day(raw).isoformat()


def _day_gone_by(raw: str, today: date) -> str:
    if _day(raw) > today:
        raise _Unfit("future")
    return _day(raw).isoformat()


def _order(raw: str, today: date) -> int:
    if not re.fullmatch(r"[1-9]\d{3,8}", raw, re.ASCII):
        raise _Unfit("form")
    return int(raw)


def _choice(*accepted: str) -> tuple[Reads, str]:
    def read(raw: str, today: date) -> str:
        if raw not in accepted:
            raise _Unfit("choice")
        return raw

    return read, ", ".join(accepted)


_LINE = "a line of text"
_CONTACT = Field("contact", _text, "a name")
_CALLBACK = Field("phone", _phone, "a phone number")
_CALLER = Form((Field("caller", _text, "a name"), _CALLBACK))

#: The form of every kind. Whoever logs a phone call may say who called.
FORMS: Mapping[Kind, Form] = {
    Kind.DAILY: _CALLER,
    Kind.URGENT: _CALLER,
    Kind.INTEGRATION: Form(
        (
            Field("system", _text, _LINE, required=True),
            Field("fee", *_choice("none", "charged"), required=True),
            Field("contact", _text, "a name", required=True),
            _CALLBACK,
            Field("amount", _yuan, "yuan, 0 or more"),
            Field("completion", _day_to_come, "YYYY-MM-DD, today or later"),
        )
    ),
    Kind.ONBOARDING: Form(
        (
            Field("merchant", _text, _LINE, required=True),
            Field("category", _text, _LINE, required=True),
            _CONTACT,
            _CALLBACK,
            Field("stores", _count, "a whole number, 1 or more"),
            Field("materials", _text, _LINE),
        ),
        text="merchant",
    ),
    Kind.AFTERSALES: Form(
        (
            Field("device", _text, _LINE, required=True),
            Field("serial", _text, _LINE, required=True),
            Field("quantity", _count, "a whole number, 1 or more"),
            Field("bought", _day_gone_by, "YYYY-MM-DD, today or earlier"),
            _CONTACT,
            _CALLBACK,
        )
    ),
    Kind.COMPLAINT: Form(
        (
            Field("order", _order, "the number of a work order"),
            Field("role", *_choice(*Role)),
        ),
        one_of=("order", "role"),
    ),
}


def check(kind: Kind, raw: Mapping[str, str], today: date) -> dict[str, Any]:
    """The values of a filled form, to be kept with the order.

    Args:
        raw: field name to what was typed; empty ones count as not given.
        today: the local day, for days that must be past or yet to come.

    Raises:
        BadForm: fields are missing, unknown or impossible; all of them are named.
    """
    form = FORMS[kind]
    given = {name: value.strip() for name, value in raw.items() if value.strip()}
    faults = [Fault(name, "unknown", accepted=_names(form)) for name in given if not form.field(name)]
    kept: dict[str, Any] = {}
    for field in form.fields:
        value = given.get(field.name)
        if value is None:
            if field.required:
                faults.append(Fault(field.name, "missing", accepted=field.accepted))
            continue
        try:
            kept[field.name] = field.reads(_of_length(value), today)
        except _Unfit as unfit:
            faults.append(Fault(field.name, str(unfit), value[:40], field.accepted))
    if form.one_of and len(given.keys() & set(form.one_of)) != 1:
        faults.append(Fault(form.one_of[0], "missing", accepted=f"one of {' and '.join(form.one_of)}"))
    if faults:
        raise BadForm(kind, tuple(faults))
    return kept


def _of_length(value: str) -> str:
    if len(value) > MOST:
        raise _Unfit("long")
    return value


def _names(form: Form) -> str:
    return ", ".join(field.name for field in form.fields)
