"""The chat page and what it is made of."""

from __future__ import annotations

import json
from pathlib import Path

from flask import Blueprint, Response, jsonify, render_template

HERE = Path(__file__).parent

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def blueprint() -> Blueprint:
    """``/``, its static files and the guide's texts."""
    routes = Blueprint("page", __name__, static_folder="static", template_folder="templates")
    guide = json.loads((HERE / "guide.json").read_text(encoding="utf-8"))

    @routes.get("/")
    def page() -> Response:
        return Response(render_template("chat.html"), headers={"Cache-Control": "no-store"})

    @routes.get("/guide.json")
    def guide_json() -> Response:
        return jsonify(guide)

    @routes.get("/favicon.ico")
    def favicon() -> Response:
        return routes.send_static_file("icon.svg")

    return routes
