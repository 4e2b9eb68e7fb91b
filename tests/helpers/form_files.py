"""Filled-in forms, made here: Word documents, PDFs and messages. Everything in them is invented."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from xml.sax.saxutils import escape

from msoffcrypto.format.ooxml import OOXMLFile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def run(text: str, look: str = "") -> str:
    """Return a run of text; ``look`` is XML such as ``<w:b/>``."""
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(*runs: str, style: str = "") -> str:
    """Return a paragraph of runs; plain text becomes a run."""
    inner = "".join(one if one.startswith("<") else run(one) for one in runs)
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{named}{inner}</w:p>"


def heading(text: str) -> str:
    """Return a heading."""
    return paragraph(text, style="Heading1")


def bold(text: str) -> str:
    """Return bold text."""
    return run(text, "<w:b/>")


def italic(text: str) -> str:
    """Return text in italics."""
    return run(text, "<w:i/>")


def struck(text: str) -> str:
    """Return text that is crossed out."""
    return run(text, "<w:strike/>")


def cell(content: str = "", *, shaded: bool = False, span: int = 1, merge: str = "") -> str:
    """Return a cell: of a run, of paragraphs, or of plain text with line breaks."""
    shade = '<w:shd w:val="clear" w:fill="D9D9D9"/>' if shaded else ""
    merged = f'<w:vMerge w:val="{merge}"/>' if merge else ""
    if not content.startswith("<"):
        content = "".join(paragraph(line) for line in content.split("\n"))
    elif not content.startswith(("<w:p>", "<w:p ", "<w:tbl>", "<w:sdt><w:sdtPr><w:block/>")):
        content = f"<w:p>{content}</w:p>"
    return f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/>{merged}{shade}</w:tcPr>{content}</w:tc>'


def label(text: str) -> str:
    """Return a cell with a label, as forms show it."""
    return cell(bold(text), shaded=True)


def table(*rows: Sequence[str]) -> str:
    """Return a table; a cell that is plain text is an answer."""
    inner = "".join(
        "<w:tr>" + "".join(c if c.startswith("<w:tc>") else cell(c) for c in row) + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl>{inner}</w:tbl>"


def pairs(*rows: tuple[str, str]) -> str:
    """Return a table of labels with their answers beside them."""
    return table(*((label(name), answer) for name, answer in rows))


def grid(heads: Sequence[str], *rows: Sequence[str]) -> str:
    """Return a table with a row of headings."""
    return table([label(head) for head in heads], *rows)


def control(text: str | None, *, tag: str = "", kind: str = "<w:text/>") -> str:
    """Return a content control; None leaves its placeholder."""
    shown = run(text) if text is not None else run("Click or tap here to enter text.")
    empty = "<w:showingPlcHdr/>" if text is None else ""
    return (
        f'<w:sdt><w:sdtPr><w:tag w:val="{escape(tag)}"/>{empty}{kind}</w:sdtPr>'
        f"<w:sdtContent>{shown}</w:sdtContent></w:sdt>"
    )


def choice(text: str | None, codes: Mapping[str, str], tag: str = "") -> str:
    """Return a drop-down with what is shown and what it stands for."""
    items = "".join(
        f'<w:listItem w:displayText="{name}" w:value="{code}"/>' for name, code in codes.items()
    )
    return control(text, tag=tag, kind=f"<w:dropDownList>{items}</w:dropDownList>")


def box(*, ticked: bool, tag: str = "") -> str:
    """Return a check box of today's Word."""
    state, glyph = ("1", "\u2612") if ticked else ("0", "\u2610")
    return (
        f'<w:sdt><w:sdtPr><w:tag w:val="{tag}"/><w14:checkbox><w14:checked w14:val="{state}"/>'
        f"</w14:checkbox></w:sdtPr><w:sdtContent>{run(glyph)}</w:sdtContent></w:sdt>"
    )


def yes_no(answer: str = "") -> str:
    """Return two boxes, with the one ticked that is named."""
    ticked = [run("Yes "), box(ticked=answer == "yes"), run("  No "), box(ticked=answer == "no")]
    return "".join(ticked)


def field(text: str, data: str = "<w:textInput/>") -> str:
    """Return a form field of old Word."""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{data}</w:ffData></w:fldChar></w:r>'
        '<w:r><w:instrText> FORM </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/>'
        f'</w:r>{run(text) if text else ""}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def old_box(*, ticked: bool) -> str:
    """Return a check box of old Word: the state stands nowhere but in its data."""
    mark = "<w:checked/>" if ticked else ""
    return field("", f'<w:checkBox><w:default w:val="0"/>{mark}</w:checkBox>')


def docx(
    *blocks: str, title: str = "", parts: Mapping[str, str] | None = None, namespace: str = W
) -> bytes:
    """Return a Word document of blocks, with further parts by their names."""
    body = (
        f'<w:document xmlns:w="{namespace}" xmlns:w14="{W14}" xmlns:mc="{MC}" '
        'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f"<w:body>{''.join(blocks)}</w:body></w:document>"
    )
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title></cp:coreProperties>"
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{TYPES}"/>')
        archive.writestr("word/document.xml", body)
        archive.writestr("docProps/core.xml", core)
        for name, text in (parts or {}).items():
            archive.writestr(name, text)
    return content.getvalue()


