"""Makes small CSV files and workbooks, good and bad, for tests of whatever reads tables."""

import csv
import io
import zipfile

import openpyxl


def delimited(rows, encoding="utf-8", delimiter=","):
    """Return rows as the bytes of a delimited text file."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def workbook(rows, sheet="Data", change=None):
    """Return rows as the bytes of an XLSX workbook; ``change(sheet)`` may do more to it."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(row)
    if change:
        change(page)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(data, before, after):
    """Return a workbook with other bytes in its sheets."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            content = old.read(name)
            is_sheet = "worksheets/" in name
            new.writestr(name, content.replace(before, after, 1) if is_sheet else content)
    return out.getvalue()


def bomb(data):
    """Return a small workbook that would unpack to a hundred megabytes."""
    return repacked(data, b"<sheetData>", b"<sheetData>" + b" " * 100_000_000)
