"""The WeCom API as the desk calls it, at the root of this server (wecom.md 1.7, 4, 5, 7).

Errors are HTTP 200 with an errcode, as WeCom gives them. Codes the documents and the public tables do not
settle (a used-up response_code, a card that breaks a rule) are 40029 and 40058 here; callers should treat
any of them as "never".
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import socket
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request

from bot.simulator import cards
from bot.simulator.answers import CARD_LASTS, STREAM_BYTES, TEXT_BYTES, cut
from bot.simulator.callbacks import quoted
from bot.simulator.calllog import CallLog
from bot.simulator.cards import Card
from bot.simulator.config import SimulatorConfig
from bot.simulator.faults import Fault, Faults
from bot.simulator.media import Media
from bot.simulator.quotas import HOUR, MINUTE, Meter
from bot.simulator.world import Unknown, World, new_msgid

Body = dict[str, Any]

RECALL_WITHIN = timedelta(hours=24)
WEBHOOK_BYTES = {"text": 2048, "markdown": 4096, "markdown_v2": 4096}
LONGEST_CHECK = 4 * 3600


class ApiError(Exception):
    """An errcode other than 0."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        self.errcode, self.errmsg = errcode, errmsg
        super().__init__(errmsg)


class Cut(ConnectionError):
    """The connection was cut on purpose; the server drops it without an answer."""


