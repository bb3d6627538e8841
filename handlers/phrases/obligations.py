"""What is said about obligations (约定事项): filed, looked at, explained, and every verb done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import assert_never

from handlers.phrases.names import OBLIGATIONS, ROLES, SURVEY_ITEMS, post
from handlers.phrases.obligation_letters import marks, yuan
from handlers.phrases.plain import plain_line
from handlers.phrases.scene import Scene
from handlers.phrases.text import day as day_text
from handlers.phrases.text import joined, quoted
from workorders.agreement.explain import lead
from workorders.agreement.terms import Clause
from workorders.obligations.matters import (
    Change,
    Coaching,
    Item,
    OurChange,
    Receipt,
    Slip,
    Survey,
    TheirChange,
)
from workorders.obligations.obligation import Event, Kind, Obligation, State, Verb

NONE_OPEN = "目前没有待办的约定事项。"
ELSEWHERE = "约定事项的内容请在与我的单聊中查询。"


def help_text(*, staff: bool) -> str:
    return "\n".join(["约定事项，您可以发：", *(f"- {line}" for line in (_DESK_HELP if staff else _HELP))])


_HELP = (
    "约定：待办的约定事项；Y3：其中一项；为什么 Y3：期限怎么算的",
    "异议 Y3 问题：货物有问题",
    "填写 Y3 5 4 5 4 意见：满意度调查",
    "收到 Y3：确认我方人员变更",
    "人员变更 技术 小王→小新 12-07 盖章：贵方人员变更",
)
_DESK_HELP = (
    "约定；Y3；为什么 Y3；作废 Y3 原因",
    "签收单 星河支付 硬件 3000元 今天09:30；收照片 Y3、收原件 Y3；停服 Y3 原因、恢复服务 Y3",
    "辅导期 星河支付 小王 笔试11-20 实操11-23；复训 Y3 12-01 上门",
    "人员变更 星河支付 技术 小王→小新 12-07 盖章；确认 Y3",
    "我方变更 技术一责 老李→老周 12-07 盖章",
    "满意度；满意度周期 星河支付 2；填写 Y3 5 4 5 4 意见：录入邮件",
)


def named(o: Obligation) -> str:
    """约定事项 Y3 签收单."""
    return f"约定事项 Y{o.number} {OBLIGATIONS[o.kind]}"


# Looking


def shown(o: Obligation, scene: Scene, *, why: Sequence[str] = ()) -> str:
    """One obligation: what it is, how it stands, what can be done."""
    about = _partner(o, scene)
    lines = [f"{named(o)}" + (f"（{about}）" if about and scene.sender.side == "us" else ""), _what(o, scene)]
    lines.append(f"{_stands(o, scene)}。")
    lines += why or _next(o, scene)
    return "\n".join(lines)


def listing(open_: Sequence[Obligation], scene: Scene) -> str:
    rows = [f"- {_row(o, scene)}" for o in open_[:9]]
    more = f"\n共 {len(open_)} 项，其余请按编号查询，例如「Y{open_[9].number}」。" if len(open_) > 9 else ""
    return f"待办的约定事项 {len(open_)} 项：\n" + "\n".join(rows) + more


def _row(o: Obligation, scene: Scene) -> str:
    about = _partner(o, scene) if scene.sender.side == "us" else ""
    return (
        "：".join(part for part in (f"Y{o.number} {OBLIGATIONS[o.kind]}", about) if part)
        + f"，{_stands(o, scene)}"
    )


def _what(o: Obligation, scene: Scene) -> str:
    match o.matter:
        case Slip() as slip:
            goods = "硬件产品" if slip.goods == "hardware" else "软件产品"
            form = "签收单照片" if slip.form == "photo" else "签收单原件"
            return f"{goods}，{yuan(slip.fen)}，{scene.when(slip.delivered_at)} 送达，应回{form}。"
        case Coaching() as coaching:
            passed = f"笔试 {_on(coaching.exam)}、实操 {_on(coaching.practical)}合格"
            said = f"{_words(coaching.trainee, scene)}：{passed}。"
            if not coaching.sessions:
                return said
            fees = sum(session.fee for session in coaching.sessions)
            return f"{said}复训 {len(coaching.sessions)} 次，共 {fees} 元。"
        case Survey() as survey:
            head = f"{survey.month.year}年{survey.month.month}月"
            if not survey.scores:
                return f"{head}，{len(SURVEY_ITEMS)} 项各 1 至 5 分：{'、'.join(SURVEY_ITEMS.values())}。"
            remark = f"意见：{_words(survey.remark, scene)}" if survey.remark else ""
            return f"{head}，{marks({str(k): v for k, v in survey.scores.items()})}。{remark}"
        case TheirChange(change):
            return f"{_moved(change, ROLES[change.role], scene)}。"
        case OurChange(change) as ours:
            return f"{_moved(change, post(change.role, ours.rank), scene)}。"
    assert_never(o.matter)


def _stands(o: Obligation, scene: Scene) -> str:
    if o.state is State.CANCELLED:
        return f"{scene.name(o.state_by)}{joined('已于', scene.when(o.state_at))} 作废"
    if o.state is State.INVALID:
        return "未加盖公章，视为无效"
    due = scene.when(o.due)
    match o.matter:
        case Slip() as slip:
            return "，".join([_goods(slip, due), _slip(slip, scene)])
        case Coaching():
            return f"{joined('已于', due)} 结束" if o.state is State.DONE else f"{joined('辅导期至', due)}"
        case Survey() as survey:
            if survey.scores:
                return f"{'已由邮件录入' if survey.by_mail else '已填写'}" + (
                    "（逾期返回）" if o.breached_at else ""
                )
            return f"{joined('应于', due)} 前返回，已逾期" if o.breached_at else f"{joined('最晚', due)} 返回"
        case TheirChange(change):
            if o.state is State.DONE:
                return f"已确认，{joined('已于', scene.when(change.effective_at))} 生效"
            if o.state is State.CONFIRMED:
                return f"已确认，{scene.when(change.effective_at)} 生效"
            return (
                f"{joined('应于', due)} 前确认，已超时"
                if o.breached_at
                else f"待我方确认，{joined('最晚', due)}"
            )
        case OurChange() as ours:
            return _ours(ours, scene)
    assert_never(o.matter)


def _goods(slip: Slip, due: str) -> str:
    match slip.judged:
        case "objected":
            return f"已提出异议，工单 {slip.order}"
        case "deemed":
            return f"{joined('截至', due)} 无异议，视为产品合格"
    return f"{due} 前可提出异议"


def _slip(slip: Slip, scene: Scene) -> str:
    if slip.received_at:
        return f"签收单{joined('已于', scene.when(slip.received_at))} 收到"
    return "签收单未收到" + (f"，已停服：{_words(slip.withheld, scene)}" if slip.withheld is not None else "")


def _ours(ours: OurChange, scene: Scene) -> str:
    effect = scene.when(ours.change.effective_at)
    moves = {
        None: f"{effect} 生效",
        True: f"{joined('已于', effect)} 生效",
        False: f"{joined('已于', effect)} 生效，通讯录未能自动更新",
    }[ours.moved]
    if scene.sender.partner is not None:
        mine = ours.receipts.get(scene.sender.partner.id)
        return f"{moves}，{_receipt(mine, scene)}" if mine else moves
    how: Counter[str] = Counter(receipt.judged for receipt in ours.receipts.values())
    told = "、".join(f"{word} {how[judged]}" for judged, word in _JUDGED.items() if how[judged])
    return f"{moves}；合作伙伴 {len(ours.receipts)} 家：{told}"


_JUDGED: Mapping[str, str] = {"accepted": "已确认", "deemed": "视为接收", "waiting": "未回复"}


def _receipt(receipt: Receipt, scene: Scene) -> str:
    match receipt.judged:
        case "accepted":
            return "贵方已确认"
        case "deemed":
            return f"贵方{joined('截至', scene.when(receipt.due))} 未回复，视为接收"
    return f"{joined('请在', scene.when(receipt.due))} 前回复「收到」"


def _next(o: Obligation, scene: Scene) -> list[str]:
    """What the reader can do about it."""
    if not o.live:
        return []
    n, desk = o.number, scene.staff or scene.sender.supervises
    match o.matter:
        case Slip() as slip:
            if not desk:
                return [f"有问题请回复「异议 Y{n} 问题」。"] if slip.judged == "waiting" else []
            if slip.received_at:
                return []
            serve = f"「恢复服务 Y{n}」" if slip.withheld is not None else f"「停服 Y{n} 原因」"
            photo = f"「收照片 Y{n}」" if slip.form == "photo" else ""
            return [f"可回复{photo}「收原件 Y{n}」{serve}。"]
        case Coaching() if desk:
            return [f"复训请回复「复训 Y{n} 日期 上门」。"]
        case Survey():
            return [f"请回复「填写 Y{n}」。"]
        case TheirChange() if desk and o.state is State.OPEN:
            return [f"请回复「确认 Y{n}」。"]
    return []


def why(o: Obligation, scene: Scene) -> list[str]:
    """How the due moment came about, by today's calendar and the clause as it was frozen."""
    agreement = scene.here.agreement
    if isinstance(o.matter, OurChange):
        lines = []
        for partner, receipt in o.matter.receipts.items():
            if scene.sender.partner is not None and scene.sender.partner.id != partner:
                continue
            reasons = agreement.due_of(Clause.thaw(receipt.clause), o.starts).why
            lines.append(f"回复：{scene.when(receipt.due)}（{'；'.join(reasons)}）")
        return [*dict.fromkeys(lines), *_lead(o.matter.change, o, scene)]
    reasons = agreement.due_of(Clause.thaw(o.clause), o.starts).why
    words = {Kind.SLIP: "异议", Kind.COACHING: "辅导期", Kind.SURVEY: "返回", Kind.THEIR_CHANGE: "确认"}
    lines = [f"{words[o.kind]}：{scene.when(o.due)}（{'；'.join(reasons)}）"]
    if isinstance(o.matter, TheirChange):
        lines += _lead(o.matter.change, o, scene)
    if isinstance(o.matter, Slip):
        limit = o.clause.get("photo_up_to") or 0
        over = "，须寄原件" if o.matter.form == "original" else "，照片即可"
        lines.append(f"签收单：{yuan(o.matter.fen)}，{limit} 元（含）以下可用照片{over}。")
    return lines


