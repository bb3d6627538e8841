"""The directory as an Excel workbook: seven sheets with Chinese headings, for people who keep it in Excel.

====== =====================================================================
伙伴    名称 别名 邮箱域名
条款    伙伴 条款 项目 值 (a partner's own clause values, a line each)
群      伙伴 群名 群ID 密钥 用途 (ours have a 用途 and no 伙伴)
联系人  伙伴 姓名 手机 账号 邮箱 岗位
员工    姓名 账号 手机 邮箱 职责 权限
请假    账号 开始 结束 代班
值班    岗位 账号 星期 时段 开始 结束 每几周
====== =====================================================================

Several values stand in one cell with 、 between them. A sheet becomes the tables of a TOML file and is
judged as they are; what is wrong is named with its sheet and row.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from bot.sheets import Sheet, SheetRow, read_workbook, write_workbook
from handlers.phrases.names import ROLE_WORDS, ROLES
from workorders.agreement.calendar_file import WEEKDAYS
from workorders.agreement.clauses import Agreement
from workorders.directory.file import DirectoryFile
from workorders.directory.names import name_key, userid_key
from workorders.directory.people import Role
from workorders.directory.table import Placed
from workorders.directory.toml import value_text

_HEADINGS: Mapping[str, Mapping[str, str]] = {
    "伙伴": {"名称": "name", "别名": "aliases", "邮箱域名": "mail_domains"},
    "条款": {"伙伴": "partner", "条款": "clause", "项目": "key", "值": "value"},
    "群": {"伙伴": "partner", "群名": "name", "群ID": "chatid", "密钥": "webhook_key", "用途": "purpose"},
    "联系人": {
        "伙伴": "partner",
        "姓名": "name",
        "手机": "phone",
        "账号": "userid",
        "邮箱": "email",
        "岗位": "roles",
    },
    "员工": {
        "姓名": "name",
        "账号": "userid",
        "手机": "phone",
        "邮箱": "email",
        "职责": "duties",
        "权限": "console",
    },
    "请假": {"账号": "userid", "开始": "from", "结束": "to", "代班": "stand_in"},
    "值班": {
        "岗位": "role",
        "账号": "userid",
        "星期": "days",
        "时段": "hours",
        "开始": "from",
        "结束": "to",
        "每几周": "every",
    },
}
_CONSOLES = {"desk": "处理", "hotline": "热线", "supervisor": "主管", "operations": "运营", "admin": "管理员"}
_PURPOSES = {"duty": "值班", "leaders": "负责人", "operations": "运营"}
_RANKS = {1: "一责", 2: "二责"}
_DAYS = dict(zip(WEEKDAYS, "一二三四五六日", strict=True))
_NUMBERS = {day: number for number, day in enumerate("一二三四五六日")} | {"天": 6}
_RANK = {"一": 1, "二": 2, "1": 1, "2": 2}
_DUTY = re.compile(r"(?P<role>.+?)(?P<rank>[一二12])责?")
_PARTED = re.compile(r"[、，,;；\n]")

Raw = dict[str, Any]


def write(file: DirectoryFile, path: Path) -> None:
    """Write the directory as a workbook, webhook keys included: keep it like a password.

    Raises:
        FileError: it cannot be written.
    """
    write_workbook(
        path,
        {
            name: (tuple(columns), [[row.get(key, "") for key in columns.values()] for row in rows])
            for (name, columns), rows in zip(_HEADINGS.items(), _sheets(file.tables()), strict=True)
        },
    )


def read(path: Path, agreement: Agreement | None = None) -> DirectoryFile:
    """Read a workbook.

    Raises:
        FileError: it is no workbook, or rows are wrong: each is named with its sheet and number on a line of
            its own, and one refuses the file.
    """
    wrong: list[str] = []
    found = {sheet.name: list(_rows(sheet, wrong)) for sheet in read_workbook(path)}
    return DirectoryFile.of_tables(_Reading(found, wrong).tables(), str(path), agreement, wrong)


# Out


def _sheets(tables: Mapping[str, Sequence[Mapping[str, object]]]) -> Iterable[list[dict[str, str]]]:
    """The rows of each sheet in the order of ``_HEADINGS``, by key."""
    partners = cast(Sequence[Raw], tables["partner"])
    staff = cast(Sequence[Raw], tables["staff"])
    yield [_texts(row) for row in partners]
    yield [
        {"partner": row["name"], "clause": clause, "key": key, "value": _literal(value) if key else ""}
        for row in partners
        for clause, values in row.get("clauses", {}).items()
        for key, value in (values or {"": ""}).items()
    ]
    own = cast(Sequence[Raw], tables["group"])
    yield [
        _texts({"partner": row["name"], **group}) for row in partners for group in row.get("groups", ())
    ] + [_texts({**group, "purpose": _PURPOSES[group["purpose"]]}) for group in own]
    yield [
        _texts(
            {"partner": row["name"], **contact, "roles": [ROLES[Role(r)] for r in contact.get("roles", ())]}
        )
        for row in partners
        for contact in row.get("contacts", ())
    ]
    yield [
        _texts(
            {
                **row,
                "duties": [ROLES[Role(d["role"])] + _RANKS[d["rank"]] for d in row.get("duties", ())],
                "console": _CONSOLES.get(row.get("console", ""), ""),
            }
        )
        for row in staff
    ]
    yield [_texts({"userid": row["userid"], **away}) for row in staff for away in row.get("absent", ())]
    yield [
        _texts({**turn, "role": ROLES[Role(turn["role"])], "days": [_DAYS[day] for day in turn["days"]]})
        for turn in cast(Sequence[Raw], tables["rota"])
    ]


def _texts(row: Mapping[str, Any]) -> dict[str, str]:
    return {key: _joined(value) if isinstance(value, list) else str(value) for key, value in row.items()}


def _joined(values: Sequence[Any]) -> str:
    """Values with 、 between them; as a TOML list where one of them holds what parts them."""
    if any(not isinstance(v, str) or _PARTED.search(v) or v.startswith("[") for v in values):
        return value_text(list(values))
    return "、".join(values)


def _literal(value: object) -> str:
    """A clause's value: a text as it is, unless it would read as something else."""
    plain = isinstance(value, str) and value == value.strip() and value and _value(value) == value
    return str(value) if plain else value_text(value)


