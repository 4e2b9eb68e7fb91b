"""Word documents are read with what people see: controls, fields, boxes, changes and tables."""

import io
import zipfile

import pytest
from tests.helpers.form_files import (
    STRICT,
    W,
    bold,
    box,
    cell,
    choice,
    control,
    docx,
    field,
    grid,
    heading,
    label,
    locked_docx,
    old_box,
    pairs,
    paragraph,
    run,
    struck,
    table,
)

from eh_interop.formats._shared.forms.document import Heading, Paragraph, Table, line_text
from eh_interop.formats.word import read
from eh_interop.reading.streams import RefusedError

LOCKED = locked_docx("juniper", paragraph("Name: A"))


def blocks(*content, **more):
    return read(io.BytesIO(docx(*content, **more))).blocks


def test_a_protected_document_opens_with_its_password():
    (found,) = read(io.BytesIO(LOCKED), "juniper").blocks
    assert line_text(found.line) == "Name: A"


@pytest.mark.parametrize("password", ["", "heather"])
def test_a_protected_document_without_its_password_is_said_to_be_one(password):
    with pytest.raises(RefusedError) as refused:
        read(io.BytesIO(LOCKED), password)
    assert refused.value.fault.code == "FRM-003"


@pytest.mark.parametrize("size", [600, 2_000, 4_096])
def test_a_protected_document_that_was_cut_off_is_damaged(size):
    with pytest.raises(RefusedError) as refused:
        read(io.BytesIO(LOCKED[:size]), "juniper")
    assert refused.value.fault.code in {"FRM-001", "FRM-003"}


def texts(*content, **more):
    return [line_text(one.line) for one in blocks(*content, **more) if isinstance(one, Paragraph)]


def pieces(*content):
    return [piece for one in blocks(*content) if isinstance(one, Paragraph) for piece in one.line]


def test_headings_lines_and_tables_come_in_order():
    found = blocks(heading("Child"), paragraph("Name: A"), pairs(("DOB", "1/2/15")))
    assert [type(one) for one in found] == [Heading, Paragraph, Table]
    assert [one.text for one in found[2].rows[0]] == ["DOB", "1/2/15"]
    assert found[2].rows[0][0].shaded


def test_text_that_word_split_is_joined():
    assert texts(paragraph(run("Quibble"), run("wick"))) == ["Quibblewick"]


def test_a_control_gives_its_text_its_tag_and_what_its_list_means():
    (piece,) = [one for one in pieces(paragraph(choice("Male", {"Male": "M"}, "sex"))) if one.text]
    assert (piece.text, piece.tag, piece.code, piece.answer) == ("Male", "sex", "M", True)


def test_a_date_control_gives_its_day():
    day = control("1 May", kind='<w:date w:fullDate="2019-05-01T00:00:00Z"/>')
    assert {piece.code for piece in pieces(paragraph(day)) if piece.text} == {"2019-05-01"}


def test_a_placeholder_is_no_text():
    assert texts(paragraph(control(None))) == [""]


@pytest.mark.parametrize("ticked", [True, False])
@pytest.mark.parametrize(
    "make",
    [
        lambda ticked: box(ticked=ticked),
        lambda ticked: old_box(ticked=ticked),
        lambda ticked: run("\u2612" if ticked else "\u2610"),
        lambda ticked: run("[x]" if ticked else "[ ]"),
        lambda ticked: (
            f'<w:r><w:sym w:font="Wingdings" w:char="F0{"FE" if ticked else "A8"}"/></w:r>'
        ),
        lambda ticked: run("\u00fe" if ticked else "\u00a8", '<w:rFonts w:ascii="Wingdings"/>'),
    ],
    ids=["control", "old field", "glyph", "brackets", "symbol", "symbol font"],
)
def test_boxes_of_every_kind_are_seen(make, ticked):
    states = [one.ticked for one in pieces(paragraph(make(ticked))) if one.ticked is not None]
    assert states == [ticked]


def test_old_text_fields_are_answers_and_their_codes_are_not():
    (piece,) = [one for one in pieces(paragraph(field("Crake"))) if one.text]
    assert (piece.text, piece.answer) == ("Crake", True)


@pytest.mark.parametrize(("result", "text"), [('<w:result w:val="1"/>', "m"), ("", "")])
def test_an_old_list_says_what_was_chosen_and_nothing_if_nobody_chose(result, text):
    data = f'<w:ddList>{result}<w:listEntry w:val="f"/><w:listEntry w:val="m"/></w:ddList>'
    assert texts(paragraph(field("", data))) == [text]


