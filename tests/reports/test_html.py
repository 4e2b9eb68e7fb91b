"""The page: self-contained, well formed, escaped, and built so that everybody can read it."""

from html.parser import HTMLParser
from itertools import pairwise

import pytest
from tests.helpers.report_samples import (
    FAULT,
    MISSING,
    NASTY,
    NOT_RUN,
    NOTE,
    act_now,
    gaps,
    ready,
    unreadable,
    written,
)

VOID = {"meta", "br", "hr", "img", "input", "link"}


class Page(HTMLParser):
    """Reads a page strictly: each element is closed in its place."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.texts = [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append((self.open[-1] if self.open else "", data))

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]

    def text(self, tag):
        return [data for name, data in self.texts if name == tag]


SOUND, OPEN, URGENT, BROKEN = ready(), gaps(), act_now(MISSING, NOTE), unreadable(line=4)
PAGES = {
    "nothing": written("html"),
    "one ready": written("html", SOUND),
    "every kind": written("html", SOUND, OPEN, URGENT, URGENT, BROKEN),
    "not run": written("html", gaps(not_run=(NOT_RUN, FAULT)), left_out=2),
    "nasty name": written("html", gaps(source=NASTY), unreadable(source=NASTY)),
}


@pytest.fixture(params=PAGES)
def page(request):
    return Page(PAGES[request.param])


def test_it_says_its_language_and_its_title(page):
    assert page.all("html") == [{"lang": "en-GB"}]
    assert len(page.text("title")) == 1


def test_it_loads_nothing_and_runs_nothing(page):
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "object"}
    for _, attrs in page.tags:
        assert not {"src", "style", "onclick", "onload"} & set(attrs)
        assert attrs.get("href", "#").startswith("#")
    style = "".join(page.text("style"))
    assert "url(" not in style
    assert "@import" not in style


def test_every_link_leads_somewhere(page):
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    shown_only_if_there = "#act-now-1"
    for attrs in page.all("a"):
        assert attrs["href"][1:] in ids or attrs["href"] == shown_only_if_there


def test_headings_are_in_order(page):
    levels = [int(tag[1]) for tag, _ in page.tags if tag in {"h1", "h2", "h3", "h4"}]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_it_can_be_skipped_to_its_one_main_part(page):
    assert len(page.all("main")) == 1
    assert page.all("a")[0] == {"class": "skip", "href": "#main"}


def test_every_table_has_a_caption_and_headings_with_a_scope(page):
    assert len(page.all("caption")) == len(page.all("table"))
    assert all(attrs["scope"] == "col" for attrs in page.all("th"))


def test_records_stand_in_the_order_of_the_input():
    page = Page(PAGES["every kind"])
    headings = [each.strip() for each in page.text("h2")]
    assert headings == [
        "Ready",
        "Ready with gaps",
        "Act now: a child may be at immediate risk",
        "Act now: a child may be at immediate risk",
        "Could not be read",
        "Guidance",
        "Summary",
    ]
    assert [attrs["id"] for attrs in page.all("section") if "id" in attrs] == [
        "act-now-1",
        "act-now-2",
        "summary",
    ]


def test_questions_are_a_numbered_list_to_copy():
    page = Page(written("html", gaps(MISSING, MISSING)))
    assert len(page.all("ol")) == 1
    assert f"{MISSING.ask} (2 places)" in page.text("li")


def test_severity_and_place_are_told_in_words():
    page = Page(written("html", gaps()))
    assert page.text("strong") == ["Warning", "Error"]
    assert "Child 1, Sex" in page.text("td")
    assert "306:18" in page.text("td")


def test_cited_clauses_are_explained():
    page = Page(written("html", gaps()))
    assert "G-107" in page.text("a")
    assert any(attrs.get("id") == "G-107" for attrs in page.all("tr"))


def test_everything_is_escaped():
    text = PAGES["nasty name"]
    assert "<é>" not in text
    assert "my &quot;file&quot; &amp; &lt;é&gt;" in text
    assert "Phone &lt;MASH&gt;." in PAGES["every kind"]