# In


def _rows(sheet: Sheet, wrong: list[str]) -> Iterable[tuple[str, Raw]]:
    """Each row's place and its values by key; what is wrong with the sheet itself goes to ``wrong``."""
    columns = _HEADINGS.get(sheet.name)
    if columns is None:
        wrong.append(f"sheet {sheet.name}: is unknown (accepted: {'、'.join(_HEADINGS)})")
        return
    for heading in sheet.headings:
        if heading not in columns:
            wrong.append(f"sheet {sheet.name}: unknown heading '{heading}' (accepted: {'、'.join(columns)})")
    for row in sheet.rows:
        yield _row(sheet.name, row, columns, wrong)


def _row(sheet: str, row: SheetRow, columns: Mapping[str, str], wrong: list[str]) -> tuple[str, Raw]:
    place = f"sheet {sheet}, row {row.number}"
    wrong += [f"{place}: {heading} is a formula (accepted: a text)" for heading in row.formulas]
    wrong += [f"{place}: '{text}' stands under no heading" for h, text in row.cells.items() if "column " in h]
    return place, {columns[heading]: text for heading, text in row.cells.items() if heading in columns}


class _Reading:
    """Sheets on their way to the tables of a directory file.

    Args:
        sheets: each sheet's rows, with their places.
        wrong: takes what is wrong with rows that belong to nobody.
    """

    def __init__(self, sheets: Mapping[str, list[tuple[str, Raw]]], wrong: list[str]) -> None:
        self._sheets, self._wrong = sheets, wrong

    def tables(self) -> dict[str, object]:
        partners = self._of("伙伴", aliases=_several, mail_domains=_several)
        staff = self._of("员工", duties=_duties, console=_word(_CONSOLES))
        groups = self._of("群", purpose=_word(_PURPOSES))
        by_name = {_name(row, "name"): row for row in partners}
        by_userid = {_userid(row): row for row in staff}
        for row in groups:
            if "partner" in row:
                self._give(by_name.get(_name(row, "partner")), "伙伴", "partner", row, "groups")
        for row in self._of("联系人", roles=_roles):
            self._give(by_name.get(_name(row, "partner")), "伙伴", "partner", row, "contacts")
        for row in self._of("请假"):
            self._give(by_userid.get(_userid(row)), "员工", "userid", row, "absent")
        for row in self._of("条款"):
            self._clause(by_name.get(_name(row, "partner")), row)
        rota = self._of("值班", role=_role, days=_weekdays, hours=_hours, every=_count)
        own = [row for row in groups if "partner" not in row]
        return {"partner": partners, "staff": staff, "group": own, "rota": rota}

    def _of(self, sheet: str, **as_tables: Callable[[str], object]) -> list[Placed]:
        """A sheet's rows, the values named in ``as_tables`` as a TOML file has them."""
        return [
            Placed(place, {key: as_tables.get(key, str)(text) for key, text in row.items()})
            for place, row in self._sheets.get(sheet, ())
        ]

    def _give(self, owner: Raw | None, owners: str, by: str, row: Placed, key: str) -> None:
        """Put the row under whom it belongs to."""
        if owner is None:
            self._nobodys(row, owners, row.get(by))
            return
        owner.setdefault(key, []).append(Placed(row.place, {k: v for k, v in row.items() if k != by}))

    def _clause(self, owner: Raw | None, row: Placed) -> None:
        if owner is None:
            self._nobodys(row, "伙伴", row.get("partner"))
            return
        clause, key, value = (str(row.get(name, "")) for name in ("clause", "key", "value"))
        values: Raw = owner.setdefault("clauses", {}).setdefault(clause, {})
        if not clause or bool(key) != bool(value):
            self._wrong.append(f"{row.place}: has no {'条款' if not clause else '值' if key else '项目'}")
        elif key in values:
            self._wrong.append(f"{row.place}: {clause} {key} is given twice")
        elif key:
            values[key] = _value(value)

    def _nobodys(self, row: Placed, owners: str, name: object) -> None:
        what = f"'{name}' is in no row of sheet {owners}" if name else f"does not say whose of {owners} it is"
        self._wrong.append(f"{row.place}: {what}")


