"""Changes of the directory in words: groups bound, keys kept, absences; and why one could not be made."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.phrases.plain import plain_line
from handlers.phrases.scene import Scene
from handlers.phrases.text import on_leave, quoted
from workorders.directory.errors import CannotChange
from workorders.directory.people import Group, Partner, Person
from workorders.directory.rows import AbsenceRow

NO_KEY = "请写明群名和密钥，例如「webhook 星河支付-服务群 密钥」，密钥是群机器人地址中 key= 之后的部分。"
KEY_IN_GROUP = "密钥未登记：群里的人都看到了，请先重置群机器人，再由客服负责人在与我的单聊中登记。"


def bound(partner: Partner, assigned: Sequence[int] = ()) -> str:
    """To whoever bound it; ``assigned``: orders of this group that are the partner's now."""
    theirs = f"工单 {'、'.join(map(str, assigned))} 已归属。" if assigned else ""
    return (
        f"本群已绑定{plain_line(partner.name)}，群内可直接提问、报障。{theirs}"
        f"如有误，请客服负责人回复「解绑」；群通知需登记群机器人密钥。"
    )


def unbound(partner: Partner) -> str:
    return (
        f"本群已与{plain_line(partner.name)}解绑，已开的工单不受影响。重新绑定请回复「绑定 合作伙伴名称」。"
    )


def key_kept(group: Group) -> str:
    return f"已登记{plain_line(group.name)}的群机器人密钥，群通知即日起发送。请撤回您刚发的消息。"


def away(who: Person, absence: AbsenceRow, stand_in: Person | None, left: int, scene: Scene) -> str:
    """To whoever registered it; ``left``: open orders of theirs, where it is their own."""
    by = f"由{plain_line(stand_in.name)}代班" if stand_in else "未指定代班，期间的通知转下一级"
    said = f"已登记{scene.name(who.userid)} {_stretch(absence, scene)}请假，{by}。"
    if left:
        name = plain_line(stand_in.name) if stand_in else "同事姓名"
        said += f"您有 {left} 张未完结工单，可回复「交接班 {name}」。"
    return said


def back(who: Person, absence: AbsenceRow, scene: Scene) -> str:
    return f"已为{scene.name(who.userid)}销假（原 {_stretch(absence, scene).rstrip()}）。"


def _stretch(absence: AbsenceRow, scene: Scene) -> str:
    return on_leave(absence.begins, absence.ends, scene.here.now)


def refused(refused: CannotChange) -> str:
    """Why a change was not made, and what to do."""
    name = quoted(refused.name or "", shared=True, most=20)
    return _WHY[refused.why].format(name)


_WHY = {
    "desk": "绑定群由处理岗位的同事或客服负责人操作。",
    "supervisor": "这一步由客服负责人操作，请联系客服负责人。",
    "in_group": "请在要绑定或解绑的群里回复。",
    "no_partner": "没有找到合作伙伴「{0}」，请核对全称或简称，例如「绑定 星河支付」。",
    "ours": "{0}是我们自己的群，不能绑定或解绑。",
    "bound": "本群已绑定{0}，无需重复绑定。",
    "bound_other": "本群已绑定{0}，改绑由客服负责人操作。",
    "unbound": "本群尚未绑定合作伙伴，请回复「绑定 合作伙伴名称」。",
    "no_group": "没有找到群「{0}」，请写明通讯录中的群名；合作伙伴有多个群时请写群名。",
    "key": "这个密钥已登记在其他群，请核对后重新发送。",
    "nobody": "没有找到同事「{0}」，请写明通讯录中的姓名。",
    "when": "请写明起止日期，例如「请假 12-01 到 12-03 由老周代」。",
    "reversed": "结束应晚于开始，请核对后重新发送。",
    "past": "这段时间已经过去，请核对日期。",
    "overlap": "这段时间与已登记的请假重叠，可先回复「销假」。",
    "self": "不能由本人代班，请换一位同事。",
    "unknown": "代班人不在通讯录中，请写明通讯录中的姓名。",
    "idle": "{0}不接工单，请换一位处理岗位的同事代班。",
    "circle": "{0}同期请假，且由请假人代班，请换一位同事。",
    "no_absence": "没有已登记的请假。",
    "turn_nobody": "{0}不在通讯录中，请从名单中选择。",
    "turn_idle": "{0}不接工单，请选择处理岗位的同事。",
    "turn_twice": "排班中已有这一行。",
    "no_turn": "排班刚有变化，这一行已不在其中。",
}
