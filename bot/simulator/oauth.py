"""A stand-in for WeCom's authorize pages: who opens a link is who the page in this browser speaks as."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from bot.simulator.codes import Codes
from bot.simulator.delivery import Delivery
from bot.simulator.world import Unknown, World

CODE_LASTS = timedelta(minutes=5)
COOKIE = "simulator_as"
"""Userid the chat page speaks as in this browser; set by the page."""

OPENED = "simulator_opened"
"""Userid who last opened one of the desk's pages from a chat in this browser."""

SESSION = "desk_session"
"""The desk's own cookie. Each person's WeCom has a browser of its own; here they share one."""


class OAuth:
    """``/connect/oauth2/authorize`` (inside WeCom) and ``/wwlogin/sso/login`` (a desktop browser).

    ``/connect/open`` is a link of the desk's opened in a chat: the page is told nothing, but whoever opened
    one as somebody else is no longer logged in.

    The redirect host must be the desk's, WeCom's trusted domain. With the page's cookie the redirect is
    silent, as snsapi_base is; otherwise, or with ``choose=1``, one is asked who one is.
    """

    def __init__(self, world: World, codes: Codes, delivery: Delivery) -> None:
        self._world, self._codes, self._delivery = world, codes, delivery

    def blueprint(self) -> Blueprint:
        """The routes."""
        routes = Blueprint("oauth", __name__)
        routes.add_url_rule("/connect/oauth2/authorize", "authorize", self._authorize)
        routes.add_url_rule("/wwlogin/sso/login", "login", self._authorize)
        routes.add_url_rule("/connect/open", "open", self._open)
        return routes

    def _open(self) -> AnyResponse:
        target, userid = request.args.get("url", ""), request.args.get("as", "")
        if not _same_host(target, self._delivery.desk_url):
            return _refused("只打开服务台的页面。")
        try:
            person = self._world.person(userid)
        except Unknown:
            return _refused("没有这个人。")
        response = redirect(target)
        response.set_cookie(COOKIE, person.userid, samesite="Lax")
        response.set_cookie(OPENED, person.userid, samesite="Lax", httponly=True)
        if request.cookies.get(OPENED) != person.userid:
            response.delete_cookie(SESSION)
        return response

    def _authorize(self) -> AnyResponse:
        args, config = request.args, self._world.config
        target, state = args.get("redirect_uri", ""), args.get("state", "")
        if args.get("appid") != config.corp_id:
            return _refused("appid 与企业不符。")
        if not _same_host(target, self._delivery.desk_url):
            return _refused("redirect_uri 与应用的可信域名不符（50001）。")
        if len(state) > 128 or not re.fullmatch(r"[0-9A-Za-z]*", state):
            return _refused("state 只能是至多 128 位字母和数字。")
        chosen = args.get("as") or ("" if args.get("choose") else request.cookies.get(COOKIE, ""))
        try:
            person = self._world.person(chosen) if chosen else None
        except Unknown:
            person = None
        if person is None:
            here = {k: v for k, v in args.items() if k != "choose"}
            links = [(p, f"?{urlencode({**here, 'as': p.userid})}") for p in config.people]
            return Response(render_template("authorize.html", links=links))
        code = self._codes.new_code("oauth", CODE_LASTS, config.machine_now(), userid=person.userid)
        joint = "&" if urlsplit(target).query else "?"
        return redirect(f"{target}{joint}{urlencode({'code': code, 'state': state})}")


def _same_host(target: str, desk_url: str) -> bool:
    try:
        wanted, trusted = urlsplit(target), urlsplit(desk_url)
        return wanted.scheme in ("http", "https") and wanted.netloc == trusted.netloc
    except ValueError:
        return False


def _refused(sentence: str) -> Response:
    return Response(render_template("authorize.html", refused=sentence), status=400)
