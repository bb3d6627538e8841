"""Puts the console into the web process: its gate, its pages, and what templates may ask for."""

from __future__ import annotations

from flask import Blueprint, Flask

from bot.console import ack, board, gate, incident, login, notices, order, show
from bot.console.house import House
from bot.console.render import static

#: Every page, a module each.
PAGES: tuple[Blueprint, ...] = (
    login.routes,
    board.routes,
    order.routes,
    incident.routes,
    notices.routes,
    ack.routes,
)


def install(app: Flask, of: House) -> None:
    """Add the console to the app."""
    app.extensions["console"] = of
    gate.install(app, of)
    app.register_blueprint(
        Blueprint(
            "console",
            __name__,
            static_folder="static",
            static_url_path="/console/static",
            template_folder="templates",
        )
    )
    for routes in PAGES:
        app.register_blueprint(routes)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(static=static)
    app.jinja_env.filters.update(show.FILTERS)
