"""Puts the console into the web process: its gate, its pages, and what templates may ask for."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, send_from_directory

from bot.console import ack, board, gate, hotline, incident, login, notices, order, render, reports, show
from bot.console.admin import agreement, audit, directory, gaps, holidays, letters
from bot.console.house import House

#: Every page, a module each.
PAGES: tuple[Blueprint, ...] = (
    login.routes,
    board.routes,
    order.routes,
    hotline.routes,
    incident.routes,
    notices.routes,
    reports.routes,
    directory.routes,
    agreement.routes,
    holidays.routes,
    letters.routes,
    gaps.routes,
    audit.routes,
    ack.routes,
)


def install(app: Flask, of: House) -> None:
    """Add the console to the app."""
    app.extensions["console"] = of
    gate.install(app, of)
    files = Blueprint("console", __name__, template_folder="templates")
    files.add_url_rule("/console/static/<version>/<path:filename>", "static", _static)
    app.register_blueprint(files)
    for routes in PAGES:
        app.register_blueprint(routes)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(static=render.static)
    app.jinja_env.filters.update(show.FILTERS)


def _static(version: str, filename: str) -> Response:
    """One of our files; kept by browsers for as long as its address stands."""
    lasting = version == render.version()
    response = send_from_directory(render.STATIC, filename, max_age=31_536_000 if lasting else None)
    if lasting:
        response.cache_control.immutable = True
    return response
