"""``message/*``: what a self-built app sends to members (90236, 94888, 94867)."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from bot.simulator import cards
from bot.simulator.answers import CARD_LASTS, TEXT_BYTES, cut
from bot.simulator.codes import Codes
from bot.simulator.config import SimulatorConfig
from bot.simulator.content import (
    ApiError,
    Body,
    articles_of,
    card_of,
    known_media,
    size,
    text_of,
    too_long,
)
from bot.simulator.media import Media
from bot.simulator.quotas import HOUR, MINUTE, Meter
from bot.simulator.world import Unknown, World, new_msgid

RECALL_WITHIN = timedelta(hours=24)
LONGEST_CHECK = 4 * 3600
"""Seconds a duplicate check may look back."""


class AppApi:
    """The endpoints, each from the body of a call to the fields of its answer.

    Every method raises ``ApiError`` with the errcode WeCom would give.
    """

    def __init__(
        self, config: SimulatorConfig, world: World, codes: Codes, media: Media, meter: Meter
    ) -> None:
        self._config, self._world, self._codes = config, world, codes
        self._media, self._meter, self._now = media, meter, config.machine_now

    def send(self, body: Body) -> Body:
        """``message/send``: to the members named; equal content under the duplicate check only once."""
        self._check_agent(body)
        content = self._app_content(body)
        users, unknown = self._recipients(body)
        invalid = {
            "invaliduser": "|".join(unknown),
            "invalidparty": str(body.get("toparty") or "").lower(),
            "invalidtag": str(body.get("totag") or "").lower(),
            "unlicenseduser": "",
        }
        if not users:
            raise ApiError(81013, "user & party & tag all invalid")
        now = self._now()
        checked = body.get("enable_duplicate_check") == 1
        fingerprint = json.dumps([body.get("msgtype"), body.get(str(body.get("msgtype")))], sort_keys=True)
        if checked:
            earlier = {u: self._codes.sent_before(u, fingerprint, now) for u in users}
            if all(earlier.values()):
                # Equal content within the interval reaches nobody twice; the first send is answered again.
                first = next(a for a in earlier.values() if a)
                return {**invalid, **first}
            users = [u for u in users if not earlier[u]]
        card = content.get("card")
        if card and (task_id := card.get("task_id")) and self._world.has_task("app", task_id):
            raise ApiError(40058, "template_card.task_id was used before. invalid Request Parameter")
        answer: Body = {"msgid": new_msgid()}
        if card and cards.is_interactive(card):
            answer["response_code"] = self._codes.new_code(
                "card", CARD_LASTS, now, task_id=card.get("task_id", "")
            )
        for userid in users:
            quotas = self._config.quotas
            limits = (quotas.member_a_minute, MINUTE), (quotas.member_an_hour, HOUR)
            if self._meter.take(f"member/{userid}", now, *limits):
                self._world.post(f"app:{userid}", "app", msgid=answer["msgid"], **content)
            if checked:
                interval = min(int(body.get("duplicate_check_interval") or 1800), LONGEST_CHECK)
                self._codes.note_sent(userid, fingerprint, answer, now + timedelta(seconds=interval), now)
        return {**invalid, **answer}

    def _check_agent(self, body: Body) -> None:
        agent = body.get("agentid")
        if agent is None or agent == "":
            raise ApiError(41011, "agentid missing")
        if str(agent) != str(self._config.agent_id):
            raise ApiError(301002, "not allow operate another agent with this accesstoken")

    def _recipients(self, body: Body) -> tuple[list[str], list[str]]:
        """Known userids, and the unknown ones lower-cased."""
        touser = str(body.get("touser") or "")
        if touser == "@all":
            return [p.userid for p in self._config.people], []
        named = [u.strip() for u in touser.split("|") if u.strip()]
        if len(named) > 1000:
            raise ApiError(40058, "touser exceed max length 1000. invalid Request Parameter")
        known: list[str] = []
        unknown: list[str] = []
        for name in named:
            try:
                userid = self._world.person(name).userid
                known += [userid] if userid not in known else []
            except Unknown:
                unknown.append(name.lower())
        return known, unknown

    def _app_content(self, body: Body) -> Body:
        """What the message shows, as fields of a message."""
        kind = str(body.get("msgtype", ""))
        part = body.get(kind)
        if kind not in ("text", "markdown", "textcard", "news", "image", "template_card"):
            raise ApiError(40008, "invalid message type")
        if not isinstance(part, dict):
            raise ApiError(44004 if kind == "text" else 40058, f"{kind} missing")
        if kind in ("text", "markdown"):
            text = text_of(part, "content")
            if kind == "markdown" and size(text) > TEXT_BYTES:
                raise too_long("markdown.content", TEXT_BYTES)
            return {"kind": kind, "text": cut(text, TEXT_BYTES)}
        if kind == "textcard":
            for field, most in (("title", 128), ("description", 512), ("url", 2048)):
                if not part.get(field):
                    raise ApiError(41016 if field == "title" else 40058, f"missing {field}")
                if field == "url" and size(part[field]) > most:
                    raise too_long("textcard.url", most)
            article = {
                "title": cut(str(part["title"]), 128),
                "description": cut(str(part["description"]), 512),
            }
            return {
                "kind": "link",
                "articles": [{**article, "url": part["url"], "btntxt": part.get("btntxt")}],
            }
        if kind == "news":
            return {"kind": "news", "articles": articles_of(part)}
        if kind == "image":
            return {"kind": "picture", "media": [known_media(part, self._media)]}
        return {"kind": "card", "card": card_of(part, "app")}

    def update_template_card(self, body: Body) -> Body:
        """``message/update_template_card``: for the members named, by a response_code that works once."""
        self._check_agent(body)
        code = str(body.get("response_code") or "")
        held = self._codes.look_at_code("card", code, self._now())
        if held is None:
            raise ApiError(40029, "invalid response_code")
        button, card = body.get("button"), body.get("template_card")
        if isinstance(button, dict) and button.get("replace_name"):
            done, new = str(button["replace_name"]), None
        elif card:
            # The code says which card it is; its task_id need not be repeated.
            new = card_of({"task_id": held["task_id"], **card} if isinstance(card, dict) else card, "app")
            done = str(new.get("replace_text") or "")
        else:
            raise ApiError(40058, "button.replace_name or template_card missing")
        self._codes.use_code("card", code, self._now())
        copies = self._world.cards(held["task_id"], voice="app")
        holders = {c["chat"].removeprefix("app:"): c for c in copies}
        invalid: list[str] = []
        if body.get("atall") in (1, "1"):
            wanted = list(holders)
        else:
            wanted = []
            for name in body.get("userids") or ():
                try:
                    wanted.append(self._world.person(str(name)).userid)
                except Unknown:
                    invalid.append(str(name).lower())
        for userid in wanted:
            if userid in holders:
                self._world.show_card(holders[userid]["id"], new, done, [userid])
            else:
                invalid.append(userid.lower())
        return {"invaliduser": invalid}

    def recall(self, body: Body) -> Body:
        """``message/recall``: within a day."""
        copies = self._world.copies(str(body.get("msgid") or ""))
        mine = [c for c in copies if c["voice"] == "app"]
        if not mine:
            raise ApiError(40058, "invalid msgid")
        if self._world.now() - datetime.fromisoformat(mine[0]["at"]) > RECALL_WITHIN:
            raise ApiError(40058, "msgid is over 24 hours old")
        for copy in mine:
            self._world.change(copy["id"], recalled=True)
        return {}
