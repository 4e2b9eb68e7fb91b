"""Files that grow, made in bad faith or by accident: what each is, and what has to become of it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

HEADINGS = ("UPN", "Surname", "Forename")
_NAMES = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATION = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{_LINKS}/%s" Target="%s"/></Relationships>'
)
_BOOK = (
    f'<workbook {_NAMES} xmlns:r="{_LINKS}"><sheets>'
    '<sheet name="Pupils" sheetId="1" r:id="r1"/></sheets></workbook>'
)


def workbook(rows: Iterator[str], more: dict[str, bytes] | None = None) -> bytes:
    """Write a workbook of one sheet from rows as XML."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", _TYPES)
        package.writestr("_rels/.rels", _RELATION % ("officeDocument", "xl/workbook.xml"))
        package.writestr("xl/workbook.xml", _BOOK)
        target = "worksheets/sheet1.xml"
        package.writestr("xl/_rels/workbook.xml.rels", _RELATION % ("worksheet", target))
        with package.open(f"xl/{target}", "w") as sheet:
            sheet.write(f"<worksheet {_NAMES}><sheetData>".encode())
            for row in rows:
                sheet.write(row.encode())
            sheet.write(b"</sheetData></worksheet>")
        for name, data in (more or {}).items():
            package.writestr(name, data)
    return made.getvalue()


def row(number: int, cells: tuple[str, ...]) -> str:
    """Write a row of texts."""
    inside = "".join(
        f'<c r="{"ABCDEFGH"[at]}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
        for at, cell in enumerate(cells)
    )
    return f'<row r="{number}">{inside}</row>'


def table() -> Iterator[str]:
    """Write headings and one pupil."""
    yield row(1, HEADINGS)
    yield row(2, ("", "Ferrant", "Isolde"))


def blank_formatted(count: int) -> bytes:
    """Write a table, and below it rows of cells that have a format and nothing in them."""

    def rows() -> Iterator[str]:
        yield from table()
        for number in range(3, count + 3):
            cells = "".join(f'<c r="{letter}{number}" s="0"/>' for letter in "ABCDEFGHIJKLMNOP")
            yield f'<row r="{number}">{cells}</row>'

    return workbook(rows())


def far_corner() -> bytes:
    """Write a table, and one value in the last cell of the sheet."""

    def rows() -> Iterator[str]:
        yield from table()
        yield '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'

    return workbook(rows())


def unpacks_to(size: int) -> bytes:
    """Write a workbook whose sheet is small when it is packed and large when it is not."""

    def rows() -> Iterator[str]:
        yield from table()
        for number in range(3, 3 + size // 1_000_000):
            yield f'<row r="{number}"><c r="A{number}"/>{" " * 1_000_000}</row>'

    return workbook(rows())


def many_parts(count: int) -> bytes:
    """Write a workbook with so many files in it."""
    return workbook(table(), {f"xl/media/{number}.png": b"" for number in range(count)})


def entities() -> bytes:
    """Write XML whose entities grow a thousand million times."""
    lines = ['<!DOCTYPE r [<!ENTITY a0 "lol">']
    lines += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    return ("".join(lines) + "]><r>&a9;</r>").encode()


def attributes(count: int) -> bytes:
    """Write XML of one element with so many attributes."""
    inside = " ".join(f'a{number}="x"' for number in range(count))
    return f"<root><item {inside}/></root>".encode()


def deep(count: int) -> bytes:
    """Write XML so deep."""
    return b"<root>" + b"<item>" * count + b"</item>" * count + b"</root>"


def open_quote(size: int) -> bytes:
    """Write a CSV file with a quotation mark that is never closed."""
    head = ",".join(HEADINGS) + '\n,Ferrant,"'
    return head.encode() + b"Isolde, and more\n" * (size // 17)


@dataclass(frozen=True)
class Attack:
    """A file in bad faith.

    Attributes:
        name: what it is.
        suffix: how its name ends.
        make: makes its bytes.
        code: with which code it is refused; empty if it is read.
    """

    name: str
    suffix: str
    make: Callable[[], bytes]
    code: str = ""


ATTACKS = (
    Attack("20,000 blank formatted rows", ".xlsx", lambda: blank_formatted(20_000)),
    Attack("a value in the far corner", ".xlsx", far_corner),
    Attack(
        "a workbook that unpacks to 150 MB", ".xlsx", lambda: unpacks_to(150_000_000), "PTR-002"
    ),
    Attack("a workbook of 3,000 parts", ".xlsx", lambda: many_parts(3_000), "PTR-002"),
    Attack("XML with entities", ".xml", entities, "PTR-027"),
    Attack("an element with 200,000 attributes", ".xml", lambda: attributes(200_000), "PTR-002"),
    Attack("XML of 100,000 levels", ".xml", lambda: deep(100_000), "RDG-009"),
    Attack("a CSV file with an open quote", ".csv", lambda: open_quote(8_000_000), "PTR-002"),
)