def _lead(change: Change, o: Obligation, scene: Scene) -> list[str]:
    span = Clause.thaw(o.clause).lead or scene.here.agreement.clause("notice.personnel").lead
    days = span.days if span else None
    if not days:
        return []
    reasons = lead(scene.here.agreement.calendar, change.effective_at, days)
    kept = "未满足" if o.starts > change.announce_by else "已满足"
    return [f"提前期：{joined('最晚', scene.when(change.announce_by))} 提交，{kept}（{'；'.join(reasons)}）"]


# Done


def filed(o: Obligation, events: Sequence[Event], scene: Scene, *, reached: bool = True) -> str:
    """To whoever filed it.

    Args:
        reached: whether anybody at the partner could be written to.
    """
    n, due = o.number, scene.when(o.due)
    head = f"已登记{named(o)}"
    nobody = "" if reached else "\n对方没有可通知的企业微信对接人，请电话告知。"
    match o.matter:
        case Slip() as slip:
            form = "照片" if slip.form == "photo" else "原件"
            objection = (
                f"{joined('异议期至', due)}"
                if slip.judged == "waiting"
                else f"{joined('异议期已于', due)} 届满，视为产品合格"
            )
            said = f"{head}。\n{_what(o, scene)}\n{objection}；收到签收单请回复「收{form} Y{n}」。"
        case Coaching():
            said = f"{head}。\n{_what(o, scene)}\n{joined('辅导期至', due)}，届时通知双方。"
        case Survey():
            said = f"{head}，{joined('最晚', due)} 返回。"
        case TheirChange(change):
            whom = (
                f"{joined('请在', due)} 前回复「确认 Y{n}」"
                if scene.sender.side == "us"
                else f"我方{joined('最晚', due)} 确认"
            )
            if o.state is State.INVALID:
                whom = "变更函未加盖公司公章，视为无效。请盖章后重新提交"
            said = f"{head}。\n{_what(o, scene)}\n{whom}。{_short(change, events, scene)}"
        case OurChange(change) as ours:
            deemed = f"{joined('最晚', due)} 未回复的视为接收"
            said = (
                f"{head}。\n{_what(o, scene)}已通知 {len(ours.receipts)} 家合作伙伴，{deemed}。\n"
                f"生效时自动更新值班表。{_short(change, events, scene)}"
            )
    return said + nobody


