"""Small files of kinds that are not records, made here, and what a person calls them."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Mapping

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
MAIL = (
    b"From: school@example.org\r\nTo: mash@example.org\r\nSubject: Referral\r\n"
    b"Date: Mon, 2 Nov 2026 10:00:00 +0000\r\n\r\nPlease see attached.\r\n"
)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip file."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return content.getvalue()


def compound(stream: str) -> bytes:
    """Return what begins as a file of old Office does and names one of its streams."""
    return _COMPOUND + stream.encode("utf-16-le") + bytes(100)


OTHER_FILES: dict[str, tuple[str, bytes]] = {
    "referral.docx": ("a Word document", zipped({"word/document.xml": b"<w/>"})),
    "referral.doc": ("a Word document of the old kind (.doc)", compound("WordDocument")),
    "list.xls": ("an Excel workbook of the old kind (.xls)", compound("Workbook")),
    "locked.docx": (
        "an Office document that is protected with a password",
        compound("EncryptedPackage"),
    ),
    "locked.xlsx": (
        "an Office document that is protected with a password",
        compound("EncryptedPackage"),
    ),
    "mail.msg": ("an e-mail saved by Outlook (.msg)", compound("__substg1.0_0037001F")),
    "mail.eml": ("an e-mail", MAIL),
    "referral.pdf": ("a PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
    "referral.rtf": ("a document in Rich Text Format", b"{\\rtf1\\ansi Referral}"),
    "referral.odt": (
        "an OpenDocument text",
        zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"}),
    ),
    "talk.pptx": ("a presentation", zipped({"ppt/presentation.xml": b"<p/>"})),
    "photo.png": ("a picture", b"\x89PNG\r\n\x1a\n" + bytes(20)),
    "photo.jpg": ("a picture", b"\xff\xd8\xff\xe0" + bytes(20)),
    "photo.heic": ("a picture", bytes(4) + b"ftypheic" + bytes(20)),
    "call.mp3": ("a sound or video recording", b"ID3\x04" + bytes(20)),
    "page.html": ("a web page", b"<!DOCTYPE html><html><body>Referral</body></html>"),
    "files.zip": ("an archive with other files in it", zipped({"a.txt": b"a"})),
    "files.gz": ("an archive with other files in it", gzip.compress(b"a")),
    "tool.exe": ("a program", b"MZ\x90\x00" + bytes(60)),
    "school.csv": ("a table of text", b"Surname,Forename\nA,B\n"),
    "census.xml": ("XML that is not FHIR", b"<?xml version='1.0'?><Message><Header/></Message>"),
    "notes.txt": ("a text that is not a record", b"The family moved last week."),
    "unknown.bin": ("not a format that we know", bytes(range(256))),
}
"""Name of a file: what it is, and its content."""
