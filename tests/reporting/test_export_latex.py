import re
import shutil
import subprocess

import pytest

from kocsem.reporting.export.latex import escape, to_document, to_latex
from kocsem.reporting.render import render
from kocsem.reporting.table import Column, RowGroup, Table, words
from kocsem.reporting.tables import hypotheses
from kocsem.reporting.tables.collection import make_tables
from kocsem.reporting.tables.common import same


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("50%", r"50\%"),
        ("A & B_1 #2 $3", r"A \& B\_1 \#2 \$3"),
        ("{x}^2~y\\z", r"\{x\}\textasciicircum{}2$\sim$y\textbackslash{}z"),
        ("p < .001", r"p $<$ .001"),
        ("−0.5", r"$-$0.5"),
        ("CA → TR", r"CA $\rightarrow$ TR"),
        ("χ²/df ≤ 3", r"$\chi$$^2$/df $\leq$ 3"),
        ("1.2 × 10⁻⁶", r"1.2 $\times$ 10$^{-}$$^{6}$"),
        ("信任", "信任"),
        ("a\nb", "a b"),
    ],
)
def test_escape(text, escaped):
    assert escape(text) == escaped


def test_rows(analysis):
    lines = to_latex(render(hypotheses.build(analysis), "en", "apa")).splitlines()
    assert r"\caption{Path coefficients and hypothesis tests}" in lines[3]
    assert r"H & Path & \textit{$\beta$} & \textit{B} & \textit{SE}" in lines[6]
    assert (
        r"H1 & Content authenticity $\rightarrow$ Trust & 0.500\textsuperscript{***} & "
        r"0.510 & 0.070 & 7.286 & $<$ .001 & $<$ .001 & supported \\"
    ) in lines
    assert [line for line in lines if "rule" in line] == [
        r"\toprule",
        r"\midrule",
        r"\bottomrule",
    ]


@pytest.mark.parametrize(("language", "style"), [("zh", "gb"), ("en", "apa")])
def test_every_fragment_is_balanced(analysis, language, style):
    for table in make_tables(analysis):
        text = to_latex(render(table, language, style))
        bare = re.sub(r"\\[{}]", "", text)
        assert bare.count("{") == bare.count("}")
        opened = re.findall(r"\\begin\{(\w+)\}", text)
        closed = re.findall(r"\\end\{(\w+)\}", text)
        assert sorted(opened) == sorted(closed)
        assert len(re.findall(r"(?<!\\)\$", text)) % 2 == 0
        assert not re.search(r"[≤≥→−²α-ωχ]", text)


def test_every_row_has_as_many_cells_as_the_head(analysis):
    for table in make_tables(analysis):
        for line in to_latex(render(table, "en", "apa")).splitlines():
            if line.endswith(r" \\") and r"\multicolumn" not in line:
                cells = len(re.findall(r"(?<!\\)&", line)) + 1
                assert cells == len(table.columns)


def test_a_long_table_runs_over_pages():
    rows = tuple((words(f"row {i}"),) for i in range(40))
    table = Table("t", same("Long"), (Column("x", same("x")),), (RowGroup(rows),))
    text = to_latex(render(table, "en", "apa"))
    assert r"\begin{longtable}{@{}l@{}}" in text
    assert r"\endhead" in text


def test_document_takes_in_every_table(analysis):
    shown = [render(table, "zh", "gb") for table in make_tables(analysis)]
    names = [f"{table.key}.tex" for table in shown]
    text = to_document(shown, names)
    assert re.findall(r"\\input\{(.+)\}", text) == names
    assert r"\renewcommand{\tablename}{表}" in text
    assert text.count(r"\setcounter{table}{0}") == 1
    assert text.index("{effects.tex}") < text.index("{table}{0}")


def test_columns_that_would_not_fit_share_the_line(analysis):
    shown = {t.key: render(t, "en", "apa") for t in make_tables(analysis)}
    head = next(
        line for line in to_latex(shown["findings"]).splitlines() if "tabular" in line
    )
    shares = [float(share) for share in re.findall(r"p\{([\d.]+)\\linewidth\}", head)]
    assert shares
    assert sum(shares) < 1
    assert r"\linewidth}" not in to_latex(shown["sample_flow"]).split(r"\toprule")[0]


@pytest.mark.skipif(shutil.which("xelatex") is None, reason="there is no xelatex")
@pytest.mark.parametrize(("language", "style"), [("zh", "gb"), ("en", "apa")])
def test_the_document_compiles_within_its_margins(analysis, tmp_path, language, style):
    shown = [render(table, language, style) for table in make_tables(analysis)]
    names = [f"{table.key}.tex" for table in shown]
    for name, table in zip(names, shown, strict=True):
        (tmp_path / name).write_text(to_latex(table), encoding="utf-8")
    (tmp_path / "all.tex").write_text(to_document(shown, names), encoding="utf-8")
    done = subprocess.run(
        ["xelatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    log = done.stdout.decode("utf-8", "replace")
    if "ctex.sty' not found" in log:
        pytest.skip("xelatex is here without ctex")
    assert done.returncode == 0, log[-1500:]
    too_wide = [float(pt) for pt in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)]
    assert all(points < 5 for points in too_wide)
    assert "Missing character" not in log
