"""The gate before every page: who it is, whether they may, how often; and the headers behind it.

A session that ended in the middle of a form loses nothing: what was written is shown back.
"""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask, Response, g, redirect, request, url_for
from flask_limiter import Limiter
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException

from bot.console.house import House, house
from bot.console.permissions import ANYBODY, PERMISSIONS
from bot.console.render import page
from bot.console.viewer import Viewer, standing
from bot.sql.engine import is_away

log = structlog.get_logger()

#: Log-ins by address, which an office may share; writes by person, or by address where a link is the right.
LOGINS, WRITES = "60 per minute", "60 per minute"
#: What is asked again and again while somebody types, and changes nothing.
LOOKS, _LOOKING = "240 per minute", frozenset({"hotline.beside"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: Writes whose right is a link, open to anybody who holds it.
_BY_LINK = frozenset({"ack.mailed_answer"})
#: A page that refreshes itself says whether somebody has been at it since; only that keeps a session alive.
ASLEEP = "Desk-Asleep"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def install(app: Flask, of: House) -> None:
    """Put the gate before every route of the app."""
    secure = of.settings.public_url.startswith("https:")
    app.config.update(
        SECRET_KEY=of.settings.secret_key,
        SESSION_COOKIE_NAME=_named("desk_form", secure),
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # A form may stay open as long as its session; the gate asks after it has looked who it is.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,
    )

    @app.before_request
    def gate() -> Any:
        g.viewer = None
        permit = PERMISSIONS.get(request.endpoint or "")
        if request.endpoint is None or permit is ANYBODY:
            return None  # no such page, or everybody's
        found = _viewer(secure)
        if found is None:
            return _log_in_first()
        g.viewer = found
        if permit is None or permit.roles is None or not permit.roles & found.stands:
            return page("refused.html", 403, why="这个页面不对您的岗位开放。如需使用，请联系管理员。")
        if permit.takes:
            request.max_content_length = request.max_form_memory_size = permit.takes
        return None

    # In this order: who it is, how often, whether the form is one of ours.
    Limiter(
        _who_limited,
        app=app,
        default_limits=[_limit],
        default_limits_exempt_when=lambda: not _is_limited(),
        storage_uri=_storage(of.settings.redis_url),
        storage_options={"socket_timeout": 1, "socket_connect_timeout": 1},
        in_memory_fallback_enabled=True,
        key_prefix="desk",
    )
    csrf = CSRFProtect(app)

    @app.before_request
    def ours() -> None:
        if g.viewer is not None and request.method not in _SAFE:
            csrf.protect()

    @app.before_request
    def storable() -> Response | None:
        # No database keeps a NUL, and no keyboard types one.
        if _is_console() and any("\0" in value for value in request.values.values()):
            return page("lost.html", 400, why="内容中有无法保存的字符，没有提交。", wrote=[], back=_here())
        return None

    @app.after_request
    def headers(response: Response) -> Response:
        if (request.endpoint and PERMISSIONS.get(request.endpoint) is not ANYBODY) or _is_console():
            for name, value in _HEADERS.items():
                response.headers.setdefault(name, value)
            response.headers.setdefault("Cache-Control", "no-store")
            if secure:
                response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response

    _say_errors(app)


def _say_errors(app: Flask) -> None:
    @app.errorhandler(CSRFError)
    def forged(_error: CSRFError) -> Response:
        return page("lost.html", 400, why="这个页面放得太久，提交没有生效。", wrote=_wrote(), back=_here())

    @app.errorhandler(RateLimitExceeded)
    def too_often(_error: RateLimitExceeded) -> Response:
        return page("lost.html", 429, why="操作太频繁，请一分钟后再试。", wrote=_wrote(), back=_here())

    @app.errorhandler(413)
    def too_large(_error: HTTPException) -> Response:
        if not _is_console():
            return Response("too large", 413, mimetype="text/plain")
        return page("lost.html", 413, why="文件太大，没有上传。", wrote=[], back=_here())

    @app.errorhandler(404)
    def not_found(error: HTTPException) -> Any:
        return page("refused.html", 404, why="没有这个页面，或它不对您开放。") if _is_console() else error

    @app.errorhandler(405)
    def not_so(error: HTTPException) -> Any:
        return page("refused.html", 405, why="这个页面不能这样打开。") if _is_console() else error

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Any:
        if isinstance(error, HTTPException):
            return error
        if not _is_console():
            raise error
        away = is_away(error)
        log.error(
            "a page failed", path=request.path, error=type(error).__name__, exc_info=None if away else error
        )
        why = "数据库暂时没有应答，请稍后再试。" if away else "这一步没有办成，已通知运维人员。请稍后再试。"
        return page("lost.html", 503 if away else 500, why=why, wrote=_wrote(), back=_here())


def session_cookie() -> str:
    """The name of the cookie that holds a session's id."""
    return _named("desk_session", house().settings.public_url.startswith("https:"))


def browser_cookie() -> str:
    """The name of the cookie that tells one browser's log-ins from another's."""
    return _named("desk_browser", house().settings.public_url.startswith("https:"))


def set_cookie(response: Any, name: str, value: str) -> None:
    """A cookie for this host alone, out of reach of scripts; gone with the browser."""
    secure = house().settings.public_url.startswith("https:")
    response.set_cookie(name, value, httponly=True, samesite="Lax", secure=secure, path="/")


def _named(name: str, secure: bool) -> str:
    # The prefix makes browsers refuse the cookie from another host or over plain HTTP.
    return f"__Host-{name}" if secure else name


def _viewer(secure: bool) -> Viewer | None:
    """Whose session it is, as the directory has them now: somebody who left is out at once."""
    id = request.cookies.get(_named("desk_session", secure), "")
    if not id:
        return None
    with house().units.reading() as unit:
        house().uses.terms.look(unit.calendars)
        session = unit.sessions.of(id)
        person = unit.directory.person(session.userid) if session else None
    if session is None or person is None:
        return None
    stands = standing(person)
    if not stands:
        with house().units.begin() as unit:
            unit.sessions.end(id)
        return None
    if session.stale and ASLEEP not in request.headers:
        with house().units.begin() as unit:
            unit.sessions.mark(id)
    return Viewer(person, stands)


def _log_in_first() -> Any:
    if request.method in _SAFE and "Desk-Live" not in request.headers and "HX-Request" not in request.headers:
        return redirect(url_for("login.start", to=request.full_path.rstrip("?")))
    if request.method in _SAFE or "HX-Request" in request.headers:
        return Response("登录已过期", 401, headers={"HX-Redirect": url_for("login.start", to=_here())})
    return page("lost.html", 401, why="登录已过期，提交没有生效。", wrote=_wrote(), back=_here())


def _wrote() -> list[tuple[str, str]]:
    """What somebody wrote into a form that could not be taken, so that they need not write it again."""
    if request.method in _SAFE:
        return []
    hidden = {"csrf_token", "once", "key", "content"}
    return [(name, value) for name, value in request.form.items(multi=True) if value and name not in hidden]


def _here() -> str:
    """The page a form was on, where it says so; else the console's first."""
    referrer = request.referrer or ""
    origin = house().settings.public_url
    if request.headers.get("HX-Current-URL", "").startswith(origin + "/"):
        referrer = request.headers["HX-Current-URL"]
    return referrer.removeprefix(origin) if referrer.startswith(origin + "/") else url_for("board.show")


def _limit() -> str:
    if _is_login():
        return LOGINS
    return LOOKS if request.endpoint in _LOOKING else WRITES


def _is_login() -> bool:
    return (request.endpoint or "").startswith("login.")


def _is_console() -> bool:
    return request.path == "/console" or request.path.startswith(("/console/", "/ack/"))


def _is_limited() -> bool:
    """Log-ins, and writes of whoever is logged in or holds a link; never what WeCom sends us."""
    if _is_login():
        return True
    return request.method not in _SAFE and (g.viewer is not None or request.endpoint in _BY_LINK)


def _who_limited() -> str:
    found: Viewer | None = g.get("viewer")
    if found is not None:
        return f"write:{found.person.userid}"
    return f"{'login' if _is_login() else 'link'}:{_address()}"


def _address() -> str:
    """Where a request comes from. A proxy on this very machine says it for whom it asks."""
    peer = request.remote_addr or ""
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return forwarded[:64] if forwarded and peer in ("127.0.0.1", "::1") else peer


def _storage(redis_url: str) -> str:
    return f"redis+{redis_url}" if redis_url.startswith("unix:") else redis_url
