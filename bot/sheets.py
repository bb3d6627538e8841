"""Excel workbooks of plain text: what is written is never a formula, and what is read never was one."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.utils.exceptions import InvalidFileException

from workorders.errors import FileError

#: Bytes of a workbook that is read, and rows of one sheet.
_MOST_BYTES, _MOST_ROWS = 20_000_000, 50_000
_MOST_UNPACKED = 200_000_000
_WIDEST = 40


@dataclass(frozen=True)
class SheetRow:
    """One row under a sheet's headings.

    Attributes:
        number: as Excel counts it.
        cells: its text by heading, without space around it; empty cells are left out.
        formulas: headings whose cell holds a formula or an error instead of a text.
    """

    number: int
    cells: Mapping[str, str]
    formulas: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A sheet: its headings in the first row, its rows below."""

    name: str
    headings: tuple[str, ...]
    rows: Sequence[SheetRow] = field(default=())


def write_workbook(path: Path, sheets: Mapping[str, tuple[Sequence[str], Sequence[Sequence[str]]]]) -> None:
    """Write sheets of texts: headings, then rows; every cell is a text, so phones keep their digits.

    Raises:
        FileError: the file cannot be written.
    """
    book = Workbook()
    for first in book.worksheets:
        book.remove(first)
    for name, (headings, rows) in sheets.items():
        sheet = book.create_sheet(name)
        for number, row in enumerate((headings, *rows), start=1):
            for column, text in enumerate(row, start=1):
                _put(sheet.cell(number, column), text)
        for column, heading in enumerate(headings, start=1):
            cell = sheet.cell(1, column)
            cell.font = Font(bold=True)
            longest = max([len(heading), *(len(row[column - 1]) for row in rows)])
            sheet.column_dimensions[cell.column_letter].width = min(longest * 2 + 2, _WIDEST)
        sheet.freeze_panes = "A2"
    try:
        book.save(path)
    except OSError as error:
        raise FileError(str(path), f"cannot be written: {error.strerror or error}") from None


def _put(cell: Any, text: str) -> None:
    cell.value = text or None
    cell.number_format = "@"
    if text:
        # openpyxl takes a leading = for a formula, and Excel any of these once the cell is edited.
        cell.data_type = "s"
        cell.quotePrefix = text[0] in "=+-@"


def read_workbook(path: Path) -> list[Sheet]:
    """Every sheet with anything in it. Whole numbers and days typed as such read as their text.

    Raises:
        FileError: it cannot be read, is no workbook, or is too large.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise FileError(str(path), "is too large", f"at most {_MOST_BYTES // 1_000_000} MB")
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > _MOST_UNPACKED:
                raise FileError(str(path), "is too large once unpacked", "a smaller workbook")
        book = load_workbook(path, data_only=False)
    except OSError as error:
        raise FileError(str(path), f"cannot be read: {error.strerror or error}") from None
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        raise FileError(str(path), f"is no Excel workbook: {error}", "a workbook saved as .xlsx") from None
    return [found for sheet in book.worksheets if (found := _sheet(sheet, str(path)))]


def _sheet(sheet: Any, where: str) -> Sheet | None:
    if sheet.max_row > _MOST_ROWS:
        raise FileError(f"{where}: sheet {sheet.title}", "has too many rows", f"at most {_MOST_ROWS}")
    first, *below = list(sheet.iter_rows()) or [()]
    headings = {cell.column: _text(cell) for cell in first if _text(cell)}
    rows = [row for cells in below if (row := _row(cells, headings))]
    return Sheet(sheet.title, tuple(headings.values()), rows) if headings or rows else None


def _row(cells: Sequence[Any], headings: Mapping[int, str]) -> SheetRow | None:
    texts: dict[str, str] = {}
    formulas: list[str] = []
    for cell in cells:
        heading = headings.get(cell.column, f"column {cell.column_letter}") if cell.value is not None else ""
        if cell.data_type in ("f", "e"):
            formulas.append(heading)
        elif text := _text(cell):
            texts[heading] = text
    return SheetRow(cells[0].row, texts, tuple(formulas)) if texts or formulas else None


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute) == (0, 0)
        return value.date().isoformat() if midnight else f"{value:%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value).strip()
