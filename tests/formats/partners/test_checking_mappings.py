import pytest

from eh_interop.core.errors import MappingError
from eh_interop.formats.partners import check_table, load_table, parse_table, read_partner

HEAD = 'mapping = "m"\ntitle = "t"\nrecord = "marf"\nformat = "csv"\n'


def problems(text, head=HEAD, headings=None):
    return [each.message for each in check_table(parse_table(head + text, "m.toml"), headings)]


def field(ours, more=""):
    return f'[[field]]\nours = "{ours}"\ntheirs = "X"\n{more}\n'


CHILD = '[[part]]\neach = "/children"\n[[part.field]]\nours = "{}"\ntheirs = "{}"\n{}\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (field("/refferedOn"), "Did you mean referredOn?"),
        (field("/children/name/family"), "say which entry in brackets"),
        (field("/requestTypes"), "end the path with /*"),
        (field("/referrer"), "it is a group"),
        (field("/localData"), "filled by itself"),
        (field("/referredOn", 'via = "postcod"'), "Did you mean postcode?"),
        (field("/referredOn", 'via = "address-lines"'), "it makes a list"),
        (field("/referredOn", 'codes = "nowhere"'), "no such code map"),
        (field("/history", 'dates = "iso"'), "is not a date"),
        (field("/history", 'split = ";"'), "holds one value"),
        (field("/history", 'pattern = "("'), "not a regular expression"),
        (field("/history") + field("/history"), "mapped twice"),
        (field("/concerns[main]/description"), "say under [slice.concerns.main]"),
        (CHILD.format("/identifiers[nhs-numbr]/value", "X", ""), "Did you mean nhs-number?"),
        (CHILD.format("/seen/lastSeenOn", "X", ""), "the standard requires seen there"),
        (CHILD.format("/sex", "X", 'codes = "s"') + '[codes.s]\n"a" = "Q"', "not in the list sex"),
        ('[[field]]\nours = "/history"\ntheirs = "X {n}"', "{n} is for the fields of a part"),
        (field("/history") + '[[constant]]\nours = "/trigger"\nvalue = "no"', "is not in the list"),
        (field("/history") + '[[link]]\nours = "/createdBy"\nto = "/children"', "refers to pract"),
        (
            field("/history") + '[[link]]\nours = "/createdBy"\nto = "/practitioners[a]"\n'
            "[slice.practitioners.a]",
            "no row of the mapping makes this entry",
        ),
        (field("/consents[c]/soughtOn") + "[slice.consents.c]", "requires purposes, status there"),
        (field("/history") + "[slice.concerns.c]\nwher = 'x'", "Did you mean where?"),
        ('zone = "Mars"\n' + field("/history"), "no such time zone"),
        ('area = "gloucestershir"\n' + field("/history"), "Did you mean gloucestershire?"),
        ('record-at = "/a"\n' + field("/history"), "it is for XML and JSON"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_the_nearest_name(text, says):
    found = problems(text)
    assert any(says in each for each in found), found


def test_problems_have_the_line_on_which_the_row_begins():
    (only,) = check_table(parse_table(HEAD + field("/history") + field("/histry"), "m.toml"))
    assert only.line == 9


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("not toml", "it is not TOML"),
        (HEAD + "datess = 'iso'\n" + field("/history"), "Did you mean dates?"),
        (HEAD + field("/history", 'vai = "x"'), "Did you mean via?"),
        (HEAD + 'dates = "guess"\n' + field("/history"), "dates"),
        (HEAD, "field"),
    ],
)
def test_a_word_outside_the_vocabulary_is_refused(text, says):
    with pytest.raises(MappingError, match=says.replace("?", r"\?")):
        parse_table(text, "m.toml")


def test_unknown_record_types_and_mappings_are_refused_with_the_nearest_name():
    found = problems(field("/history"), HEAD.replace("marf", "marff"))
    assert found == ["record: there is no record type marff. Did you mean marf?"]
    with pytest.raises(MappingError, match="Did you mean school-mis"):
        load_table("school-miss")


def test_headings_of_a_file_are_compared():
    found = check_table(
        parse_table(HEAD + 'id = ["Ref"]\n' + field("/history", "required = true"), "m.toml"),
        ["Xx", "Reff"],
    )
    assert [(each.severity.value, each.message) for each in found] == [
        ("error", "key, id or by: the file has no heading Ref. Did you mean reff?"),
        ("error", "theirs X: the file has no such heading. Did you mean xx?"),
    ]


def test_a_broken_mapping_is_refused_before_the_file_is_opened(tmp_path):
    with pytest.raises(MappingError, match="line 5"):
        read_partner(tmp_path / "nowhere.csv", parse_table(HEAD + field("/histry"), "m.toml"))


@pytest.mark.parametrize("path", ["//a[", "document('x')", "count(a)"])
def test_an_xpath_says_only_where_something_stands(path):
    text = f'[[field]]\nours = "/history"\ntheirs = "{path}"\n'
    head = HEAD.replace("csv", "xml") + 'record-at = "/a"\n'
    assert problems(text, head)


def test_a_part_that_is_not_there_does_not_hide_what_the_next_lacks():
    text = CHILD.format("/histry", "X", "").replace("/children", "/childs")
    text += CHILD.format("/seen/lastSeenOn", "Y", "")
    found = problems(text)
    assert "each /childs: there is no field childs. Did you mean children?" in found
    assert "/children/seen: the standard requires seen there." in found