def _name(row: Raw, key: str) -> str:
    return name_key(str(row.get(key, "")))


def _userid(row: Raw) -> str:
    return userid_key(str(row.get("userid", "")))


def _several(text: str) -> list[object]:
    found = _value(text) if text.startswith("[") else None
    if isinstance(found, list):
        return found
    return [part.strip() for part in _PARTED.split(text) if part.strip()]


def _value(text: str) -> object:
    """A value as in TOML; anything TOML does not know, and a day, is the text it is."""
    try:
        found: object = tomllib.loads(f"value = {text}").get("value")
    except (tomllib.TOMLDecodeError, RecursionError):
        return text
    return found if isinstance(found, (bool, int, float, str, list, dict)) else text


def _role(text: str) -> str:
    found = ROLE_WORDS.get(text)
    return found.value if found else text


def _roles(text: str) -> list[str]:
    return [_role(str(each)) for each in _several(text)]


def _duties(text: str) -> list[Raw]:
    found = [(each, _DUTY.fullmatch(str(each))) for each in _several(text)]
    return [
        {"role": _role(duty["role"]), "rank": _RANK[duty["rank"]]} if duty else {"role": _role(str(each))}
        for each, duty in found
    ]


def _word(words: Mapping[str, str]) -> Callable[[str], str]:
    by_word = {word: key for key, word in words.items()}
    return lambda text: by_word.get(text, text)


def _weekdays(text: str) -> list[str]:
    days: list[str] = []
    for each in map(str, _several(text)):
        first, _, last = re.sub(r"周|星期", "", each).partition("至")
        if first in _NUMBERS and (last or first) in _NUMBERS:
            days += WEEKDAYS[_NUMBERS[first] : _NUMBERS[last or first] + 1]
        else:
            days.append(each)
    return days


def _hours(text: str) -> str:
    return re.sub(r"\s*[—–~～至]\s*", "-", text.replace("：", ":"))


def _count(text: str) -> object:
    return int(text) if re.fullmatch(r"[0-9]{1,3}", text) else text
