"""What is wrong with a file somebody uploaded, row by row, in Chinese.

The readers of files speak to operators at a terminal (design §4); an administrator reads the same lines here.
A line nobody has put into Chinese is shown as it is.
"""

from __future__ import annotations

import re

from handlers.phrases.admin import CONSOLES, PURPOSES
from handlers.phrases.names import ROLES
from workorders.errors import FileError

_FIELDS = {
    "name": "名称",
    "userid": "账号",
    "phone": "手机",
    "email": "邮箱",
    "chatid": "群 ID",
    "webhook_key": "密钥",
    "purpose": "用途",
    "console": "权限",
    "role": "岗位",
    "roles": "岗位",
    "rank": "责任",
    "duties": "职责",
    "stand_in": "代班",
    "from": "开始",
    "to": "结束",
    "hours": "时段",
    "days": "星期",
    "every": "每几周",
    "aliases": "别名",
    "mail_domains": "邮箱域名",
    "clauses": "条款",
    "groups": "群",
    "contacts": "联系人",
    "absent": "请假",
    "closed": "closed（放假）",
    "replaced": "replaced（改时段）",
    "breaks": "breaks（休息）",
    "makeup": "makeup（补班时段）",
}
_ROWS = {
    "partner": "伙伴",
    "contact": "联系人",
    "group": "群",
    "staff": "员工",
    "duty": "职责",
    "absent": "请假",
    "rota": "值班",
}
_PLACES = (
    (re.compile(r"sheet (\S+), row (\d+)"), r"「\1」第 \2 行"),
    (re.compile(r"sheet (\S+?)(?=:|$)"), r"工作表「\1」"),
    (
        re.compile(rf"\b({'|'.join(_ROWS)}) (\d+)(?: '([^']*)')?"),
        lambda m: f"{_ROWS[m[1]]} {m[2]}" + (f"（{m[3]}）" if m[3] else ""),
    ),
    (re.compile(r" '([^']*)'$"), r"（\1）"),
)


#: What a workbook calls the codes of a TOML file.
_CODES: dict[str, str] = {
    **{role.value: name for role, name in ROLES.items()},
    **CONSOLES,
    **PURPOSES,
    "1": "一责",
    "2": "二责",
}


def _f(key: str) -> str:
    return _FIELDS.get(key, key)


