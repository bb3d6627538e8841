"""Logging in by WeCom: in its client silently, on a desktop by scanning a code (91022, 98171)."""

from __future__ import annotations

import re
import secrets
from typing import Any
from urllib.parse import urlencode

import structlog
from flask import Blueprint, make_response, redirect, request, session, url_for

from bot.acts import Act
from bot.console.gate import browser_cookie, session_cookie, set_cookie
from bot.console.house import house, viewer
from bot.console.render import page
from bot.console.viewer import standing
from bot.sql.audit import Result
from bot.sql.unit import Unit
from bot.wecom.errcodes import SendError

log = structlog.get_logger()

routes = Blueprint("login", __name__, url_prefix="/console/login")

_WECOM = "https://qyapi.weixin.qq.com"
_IN_CLIENT, _DESKTOP = "https://open.weixin.qq.com", "https://login.work.weixin.qq.com"


@routes.get("/start")
def start() -> Any:
    """Off to WeCom, to come back to ``done`` with a code; ``to`` is the page asked for."""
    browser = request.cookies.get(browser_cookie()) or secrets.token_urlsafe(24)
    with house().units.begin() as unit:
        state = unit.sessions.expect(browser, _ours(request.args.get("to", "")))
    response = make_response(redirect(_authorize(state)))
    set_cookie(response, browser_cookie(), browser)
    return response


@routes.get("/done")
def done() -> Any:
    """Back from WeCom. The state must have left this browser, and works once; so does the code."""
    code, state = request.args.get("code", ""), request.args.get("state", "")
    with house().units.begin() as unit:
        to = unit.sessions.came_back(request.cookies.get(browser_cookie(), ""), state)
    if to is None:
        return _failed("这次登录已失效，或不是从这个浏览器发起的。", 400)
    if not 0 < len(code) <= 512:
        return _failed("企业微信没有返回登录凭证。", 400)
    try:
        userid = house().who_came(code)  # outside a unit: nothing in one waits for the network
    except SendError as error:
        log.warning("a log-in was not confirmed", errcode=error.errcode)
        return _failed("企业微信暂时没有确认您的身份。", 502)
    if userid is None:
        return _failed("您不是本企业的成员。", 403)
    with house().units.begin() as unit:
        person = unit.directory.person(userid)
        id = unit.sessions.begin(person.userid) if standing(person) else None
        if id and (old := request.cookies.get(session_cookie())):
            unit.sessions.end(old)
        _note(unit, Act.CONSOLE_LOGIN, userid, "done" if id else "refused")
    if id is None:
        log.warning("a log-in was refused", userid=userid)
        return _failed("通讯录中没有您的控制台权限，请联系管理员登记。", 403)
    session.clear()  # forms of whoever was logged in before are not this person's
    response = make_response(redirect(to))
    set_cookie(response, session_cookie(), id)
    return response


@routes.post("/out")
def out() -> Any:
    """Log out."""
    with house().units.begin() as unit:
        unit.sessions.end(request.cookies.get(session_cookie(), ""))
        _note(unit, Act.CONSOLE_LOGOUT, viewer().person.userid)
    session.clear()
    response = make_response(redirect(url_for("login.bye")))
    response.delete_cookie(session_cookie(), path="/")
    return response


@routes.get("/bye")
def bye() -> Any:
    """After logging out: nothing leads back in by itself."""
    return page("login.html", title="您已退出登录", why="", again=url_for("login.start"))


def _note(unit: Unit, act: Act, userid: str, result: Result = "done") -> None:
    unit.audit.record(act, who=userid, door="console", subject=f"person:{userid}", result=result)


def _failed(why: str, status: int) -> Any:
    return page("login.html", status, title="没有登录成功", why=why, again=url_for("login.start"))


def _ours(to: str) -> str:
    """The page asked for, if it is one of ours; never another host."""
    return to if re.fullmatch(r"/(?:console|ack)/[^\\\s]*", to) else url_for("board.show")


def _authorize(state: str) -> str:
    settings = house().settings
    back = settings.public_url + url_for("login.done")
    in_client = "wxwork" in request.user_agent.string.lower()
    base = settings.wecom_api_base
    if in_client:
        query = {
            "appid": settings.wecom_corp_id,
            "redirect_uri": back,
            "response_type": "code",
            "scope": "snsapi_base",
            "state": state,
            "agentid": settings.wecom_agent_id,
        }
        host = _IN_CLIENT if base == _WECOM else base
        return f"{host}/connect/oauth2/authorize?{urlencode(query)}#wechat_redirect"
    query = {
        "login_type": "CorpApp",
        "appid": settings.wecom_corp_id,
        "agentid": settings.wecom_agent_id,
        "redirect_uri": back,
        "state": state,
    }
    return f"{_DESKTOP if base == _WECOM else base}/wwlogin/sso/login?{urlencode(query)}"