def test_insertions_count_and_deletions_do_not():
    changed = paragraph(
        run("on "),
        f"<w:del><w:r><w:delText>7th</w:delText></w:r></w:del><w:ins>{run('6th')}</w:ins>",
    )
    document = read(io.BytesIO(docx(changed)))
    assert [line_text(one.line) for one in document.blocks] == ["on 6th"]
    assert [one.code for one in document.findings] == ["FRM-017"]


def test_what_is_crossed_out_is_left_out():
    assert texts(paragraph(struck("Yes"), run(" / No"))) == ["/ No"]


def test_hidden_text_is_not_read():
    assert texts(paragraph(run("seen"), run("hidden", "<w:vanish/>"))) == ["seen"]


def test_merged_cells_keep_what_stands_in_them():
    merged = table([cell("Crake", merge="restart"), "A"], [cell("", merge="continue"), "B"])
    (found,) = blocks(merged)
    assert [row[0].text for row in found.rows] == ["Crake", "Crake"]


def test_tables_in_cells_are_tables_of_their_own():
    outer = table([cell(grid(["Name"], ["Crake"]) + paragraph(""))])
    inner = [one for one in blocks(outer) if isinstance(one, Table)][-1]
    assert [row[0].text for row in inner.rows] == ["Name", "Crake"]


def test_a_text_box_is_read_once():
    inside = f"<w:txbxContent>{paragraph('DOB: 1/2/15')}</w:txbxContent>"
    drawn = (
        '<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>'
        f"{inside}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict>{inside}</w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert [text for text in texts(drawn) if text] == ["DOB: 1/2/15"]


def test_headers_footers_and_footnotes_are_read_as_well():
    part = f'<w:hdr xmlns:w="{W}">{paragraph("Case: 7")}</w:hdr>'
    assert "Case: 7" in texts(paragraph("A"), parts={"word/header1.xml": part})


def test_strict_documents_are_read():
    assert texts(paragraph("Crake"), namespace=STRICT) == ["Crake"]


def test_controls_around_rows_and_cells_are_seen_through():
    inner = f"<w:sdt><w:sdtPr/><w:sdtContent>{cell('Crake')}</w:sdtContent></w:sdt>"
    row = f"<w:tr>{label('Name')}{inner}</w:tr>"
    wrapped = f"<w:tbl><w:sdt><w:sdtPr/><w:sdtContent>{row}</w:sdtContent></w:sdt></w:tbl>"
    (found,) = blocks(wrapped)
    assert [one.text for one in found.rows[0]] == ["Name", "Crake"]


def test_rows_of_a_repeating_section_are_numbered():
    def item(tag):
        inner = f"<w:tr>{cell(control('x', tag=tag))}</w:tr>"
        return (
            "<w:sdt><w:sdtPr><w15:repeatingSectionItem/></w:sdtPr>"
            f"<w:sdtContent>{inner}</w:sdtContent></w:sdt>"
        )

    tag = "eh:/children/0/name/given"
    section = (
        "<w:tbl><w:sdt><w:sdtPr><w15:repeatingSection/></w:sdtPr>"
        f"<w:sdtContent>{item(tag)}{item(tag)}</w:sdtContent></w:sdt></w:tbl>"
    )
    (found,) = blocks(section)
    tags = [piece.tag for row in found.rows for piece in row[0].pieces() if piece.text]
    assert tags == ["eh:/children/0/name/given", "eh:/children/1/name/given"]


def test_macros_and_links_to_elsewhere_are_named_and_not_followed():
    relations = (
        "<Relationships><Relationship Type='http://x/attachedTemplate' "
        "Target='http://127.0.0.1:9/t.dotm' TargetMode='External'/></Relationships>"
    )
    parts = {"word/vbaProject.bin": "x", "word/_rels/settings.xml.rels": relations}
    document = read(io.BytesIO(docx(paragraph("A"), parts=parts)))
    (finding,) = document.findings
    assert finding.code == "FRM-004"
    assert "macros" in finding.message
    assert "links to other files" in finding.message


def test_entities_are_not_expanded():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(
            "word/document.xml",
            '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            "<w:body><w:p><w:r><w:t>a&x;b</w:t></w:r></w:p></w:body></w:document>",
        )
    assert [line_text(one.line) for one in read(content).blocks] == ["a"]


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"", b"PK\x05\x06" + bytes(18)])
def test_what_is_damaged_is_refused(content):
    with pytest.raises(RefusedError):
        read(io.BytesIO(content))


def test_a_bold_label_before_its_answer_keeps_its_look():
    assert [one.bold for one in pieces(paragraph(bold("Name: "), run("Crake")))] == [True, False]
