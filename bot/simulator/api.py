"""The WeCom API as the desk calls it, at the root of this server (developer.work.weixin.qq.com).

Errors are HTTP 200 with an errcode, as WeCom gives them. Codes the documents and the public tables do not
settle (a used-up response_code, a card that breaks a rule) are 40029 and 40058 here; callers should treat
any of them as "never".
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable

from flask import Blueprint, Response, jsonify, request

from bot.simulator.app_api import AppApi
from bot.simulator.calllog import CallLog
from bot.simulator.codes import Codes
from bot.simulator.config import SimulatorConfig
from bot.simulator.content import ApiError, Body, known_media
from bot.simulator.faults import Fault, Faults
from bot.simulator.media import Media, disposition
from bot.simulator.quotas import Meter
from bot.simulator.robot_api import RobotApi
from bot.simulator.world import World

Handler = Callable[[Body], Body]


class Cut(ConnectionError):
    """The connection was cut on purpose; the server drops it without an answer."""


class Api:
    """The endpoints, and what surrounds each: faults, quotas, the token, the log."""

    def __init__(
        self,
        config: SimulatorConfig,
        world: World,
        codes: Codes,
        media: Media,
        log: CallLog,
        faults: Faults,
        meter: Meter,
    ) -> None:
        self._config, self._world, self._codes, self._media = config, world, codes, media
        self._log, self._faults, self._meter = log, faults, meter
        self._now = config.machine_now
        self._app = AppApi(config, world, codes, media, meter)
        self._robots = RobotApi(config, world, codes, media, meter)

    def blueprint(self) -> Blueprint:
        """The routes of ``/cgi-bin/``."""
        routes = Blueprint("api", __name__)

        def route(path: str, handler: Handler, method: str = "POST", token: bool = True) -> None:
            def view() -> Response:
                return self._serve(path, handler, token)

            routes.add_url_rule(f"/cgi-bin/{path}", path.replace("/", "_"), view, methods=[method])

        route("gettoken", self._gettoken, "GET", token=False)
        route("getcallbackip", self._getcallbackip, "GET")
        route("message/send", self._app.send)
        route("message/update_template_card", self._app.update_template_card)
        route("message/recall", self._app.recall)
        route("webhook/send", self._robots.webhook_send, token=False)
        route("webhook/upload_media", self._upload, token=False)
        route("media/upload", self._upload)
        route("aibot/response", self._robots.aibot_response, token=False)
        route("auth/getuserinfo", self._getuserinfo, "GET")
        routes.add_url_rule("/cgi-bin/media/get", "media_get", self._media_get)
        return routes

    # -- around every call

    def _serve(self, path: str, handler: Handler, token: bool) -> Response:
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
            self._codes.revoke_token()
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
        if not self._codes.is_token(token, self._now()):
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
        token, lasts = self._codes.token(self._now())
        return {"access_token": token, "expires_in": lasts}

    def _getcallbackip(self, _: Body) -> Body:
        return {"ip_list": ["127.0.0.1"]}

    def _getuserinfo(self, _: Body) -> Body:
        held = self._codes.use_code("oauth", request.args.get("code", ""), self._now())
        if held is None:
            raise ApiError(40029, "invalid code")
        return {"userid": held["userid"]}

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

    def _media_get(self) -> Response:
        fault = self._faults.take("media/get")
        try:
            if fault is not None and (early := self._before(fault)) is not None:
                return early
            self._check_token()
            media_id = known_media({"media_id": request.args.get("media_id")}, self._media)
        except ApiError as e:
            return jsonify({"errcode": e.errcode, "errmsg": e.errmsg})
        # WeCom names every file here, also a picture, which has no name of its own.
        named = disposition(self._media.name(media_id) or f"{media_id[:8]}.jpg")
        return Response(self._media.find(media_id), mimetype="application/octet-stream", headers=named)


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