_Q = r"'(?P<v>.*)'"
#: What is wrong: how a reader says it, and how it is said here. ``k`` is a field, ``v`` what stood there.
_WHATS: tuple[tuple[str, str], ...] = (
    (rf"phone {_Q} is no complete phone number", "手机「{v}」不是完整的号码"),
    (rf"email {_Q} is no mail address", "邮箱「{v}」不是邮箱地址"),
    (rf"mail domain {_Q} is none", "邮箱域名「{v}」无效"),
    (r"webhook_key is an address", "密钥只填地址中 key= 之后的部分"),
    (rf"unknown key {_Q}", "不认识的栏目「{v}」"),
    (rf"unknown heading {_Q}", "不认识的列「{v}」"),
    (r"is unknown", "不认识的工作表"),
    (r"(?P<k>\w+) is a formula", "{k}是公式，请改成文字"),
    (rf"{_Q} stands under no heading", "「{v}」所在的列没有标题"),
    (rf"{_Q} is in no row of sheet (?P<k>\S+)", "工作表「{k}」中没有「{v}」"),
    (r"does not say whose of (?P<k>\S+) it is", "没有写明属于哪个{k}"),
    (r"userid '(?P<v>[^']*)' is already that of (?P<p>.*)", "账号「{v}」与{p}重复"),
    (r"chatid '(?P<v>[^']*)' is already that of (?P<p>.*)", "群 ID「{v}」与{p}重复"),
    (r"its webhook_key is already that of (?P<p>.*)", "密钥与{p}重复"),
    (r"the name '(?P<v>[^']*)' is already that of (?P<p>.*)", "名称「{v}」与{p}重复"),
    (r"userid '(?P<v>[^']*)' is nobody of ours", "账号「{v}」不是我们的人员"),
    (r"userid '(?P<v>[^']*)' works no orders", "「{v}」不接工单"),
    (r"absent from (?P<k>.*): stand_in '(?P<v>[^']*)' is the same person", "{k} 的请假：代班不能是本人"),
    (
        r"absent from (?P<k>.*): stand_in '(?P<v>[^']*)' is nobody of ours",
        "{k} 的请假：代班「{v}」不是我们的人员",
    ),
    (r"absent from (?P<k>.*): stand_in '(?P<v>[^']*)' works no orders", "{k} 的请假：代班「{v}」不接工单"),
    (r"absent from (?P<k>.*): stand_in '(?P<v>[^']*)' leads back.*", "{k} 的请假：代班「{v}」同期也请假"),
    (r"absent from (?P<k>.*): overlaps another absence", "{k} 的请假与另一段重叠"),
    (r"duty (?P<k>\w+) of rank (?P<v>\d) is given twice", "同一职责写了两次"),
    (r"(?:(?P<k>[^:]+) )?is given twice", "{k}写了两次"),
    (r"ends before it begins", "结束早于开始"),
    (rf"(?P<k>from|to) {_Q} is no day.*", "{k}「{v}」不是日期"),
    (rf"day {_Q} is unknown", "星期「{v}」无效"),
    (rf"role {_Q} is unknown", "没有岗位「{v}」"),
    (rf"hours: {_Q} is not an interval", "时段「{v}」无效"),
    (rf"hours: {_Q} is not a time of day", "时段「{v}」超出一天"),
    (rf"hours: {_Q} ends before it begins", "时段「{v}」结束早于开始"),
    (rf"every {_Q} is no number of weeks", "每几周「{v}」无效"),
    (r"has no (?P<k>\S+)", "没有填{k}"),
    (rf"(?P<k>\w+)(?: {_Q})? contains white space", "{k}中有空格"),
    (r"(?P<k>\w+) contains a control character", "{k}中有不可见字符"),
    (rf"(?P<k>\w+) {_Q} is unknown", "{k}「{v}」无效"),
    (r"(?P<k>\w+) (?P<v>\S+) is no text", "{k}应写成文字"),
    (r"(?P<k>\w+) is no list", "{k}应是列表"),
    (r"is no table", "格式不对"),
    (r"must be a (?:list|table), not .*", "格式不对"),
    (r"is no Excel workbook.*", "不是 Excel 工作簿（.xlsx）"),
    (r"is no name for a directory file", "请上传 .xlsx 或 .toml 文件"),
    (r"is empty, and would empty the directory", "文件是空的，导入会清空通讯录"),
    (r"is too large.*", "文件太大"),
    (r"has too many rows", "行数太多"),
    (r"is not UTF-8 at byte (?P<v>\d+)", "不是 UTF-8 编码的文本（第 {v} 字节）"),
    (r"is not TOML: (?P<v>.*)", "不是有效的 TOML：{v}"),
    (rf"there is no day {_Q}", "没有「{v}」这一天"),
    (rf"{_Q} is not a date", "「{v}」不是日期"),
    (rf"{_Q} is not an interval", "「{v}」不是时段"),
    (rf"{_Q} is not a time of day", "「{v}」超出一天"),
    (rf"{_Q} ends before it begins", "「{v}」结束早于开始"),
    (r"hours overlap at (?P<v>\S+)", "时段在 {v} 重叠"),
    (r"speaks of no date", "没有写任何日期"),
    (r"speaks of (?P<k>\d+) and of (?P<v>\d+)", "日期从 {k} 年到 {v} 年，请核对年份；一个文件只写一两年"),
    (r"differs from the agreement's calendar.*", "与服务约定的工作时间不同，这里只能改日期"),
    (r"there is no working time at all", "导入后没有任何工作时间"),
)
_SAID = tuple((re.compile(pattern), chinese) for pattern, chinese in _WHATS)
_ACCEPTED = re.compile(r" \(accepted: (?P<a>.*)\)$")


def wrong_lines(error: FileError) -> list[str]:
    """Every wrong row on a line of its own, by where it is and what is wrong."""
    lines = str(error).removeprefix(f"{error.where}: ").split("\n")
    lines = [line.removeprefix(f"{error.where}: ") for line in lines]
    inside = error.where.partition(": ")[2]
    return [_line(f"{inside}: {line}" if inside else line) for line in lines]


def _line(line: str) -> str:
    accepted = _ACCEPTED.search(line)
    bare = line[: accepted.start()] if accepted else line
    parts = bare.split(": ")
    # What is wrong is the longest tail there is Chinese for; what stands before it is the place.
    for i in range(len(parts)):
        if said := _what(": ".join(parts[i:])):
            where = [_place(part) for part in parts[:i]]
            hint = _hint(accepted["a"], in_sheet=line.startswith("sheet ")) if accepted else ""
            return "：".join([*where, said + hint])
    return line


def _what(words: str) -> str | None:
    for pattern, chinese in _SAID:
        if found := pattern.fullmatch(words):
            held = {k: v or "" for k, v in found.groupdict().items()}
            if "k" in held:
                held["k"] = _f(held["k"])
            if "p" in held:
                held["p"] = _place(held["p"])
            return chinese.format(**held)
    return None


def _place(words: str) -> str:
    if words in _FIELDS:
        return _FIELDS[words]
    for pattern, chinese in _PLACES:
        words = pattern.sub(chinese, words)
    return "：".join(_f(part) for part in words.split(": "))


def _hint(accepted: str, *, in_sheet: bool) -> str:
    """What would be taken, where that is values and no English sentence; a sheet has Chinese ones."""
    values = accepted.replace(" in UTF-8", "（UTF-8 编码）").replace(" or ", "、").replace(" to ", "–")
    if in_sheet:
        values = "、".join(_CODES.get(word, word) for word in values.split(", "))
    return "" if re.search(r"[a-z]{2,} [a-z]{2,}|…", values) else f"（可写：{values}）"