def locked_docx(password: str, *blocks: str) -> bytes:
    """Return a Word document that opens with a password only.

    It has a part that cannot be packed: the library writes no small documents that it can read.
    """
    noise = random.Random(7).randbytes(4_096).hex()
    content = io.BytesIO()
    OOXMLFile(io.BytesIO(docx(*blocks, parts={"word/noise": noise}))).encrypt(password, content)
    return content.getvalue()


REFERRAL = (
    heading("Multi-agency referral form"),
    heading("Referrer"),
    pairs(
        ("Name of referrer", "Ottoline Vexley"),
        ("Job title", "Health Visitor"),
        ("Agency", "Obberton Community Health"),
        ("Telephone", "01632 960 001"),
        ("Date of referral", "12th March 2019"),
    ),
    heading("Child"),
    pairs(
        ("Child's first name", "Barnabus"),
        ("Child's surname", "Crake"),
        ("Date of birth", "3/4/15"),
        ("Ethnicity", "White British"),
        ("Home address", "7 Quibblewick Lane\nObberton OB1 9ZZ"),
    ),
    heading("Concern"),
    pairs(
        ("Is a child at immediate risk of significant harm?", yes_no("no")),
        ("What are you worried about?", "He comes to school without breakfast."),
        ("Has the parent given consent to the referral?", yes_no("yes")),
    ),
)
"""A referral that a form reader can read."""


def message(body: str, *attached: tuple[str, bytes], sender: str = "Ottoline Vexley") -> bytes:
    """Return a message with attachments."""
    mail = EmailMessage()
    mail["From"] = f"{sender} <ovexley@health.example>"
    mail["To"] = "front.door@council.example"
    mail["Subject"] = "Referral"
    mail["Date"] = "Tue, 12 Mar 2019 15:00:00 +0000"
    mail.set_content(body)
    for name, data in attached:
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def pdf(
    lines: Sequence[tuple[float, float, str]],
    fields: Sequence[tuple[float, float, str, str]] = (),
    extra: str = "",
) -> bytes:
    """Return a PDF of one page.

    Args:
        lines: texts, each with its place from the bottom left; ``*`` before one makes it bold.
        fields: each with its place, its name and value; a value ``/Yes`` or ``/Off`` makes a box.
        extra: more entries of the catalogue.
    """
    drawn = []
    for left, bottom, text in lines:
        font, shown = ("F2", text[1:]) if text.startswith("*") else ("F1", text)
        plain = shown.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        drawn.append(f"BT /{font} 10 Tf {left} {bottom} Td ({plain}) Tj ET")
    stream = "\n".join(drawn)
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {extra} /AcroForm << /Fields ["
        + " ".join(f"{7 + at} 0 R" for at in range(len(fields)))
        + "] >> >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources "
        "<< /Font << /F1 5 0 R /F2 6 0 R >> >> /Annots ["
        + " ".join(f"{7 + at} 0 R" for at in range(len(fields)))
        + "] >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>",
        *(_pdf_field(*one) for one in fields),
    ]
    return _pdf_file(objects)


def _pdf_field(left: float, bottom: float, name: str, value: str) -> str:
    is_box = value in {"/Yes", "/Off"}
    width = 12 if is_box else 200
    place = f"/Rect [{left} {bottom} {left + width} {bottom + 12}] /T ({name})"
    if is_box:
        return f"<< /Type /Annot /Subtype /Widget /FT /Btn {place} /V {value} /AS {value} >>"
    return f"<< /Type /Annot /Subtype /Widget /FT /Tx {place} /V ({value}) >>"


def _pdf_file(objects: Sequence[str]) -> bytes:
    content = b"%PDF-1.7\n"
    offsets = []
    for number, text in enumerate(objects, 1):
        offsets.append(len(content))
        content += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    start = len(content)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return content + f"{end}startxref\n{start}\n%%EOF\n".encode()


PRINTED = [
    (50, 800, "*Multi-agency referral form"),
    (50, 760, "*Referrer"),
    *((50, 740 - 20 * at, name) for at, name in enumerate(
        ("Name of referrer", "Job title", "Date of referral"))),
    *((250, 740 - 20 * at, text) for at, text in enumerate(
        ("Ottoline Vexley", "Health Visitor", "12/03/2019"))),
    (50, 660, "*Child"),
    *((50, 640 - 20 * at, name) for at, name in enumerate(
        ("Name of child", "Date of birth", "Is any child at immediate risk of harm?"))),
    *((250, 640 - 20 * at, text) for at, text in enumerate(("Barnabus Crake", "03/04/2015", "No"))),
]  # fmt: skip
"""A form that was printed to a PDF, without fields."""