def _short(change: Change, events: Sequence[Event], scene: Scene) -> str:
    if not events[0].facts.get("late"):
        return ""
    return f"\n距生效不足 5 个工作日（{joined('应于', scene.when(change.announce_by))} 前提交），已记录。"


def done(verb: Verb, o: Obligation, scene: Scene) -> str:
    """To whoever did it."""
    told = "，已通知对方" if verb in _TOLD else ""
    tail = f"{_stands(o, scene)}。"
    match verb:
        case Verb.OBJECT:
            assert isinstance(o.matter, Slip)
            return f"{named(o)}：异议已记录，已开工单 {o.matter.order}。回复「进度 {o.matter.order}」可查看。"
        case Verb.RETRAIN:
            assert isinstance(o.matter, Coaching)
            session = o.matter.sessions[-1]
            travel = "，差旅由对方承担" if session.on_site else ""
            return f"{named(o)}：{_on(session.day)}复训已登记，培训费 {session.fee} 元{travel}{told}。"
        case Verb.ANSWER:
            assert isinstance(o.matter, Survey)
            more = (
                "" if o.matter.remark or o.matter.by_mail else f"\n补充意见请回复「意见 Y{o.number} 内容」。"
            )
            thanks = "已录入" if o.matter.by_mail else "已收到，谢谢"
            return f"{named(o)}：{thanks}。{_what(o, scene)}{more}"
        case Verb.REMARK:
            return f"{named(o)}：意见已记录，谢谢。"
        case Verb.ACKNOWLEDGE:
            return f"{named(o)}：已记录贵方确认，谢谢。"
        case Verb.CONFIRM:
            assert isinstance(o.matter, TheirChange)
            at = scene.when(o.matter.change.effective_at)
            later = "请现在更新通讯录" if o.state is State.DONE else f"{at} 生效时提醒更新通讯录"
            return f"{named(o)}：已确认{told}；{later}。"
    return f"{named(o)}：已{_DONE[verb]}{told}。{tail if o.live else ''}"