class Api:
    """The endpoints, and what surrounds each: faults, quotas, the token, the log."""

    def __init__(
        self,
        config: SimulatorConfig,
        world: World,
        media: Media,
        log: CallLog,
        faults: Faults,
        meter: Meter,
    ) -> None:
        self._config, self._world, self._media = config, world, media
        self._log, self._faults, self._meter = log, faults, meter
        self._now = config.machine_now

    def blueprint(self) -> Blueprint:
        """The routes of ``/cgi-bin/``."""
        routes = Blueprint("api", __name__)

        def route(
            path: str, handler: Callable[[Body], Body], method: str = "POST", token: bool = True
        ) -> None:
            def view() -> Response:
                return self._serve(path, handler, token)

            routes.add_url_rule(f"/cgi-bin/{path}", path.replace("/", "_"), view, methods=[method])

        route("gettoken", self._gettoken, "GET", token=False)
        route("getcallbackip", self._getcallbackip, "GET")
        route("message/send", self._message_send)
        route("message/update_template_card", self._update_template_card)
        route("message/recall", self._recall)
        route("webhook/send", self._webhook_send, token=False)
        route("webhook/upload_media", self._upload, token=False)
        route("media/upload", self._upload)
        route("aibot/response", self._aibot_response, token=False)
        route("auth/getuserinfo", self._getuserinfo, "GET")
        routes.add_url_rule("/cgi-bin/media/get", "media_get", self._media_get)
        return routes

    # -- around every call

    def _serve(self, path: str, handler: Callable[[Body], Body], token: bool) -> Response:
        began = time.monotonic()
        body: Body = {}
        fault = self._faults.take(path)
        note = f"故障 {fault.kind}" if fault else ""
        try:
            if fault is not None:
                early = self._before(fault)
                if early is not None:
                    self._note(path, began, body, {}, early.status_code, note)
                    return early
            body = self._body()
            if token:
                self._check_token()
            # One that is punished for its rate is not counted on, and does nothing.
            if not self._meter.take_or_block(f"api/{path}", self._now(), self._config.quotas.calls_a_minute):
                raise ApiError(45009, "reach max api minute quota limit")
            answer = {"errcode": 0, "errmsg": "ok", **handler(body)}
        except ApiError as e:
            answer = {"errcode": e.errcode, "errmsg": f"{e.errmsg}, hint: [simulator], from ip: 127.0.0.1"}
        except Cut:
            self._note(path, began, body, None, None, note)
            raise
        self._note(path, began, body, answer, 200, note)
        if fault is not None and fault.kind == "lost":
            cut_connection()
        return jsonify(answer)

    def _before(self, fault: Fault) -> Response | None:
        """What a fault does before anything is done; a response where that ends the call."""
        if fault.kind == "slow":
            time.sleep(fault.ms / 1000)
        elif fault.kind == "http":
            return Response("simulated fault", status=fault.status, mimetype="text/plain")
        elif fault.kind == "errcode":
            raise ApiError(fault.errcode, "simulated fault")
        elif fault.kind == "refused":
            cut_connection()
        elif fault.kind == "revoked":
            self._world.revoke_token()
        return None

    def _note(
        self, path: str, began: float, body: Body, answer: Body | None, status: int | None, note: str
    ) -> None:
        errcode = answer.get("errcode") if answer else None
        self._log.add(
            "call",
            path,
            at=self._world.now(),
            ms=(time.monotonic() - began) * 1000,
            ok=errcode == 0 and status == 200,
            status=status,
            errcode=errcode,
            request={"query": request.args.to_dict(), "body": body} if request.args else {"body": body},
            response=answer,
            note=note,
        )

    def _body(self) -> Body:
        if request.method == "GET" or request.mimetype == "multipart/form-data":
            return {}
        try:
            # WeCom reads JSON whatever the content type says.
            body = json.loads(request.get_data() or b"null")
        except ValueError:
            raise ApiError(47001, "data format error") from None
        if not isinstance(body, dict):
            raise ApiError(47001, "data format error")
        return body

    def _check_token(self) -> None:
        token = request.args.get("access_token", "")
        if not token:
            raise ApiError(41001, "access_token missing")
        if not self._world.is_token(token, self._now()):
            raise ApiError(40014, "invalid access_token")

    # -- tokens and identity

    def _gettoken(self, _: Body) -> Body:
        corp_id, secret = request.args.get("corpid", ""), request.args.get("corpsecret", "")
        if not corp_id:
            raise ApiError(41002, "corpid missing")
        if not secret:
            raise ApiError(41004, "corpsecret missing")
        if corp_id != self._config.corp_id:
            raise ApiError(40013, "invalid corpid")
        if secret != self._config.secret:
            raise ApiError(40001, "invalid credential")
        token, lasts = self._world.token(self._now())
        return {"access_token": token, "expires_in": lasts}

    def _getcallbackip(self, _: Body) -> Body:
        return {"ip_list": ["127.0.0.1"]}

    def _getuserinfo(self, _: Body) -> Body:
        held = self._world.use_code("oauth", request.args.get("code", ""), self._now())
        if held is None:
            raise ApiError(40029, "invalid code")
        return {"userid": held["userid"]}

    # -- app messages

    def _message_send(self, body: Body) -> Body:
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
            earlier = {u: self._world.sent_before(u, fingerprint, now) for u in users}
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
            answer["response_code"] = self._world.new_code(
                "card", CARD_LASTS, now, task_id=card.get("task_id", "")
            )
        for userid in users:
            quotas = self._config.quotas
            limits = (quotas.member_a_minute, MINUTE), (quotas.member_an_hour, HOUR)
            if self._meter.take(f"member/{userid}", now, *limits):
                self._world.post(f"app:{userid}", "app", msgid=answer["msgid"], **content)
            if checked:
                interval = min(int(body.get("duplicate_check_interval") or 1800), LONGEST_CHECK)
                self._world.note_sent(userid, fingerprint, answer, now + timedelta(seconds=interval), now)
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
            text = _text(part, "content")
            if kind == "markdown" and _bytes(text) > TEXT_BYTES:
                raise _too_long("markdown.content", TEXT_BYTES)
            return {"kind": kind, "text": cut(text, TEXT_BYTES)}
        if kind == "textcard":
            for field, most in (("title", 128), ("description", 512), ("url", 2048)):
                if not part.get(field):
                    raise ApiError(41016 if field == "title" else 40058, f"missing {field}")
                if field == "url" and _bytes(part[field]) > most:
                    raise _too_long("textcard.url", most)
            article = {
                "title": cut(str(part["title"]), 128),
                "description": cut(str(part["description"]), 512),
            }
            return {
                "kind": "link",
                "articles": [{**article, "url": part["url"], "btntxt": part.get("btntxt")}],
            }
        if kind == "news":
            return {"kind": "news", "articles": _articles(part)}
        if kind == "image":
            return {"kind": "picture", "media": [self._known_media(part)]}
        return {"kind": "card", "card": _card(part, "app")}

    def _update_template_card(self, body: Body) -> Body:
        self._check_agent(body)
        code = str(body.get("response_code") or "")
        held = self._world.look_at_code("card", code, self._now())
        if held is None:
            raise ApiError(40029, "invalid response_code")
        button, card = body.get("button"), body.get("template_card")
        if isinstance(button, dict) and button.get("replace_name"):
            done, new = str(button["replace_name"]), None
        elif card:
            # The code says which card it is; its task_id need not be repeated.
            new = _card({"task_id": held["task_id"], **card} if isinstance(card, dict) else card, "app")
            done = str(new.get("replace_text") or "")
        else:
            raise ApiError(40058, "button.replace_name or template_card missing")
        self._world.use_code("card", code, self._now())
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

    def _recall(self, body: Body) -> Body:
        copies = self._world.copies(str(body.get("msgid") or ""))
        mine = [c for c in copies if c["voice"] == "app"]
        if not mine:
            raise ApiError(40058, "invalid msgid")
        if self._world.now() - datetime.fromisoformat(mine[0]["at"]) > RECALL_WITHIN:
            raise ApiError(40058, "msgid is over 24 hours old")
        for copy in mine:
            self._world.change(copy["id"], recalled=True)
        return {}

    # -- webhook pushes

    def _webhook_send(self, body: Body) -> Body:
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
            text = _text(part, "content")
            if _bytes(text) > WEBHOOK_BYTES[kind]:
                raise _too_long(f"{kind}.content", WEBHOOK_BYTES[kind])
            if kind == "text":
                named = [str(m) for m in part.get("mentioned_list") or ()]
                # Mentions only work for members of the group.
                known = [m for m in named if m == "@all" or m.lower() in {u.lower() for u in members}]
                return {"kind": "text", "text": text, "mentions": known}
            return {"kind": "markdown", "text": text, "markup": "v2" if kind == "markdown_v2" else "v1"}
        if kind == "image":
            return {"kind": "picture", "media": [self._media.keep(_picture(part))]}
        if kind == "news":
            return {"kind": "news", "articles": _articles(part)}
        if kind == "file":
            self._known_media(part)
            return {"kind": "file", "text": "文件"}
        return {"kind": "card", "card": _card(part, "webhook")}

    # -- the aibot's response_url

    def _aibot_response(self, body: Body) -> Body:
        code = request.args.get("response_code", "")
        held = self._world.look_at_code("url", code, self._now())
        if held is None:
            raise ApiError(40029, "invalid response_code")
        kind = body.get("msgtype")
        if kind not in ("markdown", "template_card") or (kind == "template_card" and not held["single"]):
            raise ApiError(40008, "invalid message type")
        if kind == "markdown":
            text = _text(body.get("markdown") or {}, "content")
            if _bytes(text) > STREAM_BYTES:
                raise _too_long("markdown.content", STREAM_BYTES)
            content: Body = {"kind": "markdown", "text": text, "markup": "v2"}
        else:
            content = {"kind": "card", "card": _card(body.get("template_card"), "aibot")}
            task_id = content["card"].get("task_id")
            if task_id and self._world.has_task("aibot", task_id):
                raise ApiError(40058, "template_card.task_id was used before. invalid Request Parameter")
        self._world.use_code("url", code, self._now())
        if not held["single"]:
            content["quote"] = quoted(self._world.message(held["trigger"]), self._world)
        self._world.post(held["chat"], "aibot", **content)
        return {}

    # -- media

    def _upload(self, _: Body) -> Body:
        if "key" in request.args and self._world.group_of_key(request.args["key"]) is None:
            raise ApiError(93000, "invalid webhook url")
        sent = request.files.get("media")
        if sent is None:
            raise ApiError(41005, "media data missing")
        kind = request.args.get("type", "")
        if kind not in ("image", "voice", "video", "file"):
            raise ApiError(40004, "invalid media type")
        return {
            "type": kind,
            "media_id": self._media.keep(sent.read()),
            "created_at": str(int(self._now().timestamp())),
        }

    def _known_media(self, part: Body) -> str:
        media_id = str(part.get("media_id") or "")
        if self._media.find(media_id) is None:
            raise ApiError(40007, "invalid media_id")
        return media_id

    def _media_get(self) -> Response:
        try:
            self._check_token()
            data = self._media.find(self._known_media({"media_id": request.args.get("media_id")}))
        except ApiError as e:
            return jsonify({"errcode": e.errcode, "errmsg": e.errmsg})
        return Response(data, mimetype="application/octet-stream")


