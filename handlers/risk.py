"""What is never done in a chat, and whom it is told to: settlement accounts changed, trade nobody may do.

A settlement account is changed only where whoever asks is verified (people.md, Rules 20): the asker is told
where, and the partner's own registered contacts hear of it, since the asker may not be who they seem to be.
"""

from __future__ import annotations

import hashlib
import re

from handlers.here import Here
from handlers.message import Incoming, Reply
from handlers.phrases import risk as phrases
from handlers.reading import asks, fold
from knowledge.faults import is_fault
from workorders.directory.people import Person, Role
from workorders.letters import Letter

_CHANGE = r"(?:改|换|变更|更换|更改|替换|调整|绑定)"
_CARD = r"(?:卡|账户|帐户|账号|帐号)"
_ACCOUNT = rf"(?:(?:结算|收款|提现|出款|到账|入账)的?(?:银行)?{_CARD}|对[公私](?:账户|帐户|账号|帐号))"
_WITHIN = r"[^，。；？！,;?!\n]"
_ASKED = re.compile(
    rf"{_CHANGE}(?!了){_WITHIN}{{0,6}}{_ACCOUNT}"
    rf"|{_ACCOUNT}{_WITHIN}{{0,8}}{_CHANGE}(?:成|为|到|一下|下|掉|一张|个|张|$)"
    rf"|[钱款金]{_WITHIN}{{0,4}}(?:打|转|结算|结)[到给至]{_WITHIN}{{0,6}}(?:这张|另一张|新){_WITHIN}{{0,3}}{_CARD}"
)
#: An account or a card given along with the words: nobody who only asks how it is done does that.
_GIVEN = re.compile(r"\d{4,6}\*{3,10}\d{4}|\d{9,}")


def settlement(incoming: Incoming, here: Here) -> Reply | None:
    """A settlement account is to be changed: not here; contacts and supervisors hear of it."""
    text = fold(incoming.text)
    if not _ASKED.search(text):
        return None
    if not _GIVEN.search(text) and (asks(text) or is_fault(text)):
        return None  # how it is done, or that it failed: an article's, or an order's
    told = _registered(here)
    for person in told:
        _post("settlement_alert", person, incoming, here)
    for lead in here.directory.supervisors():
        _post("settlement_flag", lead, incoming, here, told=[person.name for person in told])
    return Reply(phrases.settlement(here.hotline, told=bool(told)))


def refuse(incoming: Incoming, here: Here) -> Reply:
    """Trade nobody may do: one fixed sentence, no lecture; a supervisor decides whether risk must know."""
    for lead in here.directory.supervisors():
        if lead.userid != here.sender.userid:
            _post("risk_flag", lead, incoming, here)
    return Reply(phrases.REFUSED)


def _registered(here: Here) -> tuple[Person, ...]:
    """The partner's business contacts on WeCom, else all there are; never whoever asks."""
    partner = here.sender.partner or (here.group.partner if here.group else None)
    if partner is None:
        return ()
    people = here.directory.contacts_of(partner.id)
    others = tuple(p for p in people if p.userid and p.userid != here.sender.userid)
    return tuple(p for p in others if Role.BUSINESS in p.roles) or others


def _post(kind: str, to: Person, incoming: Incoming, here: Here, **more: object) -> None:
    """One letter a day to each about each asker: who repeats themself must not flood others."""
    day = here.agreement.calendar.local_day(here.now)
    partner = here.sender.partner or (here.group.partner if here.group else None)
    facts = {
        "who": here.sender.name,
        "partner": partner.name if partner else None,
        "group": here.group.name if here.group else None,
        "text": incoming.text,
        "hotline": here.hotline,
        "at": here.now.isoformat(),
        **more,
    }
    about = hashlib.sha256(f"{here.sender.userid}|{day}".encode()).hexdigest()[:32]
    here.orders.letters.post(
        Letter(f"risk:{about}", 1, f"{kind}.{day}", to.userid, "app", kind, facts, urgent=True)
    )