_TOLD = (Verb.RECEIVE, Verb.WITHHOLD, Verb.LIFT, Verb.RETRAIN, Verb.CONFIRM, Verb.CANCEL)
_DONE = {Verb.RECEIVE: "收签收单", Verb.WITHHOLD: "停服", Verb.LIFT: "恢复服务", Verb.CANCEL: "作废"}


def cadence(partner: str, months: int, next_at: str) -> str:
    return f"{plain_line(partner)}的满意度调查改为每 {months} 个月一次，{joined('下次于', next_at)} 发出。"


def averages(rows: Sequence[tuple[str, int, Mapping[Item, float]]]) -> str:
    """A line a partner: how many surveys, and the mean mark of every item."""
    if not rows:
        return "还没有返回的满意度调查。"
    lines = [
        f"- {plain_line(name)}（{count} 次）："
        + "、".join(f"{SURVEY_ITEMS[item]} {mean:.1f}" for item, mean in means.items())
        for name, count, means in rows
    ]
    return "\n".join(["满意度平均分：", *lines])


def ask_marks(number: int) -> str:
    return (
        f"约定事项 Y{number} 满意度调查：请按顺序打 1 至 5 分，意见写在后面，例如「5 4 5 4 回复再快些」。\n"
        f"{_ITEMS}\n取消请回复「取消」。"
    )


def ask_again(number: int) -> str:
    return f"约定事项 Y{number}：需要 {len(SURVEY_ITEMS)} 个 1 至 5 的分数，例如「5 4 5 4」。\n{_ITEMS}"


_ITEMS = "".join(f"{mark}{name}" for mark, name in zip("①②③④", SURVEY_ITEMS.values(), strict=True))


# Words


def _moved(change: Change, what: str, scene: Scene) -> str:
    at = day_text(change.effective_at, scene.here.now)
    return f"{what}由{_words(change.leaves, scene)}变更为{_words(change.comes, scene)}，{at}起生效"


def _words(said: str, scene: Scene) -> str:
    return quoted(said, shared=scene.shared, most=100)


def _on(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _partner(o: Obligation, scene: Scene) -> str:
    found = scene.here.directory.partner(o.partner) if o.partner is not None else None
    return plain_line(found.name) if found else ""
