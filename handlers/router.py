"""From a message to its answer: the intents in their order, and what holds for every one of them."""

from __future__ import annotations

from dataclasses import replace

from handlers import INTENTS, filing, memory
from handlers.discretion import discreet
from handlers.here import Here
from handlers.message import Incoming, Reply
from handlers.phrases import cards, common, refusals, text
from handlers.phrases.scene import Scene
from workorders.errors import Refused
from workorders.markup import unmarked

LONGEST = 2000
"""Characters of a message that are read."""


def answer(incoming: Incoming, here: Here) -> Reply:
    """What is said to a message: the first intent's reply, refusals put into words.

    Args:
        incoming: masked already by the door (``masking.mask``).
        here: the use cases, joined to the message's unit of work.
    """
    heard = replace(incoming, text=incoming.text[:LONGEST], quote=(incoming.quote or "")[:LONGEST] or None)
    reply = discreet(_said(heard, here), heard, here)
    reply = _noted(reply, incoming, here)
    if incoming.door == "app":
        reply = replace(reply, text=unmarked(reply.text))
    return replace(reply, state=memory.carried(incoming.state, reply.state))


def _said(incoming: Incoming, here: Here) -> Reply:
    try:
        for intent in INTENTS:
            if (reply := intent.handle(incoming, here)) is not None:
                return filing.interrupted(reply, incoming, by=intent.name)
    except Refused as refused:
        scene = Scene.of(incoming, here)
        if incoming.press:
            return Reply(update=cards.refused(refused, scene, incoming.press.task_id))
        return Reply(refusals.said(refused, scene))
    return Reply(common.TRY_AGAIN)


def _noted(reply: Reply, incoming: Incoming, here: Here) -> Reply:
    """The reply under what the person must know of how their message was read."""
    notes = []
    if incoming.kind == "voice" and incoming.text and reply.text:
        notes.append(common.heard(text.quoted(incoming.text, shared=incoming.chat is not None)))
    if len(incoming.text) > LONGEST and reply.text:
        notes.append(common.cut(LONGEST))
    notes += [reply.text] if reply.text else []
    if incoming.masked:
        notes.append(common.NEVER_PASTE if here.sender.side == "us" else common.NEVER_SEND)
    return replace(reply, text="\n".join(notes))
