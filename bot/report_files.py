"""Tables as people carry them away: CSV that Excel opens as it is meant, and Excel sheets with types.

What somebody typed is text in both, whatever it begins with: no cell of theirs becomes a formula.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from handlers.phrases import report as phrases
from workorders.agreement.worktime import Calendar
from workorders.report.table import Cell, Column, Table

#: What a spreadsheet takes for the beginning of a formula.
_FORMULA = re.compile(r"[=+\-@\t\r]")
_WIDEST = 48
_PLAIN, _WRAPPED = Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True)

#: How Excel shows what a column holds.
_FORMATS = {
    "count": "0",
    "number": "0.00",
    "share": "0.0%",
    "stretch": "[h]:mm:ss",
    "moment": "yyyy-mm-dd hh:mm:ss",
    "day": "yyyy-mm-dd",
}


def as_csv(table: Table, calendar: Calendar) -> str:
    """The table with Chinese headings, beginning with the mark by which Excel knows UTF-8.

    Moments are local, stretches h:mm:ss, shares in percent. A text that a spreadsheet would calculate begins
    with an apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(headings(table))
    for row in worded(table):
        writer.writerow([_text(c, v, calendar) for c, v in zip(table.columns, row, strict=True)])
    return "\ufeff" + out.getvalue()


def as_xlsx(tables: Sequence[Table], calendar: Calendar) -> bytes:
    """The tables as a workbook, a sheet each: typed cells, widths, a header that stays in sight."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for table in tables:
        _sheet(book.create_sheet(phrases.title(table.name)), table, calendar)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(sheet: Worksheet, table: Table, calendar: Calendar) -> None:
    widths: list[int] = []
    rows = worded(table)
    for i, (column, heading) in enumerate(zip(table.columns, headings(table), strict=True), 1):
        _put(sheet.cell(1, i), heading)
        sheet.cell(1, i).font = Font(bold=True)
        sheet.cell(1, i).fill = PatternFill("solid", fgColor="EEF2F7")
        widths.append(_width(heading))
        for j, row in enumerate(rows, 2):
            _put(sheet.cell(j, i), _typed(row[i - 1], calendar), _FORMATS.get(column.holds))
            widths[-1] = max(widths[-1], _width(_text(column, row[i - 1], calendar)))
        sheet.column_dimensions[get_column_letter(i)].width = min(widths[-1] + 2, _WIDEST)
    if table.total:
        for cell in sheet[sheet.max_row]:
            cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def _put(cell: Any, value: Any, shown: str | None = None) -> None:
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # text, even where it begins like a formula …
        if _FORMULA.match(value):
            cell.quotePrefix = True  # … and is edited
        cell.alignment = _WRAPPED if len(value) > _WIDEST else _PLAIN
    elif shown:
        cell.number_format = shown


def headings(table: Table) -> list[str]:
    """What its columns are called, in Chinese."""
    return [phrases.heading(table.name, column.key) for column in table.columns]


def worded(table: Table) -> list[list[Cell]]:
    """The rows, our codes in words."""
    rows = [[phrases.cell(c.key, v) for c, v in zip(table.columns, row, strict=True)] for row in table.rows]
    if table.total:
        rows[-1][0] = phrases.SUM
    return rows


def _typed(value: Cell, calendar: Calendar) -> Any:
    """The cell in Excel's own types; it knows no zones, so moments are local."""
    if isinstance(value, datetime):
        return calendar.local(value).replace(tzinfo=None, microsecond=0)
    if isinstance(value, timedelta):
        return value.total_seconds() / 86400
    return ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value


def _text(column: Column, value: Cell, calendar: Calendar) -> str:
    """As :func:`shown`, safe from being calculated."""
    return plain(value) if isinstance(value, str) else shown(column, value, calendar)


def shown(column: Column, value: Cell, calendar: Calendar) -> str:
    """A cell as people read it; nothing where there is nothing to say."""
    if value is None:
        return ""
    for kind, write in _WRITTEN:
        if isinstance(value, kind):
            return write(value, column, calendar)
    return str(value)


_WRITTEN: tuple[tuple[type, Callable[[Any, Column, Calendar], str]], ...] = (
    (datetime, lambda v, _, calendar: f"{calendar.local(v):%Y-%m-%d %H:%M:%S}"),
    (date, lambda v, _, __: v.isoformat()),
    (timedelta, lambda v, _, __: stretch(v)),
    (float, lambda v, column, _: f"{v:.1%}" if column.holds == "share" else f"{v:.2f}"),
)


def plain(text: str) -> str:
    """A text for a CSV that no spreadsheet calculates."""
    return f"'{text}" if _FORMULA.match(text) else text


def stretch(span: timedelta) -> str:
    """A stretch as 0:03:20, however many hours."""
    seconds = round(span.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _width(text: str) -> int:
    """How many narrow characters wide a text is; Chinese ones are two."""
    return max((sum(2 if ord(c) > 0x2E7F else 1 for c in line) for line in text.splitlines()), default=0)