def cut_connection() -> None:
    """Close the connection under the request, without an answer.

    Raises:
        Cut: always; the server takes it for a client that went away.
    """
    sock = request.environ.get("werkzeug.socket")
    if sock is not None:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError as e:
            raise Cut("cut already") from e
    raise Cut("cut on purpose")


def _bytes(text: Any) -> int:
    return len(str(text).encode("utf-8", "replace"))


def _text(part: Body, field: str) -> str:
    text = part.get(field)
    if not isinstance(text, str) or not text:
        raise ApiError(44004, f"empty {field}")
    return text


def _too_long(field: str, most: int) -> ApiError:
    return ApiError(40058, f"{field} exceed max length {most}. invalid Request Parameter")


def _card(card: Any, channel: cards.Channel) -> Card:
    try:
        return cards.check(card, channel)
    except cards.BadCard as e:
        raise ApiError(40058, f"{e}. invalid Request Parameter") from None


def _articles(part: Body) -> list[Body]:
    articles = part.get("articles")
    if not isinstance(articles, list) or not 1 <= len(articles) <= 8:
        raise ApiError(40058, "news.articles must hold 1 to 8. invalid Request Parameter")
    for article in articles:
        if not isinstance(article, dict) or not article.get("title"):
            raise ApiError(41016, "missing title")
    return [_article(a) for a in articles]


def _article(part: Body) -> Body:
    return {
        "title": cut(str(part["title"]), 128),
        "description": cut(str(part.get("description") or ""), 512),
        "url": part.get("url") or "",
    }


def _picture(part: Body) -> bytes:
    try:
        data = base64.b64decode(str(part.get("base64") or ""), validate=True)
    except binascii.Error:
        raise ApiError(40058, "image.base64 is no base64. invalid Request Parameter") from None
    if not data or len(data) > 2 * 1024 * 1024:
        raise ApiError(40009, "invalid image size")
    if hashlib.md5(data, usedforsecurity=False).hexdigest() != str(part.get("md5") or "").lower():
        raise ApiError(301019, "image.md5 does not match")
    return data
