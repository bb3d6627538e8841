"""The web console: a second door, not a second house. It calls the same use cases (``bot/uses.py``) as chat.

To add a page:

1. A module here with ``routes = Blueprint("faq", __name__, url_prefix="/console/faq")`` and its views. A view
   opens a unit (``house().units.reading()`` to look, ``begin()`` to change), calls use cases
   (``house().uses``, ``house().here(unit, viewer().person)``), and returns ``page("faq/list.html", …)``.
   Who looks is ``viewer()``; desk time is ``house().now()``. After a change: ``said("已保存。")`` and a
   redirect 303; what cannot be taken comes back as it was written, status 409 or 422, with the reason.
   Writes go through ``house().units.begin()`` and end with ``unit.audit.record(...)``.
2. Its blueprint in ``frame.PAGES``.
3. A row for each route in ``permissions.PERMISSIONS``; without one the gate refuses everybody. Where its
   ``<int:number>`` names a partner's order, ``about="order"``. A form that brings a file says how many bytes
   it ``takes``. The permission test walks it.
4. A template below ``templates/`` that extends ``frame.html`` (blocks ``title``, ``styles``, ``scripts``,
   ``main``) and is made of the parts in ``static/parts.css`` (``.panel .button .field .badge .table .notice
   .empty``). Forms are ``method="post"`` with ``<input type="hidden" name="csrf_token" value="{{ csrf_token()
   }}">`` and ``data-draft``, which keeps what is being written until it was taken. No inline script or style:
   the policy forbids them. Moments go through the filters ``when``, ``clock``, ``iso``; a live countdown is
   ``<time class="left" data-due="{{ due|iso }}">{{ due|left(now) }}</time>`` inside something with
   ``class="{{ due|heat(now) }}"``. Phones go through ``masked``, other people's words through ``quoted``.
5. An entry in ``render.NAV`` if people should find it from everywhere, or in ``render.ADMIN`` if it belongs
   to 管理 (``bot/console/admin/``, templates extend ``admin/admin.html``).

A page people must reach without one of our roles, or from a link in a letter (``/ack/…``), is the same: its
permit names ``As.PARTNER`` too, the gate logs them in by WeCom, and they come back to the very page.

``static/vendor/htmx-2.0.11.min.js`` is ``dist/htmx.min.js`` of npm ``htmx.org@2.0.11`` (0BSD, see the licence
beside it), SHA-256 ``d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717``, unchanged.
``static/vendor/uPlot-1.6.32.*`` are ``dist/uPlot.iife.min.js`` and ``dist/uPlot.min.css`` of npm
``uplot@1.6.32`` (MIT, see the licence beside them), SHA-256
``19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f`` and
``df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04``, unchanged. It styles what it draws
from script, which the policy allows, and nothing by an attribute.
"""
