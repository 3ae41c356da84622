import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from kocsem.reporting.export.html import to_html
from kocsem.reporting.report import diagram_of, make_report
from kocsem.reporting.tables.collection import make_tables

VOID = {"meta", "input", "br", "img", "link", "hr"}


class Page(HTMLParser):
    """Checks nesting and gathers ids, links and the text of table cells."""

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.links, self.rows = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.ids += [found["id"]] if "id" in found else []
        for name in ("href", "xlink:href", "src"):
            self.links += [found[name]] if name in found else []
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.rows and {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data


@pytest.fixture(scope="module")
def reports(analysis):
    tables = make_tables(analysis)
    return [
        make_report(analysis, tables, language, diagram_of(analysis, language))
        for language in ("zh", "en")
    ]


@pytest.fixture(scope="module")
def text(reports):
    return to_html(reports)


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


def test_the_page_is_well_formed(page):
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))


def test_every_link_leads_inside_the_page(page):
    assert page.links
    assert all(link.startswith("#") for link in page.links)
    assert {link[1:] for link in page.links} <= set(page.ids)


def test_nothing_is_fetched(text):
    assert "<script" not in text
    assert "<link" not in text
    assert "@import" not in text
    assert not re.search(r"url\((?!#)", text)


def test_tables_in_both_languages(page):
    assert [
        "H1", "内容真实性 → 信任", "0.500***", "0.510", "0.070", "7.286", "<0.001",
        "<0.001", "成立",
    ] in page.rows  # fmt: skip
    assert [
        "H1", "Content authenticity → Trust", "0.500***", "0.510", "0.070", "7.286",
        "< .001", "< .001", "supported",
    ] in page.rows  # fmt: skip


def test_the_first_language_is_shown_first(text, reports):
    assert re.search(r'id="show-zh" checked', text)
    assert re.search(r'id="show-en" checked', to_html(reports[::-1]))
    assert '<html lang="zh-CN">' in text


def test_one_language_has_no_switch(reports):
    text = to_html(reports[1:])
    assert 'class="switch"' not in text
    assert 'id="show-en" checked' in text


def test_markup_in_names_is_escaped(text):
    assert "Small study &lt;1&gt; &amp; co" in text
    assert "Small study <1>" not in text


def test_the_warning_is_seen(text, reports):
    assert text.count('role="alert"') == 2
    calm = [replace(report, warning="") for report in reports]
    assert 'role="alert"' not in to_html(calm)


def test_references_are_those_cited(reports):
    for report in reports:
        cited = [line.split(",")[0].split(" (")[0] for line in report.references]
        assert cited == [
            "Browne", "Cronbach", "Feldt", "Fornell", "Hair", "Hair", "Henseler",
            "Henze", "Holm", "Hu", "Kline", "Kock", "Mardia", "Marsh", "Nunnally",
            "Shapiro", "Sobel", "West",
        ]  # fmt: skip


def test_facts_tell_how_it_was_made(reports):
    facts = {fact.name: fact.text for fact in reports[1].facts}
    assert (
        facts["Data"] == "answers.csv (platform wenjuanxing, coding number, 230 rows)"
    )
    assert facts["Cases analysed"] == "N = 200"
    assert facts["Structural model"] == "TR ~ CA\nPI ~ b*TR + CA"
    assert "kocsem 0.1.0" in facts["Software"]
