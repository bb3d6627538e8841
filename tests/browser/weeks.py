"""Two months of ordinary work at an invented desk, for pictures that show more than a first morning."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from sqlalchemy import update

from tests.browser.scene import Scene
from tests.support.stage import local
from workorders.letters import LetterState
from workorders.notices.desk import Draft
from workorders.notices.notice import Kind as Announcement
from workorders.orders.kinds import Kind
from workorders.sql.tables import letter

BEGIN = local("2026-10-12 09:00")
_TODAY = local("2026-12-03 14:20")
_SAID = ("收银台打不开", "扫码后一直转圈", "对账单少了一笔", "打印机不出纸", "退款没有到账", "POS 机刷卡报错")
_WHO = ("xiaowang", "xiaolin", "xiaofeng")
_OPEN = (
    (Kind.DAILY, "xiaowang", "扫码后一直转圈", 17, None),
    (Kind.URGENT, "xiaolin", "全部门店无法收款", 12, "laozhou"),
    (Kind.DAILY, "xiaofeng", "对账单少了一笔", 9, "xiaochen"),
    (Kind.DAILY, "xiaowang", "打印机不出纸", 3, None),
)
_FORMS = (
    (Kind.ONBOARDING, "xiaowang", "", {"merchant": "张家便利店", "category": "零售"}),
    (Kind.COMPLAINT, "xiaoxu", "三次都没人接电话", {"role": "tech"}),
    (Kind.AFTERSALES, "xiaowang", "扫不出码，灯不亮", {"device": "扫码盒", "serial": "SN-20461"}),
)
#: The number of the order opened last.
LAST = 0


def pass_by(scene: Scene) -> None:
    """Let them pass, and leave the desk on a working afternoon."""
    chance = random.Random(2017)
    with scene.nobody_working():
        day = BEGIN
        while day.date() < _TODAY.date():
            if day.weekday() < 5:
                for _ in range(chance.randint(2, 5)):
                    _worked(scene, day + timedelta(minutes=chance.randint(0, 480)), chance)
            day += timedelta(days=1)
        with scene.stage.program.units.begin() as unit:
            unit.conn.execute(update(letter).values(state=LetterState.SENT))  # all of it was said long ago
        _today(scene)


def _worked(scene: Scene, at: datetime, chance: random.Random) -> None:
    """One order from its opening to its closing, now and then late."""
    kind = Kind.URGENT if chance.random() < 0.12 else Kind.DAILY
    number = _opened(scene, at, kind, chance.choice(_WHO), chance.choice(_SAID))
    slow, stuck = chance.random() < 0.1, chance.random() < 0.14
    quick = chance.uniform(0.2, 0.9) if kind is Kind.URGENT else chance.uniform(0.3, 4)
    _do(scene, at, 6.5 if slow else quick, "accept", number, "laoli")
    _do(scene, at, chance.uniform(24, 70) if stuck else chance.uniform(6, 19), "solve", number, "laoli")
    _do(scene, at, 75, "close", number, "xiaowang")


def _opened(
    scene: Scene, at: datetime, kind: Kind, who: str, text: str, form: dict[str, str] | None = None
) -> int:
    scene.stage.clock.moment = at
    with scene.stage.program.units.begin() as unit:
        desk = scene.stage.program.uses.orders(unit)
        return desk.open(kind, text, unit.directory.person(who), form=form).number


def _do(scene: Scene, at: datetime, minutes: float, verb: str, number: int, who: str) -> None:
    scene.stage.clock.moment = at + timedelta(minutes=minutes)
    with scene.stage.program.units.begin() as unit:
        desk = scene.stage.program.uses.orders(unit)
        if verb == "close":
            order = unit.orders.read(number)
            who = order.reporter if order else who
        getattr(desk, verb)(number, unit.directory.person(who))


def _today(scene: Scene) -> None:
    for kind, who, text, form in _FORMS:
        _opened(scene, _TODAY - timedelta(hours=3), kind, who, text, form=form)
    _announced(scene)
    for kind, who, text, minutes, owner in _OPEN:
        global LAST
        at = _TODAY - timedelta(minutes=minutes)
        LAST = _opened(scene, at, kind, who, text)
        if owner:
            _do(scene, at, 1.5, "accept", LAST, owner)
    scene.stage.clock.moment = _TODAY


def _announced(scene: Scene) -> None:
    """A notice under way, which nobody has answered yet."""
    scene.stage.clock.moment = _TODAY - timedelta(minutes=25)
    draft = Draft(
        Announcement.BUSINESS, "年末费率政策", "自 2027 年 1 月 1 日起**费率不变**，结算周期仍为次日。"
    )
    with scene.stage.program.units.begin() as unit:
        desk, who = scene.stage.program.uses.notices(unit), unit.directory.person
        number = desk.compose(draft, who("xiaoqian")).number
        desk.approve(number, who("wangzhuguan"))
        desk.send(number, who("xiaoqian"))
