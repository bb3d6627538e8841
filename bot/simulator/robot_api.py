"""What robots post into chats: webhook pushes and the aibot's response_url (101138, 91770)."""

from __future__ import annotations

from flask import request

from bot.simulator.answers import STREAM_BYTES
from bot.simulator.codes import Codes
from bot.simulator.config import SimulatorConfig
from bot.simulator.content import (
    ApiError,
    Body,
    articles_of,
    card_of,
    known_media,
    picture_of,
    size,
    text_of,
    too_long,
)
from bot.simulator.media import Media
from bot.simulator.quotas import MINUTE, Meter
from bot.simulator.world import World

WEBHOOK_BYTES = {"text": 2048, "markdown": 4096, "markdown_v2": 4096}


class RobotApi:
    """The two endpoints; both raise ``ApiError`` with the errcode WeCom would give."""

    def __init__(
        self, config: SimulatorConfig, world: World, codes: Codes, media: Media, meter: Meter
    ) -> None:
        self._config, self._world, self._codes = config, world, codes
        self._media, self._meter, self._now = media, meter, config.machine_now

    def webhook_send(self, body: Body) -> Body:
        """``webhook/send``: into the group the key belongs to, twenty a minute."""
        key = request.args.get("key", "")
        group = self._world.group_of_key(key)
        if group is None:
            raise ApiError(93000, "invalid webhook url")
        content = self._webhook_content(body, group.members)
        if not self._meter.take(
            f"webhook/{key}", self._now(), (self._config.quotas.webhook_a_minute, MINUTE)
        ):
            raise ApiError(45009, "api freq out of limit")
        self._world.post(group.chatid, "webhook", **content)
        return {}

    def _webhook_content(self, body: Body, members: tuple[str, ...]) -> Body:
        kind = str(body.get("msgtype", ""))
        part = body.get(kind)
        if kind not in (*WEBHOOK_BYTES, "image", "news", "file", "template_card"):
            raise ApiError(40008, "invalid message type")
        if not isinstance(part, dict):
            raise ApiError(40058, f"{kind} missing. invalid Request Parameter")
        if kind in WEBHOOK_BYTES:
            text = text_of(part, "content")
            if size(text) > WEBHOOK_BYTES[kind]:
                raise too_long(f"{kind}.content", WEBHOOK_BYTES[kind])
            if kind == "text":
                named = [str(m) for m in part.get("mentioned_list") or ()]
                # Mentions only work for members of the group.
                known = [m for m in named if m == "@all" or m.lower() in {u.lower() for u in members}]
                return {"kind": "text", "text": text, "mentions": known}
            return {"kind": "markdown", "text": text, "markup": "v2" if kind == "markdown_v2" else "v1"}
        if kind == "image":
            return {"kind": "picture", "media": [self._media.keep(picture_of(part))]}
        if kind == "news":
            return {"kind": "news", "articles": articles_of(part)}
        if kind == "file":
            known_media(part, self._media)
            return {"kind": "file", "text": "文件"}
        return {"kind": "card", "card": card_of(part, "webhook")}

    def aibot_response(self, body: Body) -> Body:
        """``aibot/response``: one message by a callback's response_url; a card only in a 1:1."""
        code = request.args.get("response_code", "")
        held = self._codes.look_at_code("url", code, self._now())
        if held is None:
            raise ApiError(40029, "invalid response_code")
        kind = body.get("msgtype")
        if kind not in ("markdown", "template_card") or (kind == "template_card" and not held["single"]):
            raise ApiError(40008, "invalid message type")
        if kind == "markdown":
            text = text_of(body.get("markdown") or {}, "content")
            if size(text) > STREAM_BYTES:
                raise too_long("markdown.content", STREAM_BYTES)
            content: Body = {"kind": "markdown", "text": text, "markup": "v2"}
        else:
            content = {"kind": "card", "card": card_of(body.get("template_card"), "aibot")}
            task_id = content["card"].get("task_id")
            if task_id and self._world.has_task("aibot", task_id):
                raise ApiError(40058, "template_card.task_id was used before. invalid Request Parameter")
        self._codes.use_code("url", code, self._now())
        if not held["single"]:
            content["quote"] = self._world.quoted(self._world.message(held["trigger"]))
        self._world.post(held["chat"], "aibot", **content)
        return {}
