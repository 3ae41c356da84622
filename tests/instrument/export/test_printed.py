"""What Word documents show once a word processor has laid them out: every row."""

import shutil
import subprocess

import pytest

from kocsem.instrument.export.codebook_docx import codebook_docx
from kocsem.instrument.export.docx_form import docx_form
from kocsem.instrument.load import load_instrument
from kocsem.instrument.types import Instrument
from odd_survey import ODD

KOC = load_instrument("koc_core")
LONG = Instrument(
    id="long",
    version="1",
    title="A long battery",
    scale={"points": 3, "anchors": ["No", "Perhaps", "Yes"]},
    constructs=[{"id": "TR", "name": "Trust"}],
    items=[
        {"id": f"TR{k}", "construct": "TR", "text": f"Statement {k}. " * (1 + k % 15)}
        for k in range(60)
    ],
)


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """Words of every document, as they stand on its pages."""
    for program in ("soffice", "pdftotext"):
        if shutil.which(program) is None:
            pytest.skip(f"no {program} here")
    folder = tmp_path_factory.mktemp("printed")
    for instrument in (KOC, ODD, LONG):
        form = docx_form(instrument, "en")
        book = codebook_docx(instrument, ("zh", "en"))
        (folder / f"{instrument.id}_form.docx").write_bytes(form)
        (folder / f"{instrument.id}_book.docx").write_bytes(book)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    documents = [str(path) for path in sorted(folder.glob("*.docx"))]
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", *documents],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=180,
    )
    return {
        path.stem: subprocess.run(
            ["pdftotext", "-layout", path, "-"], check=True, capture_output=True
        ).stdout.decode()
        for path in folder.glob("*.pdf")
    }


@pytest.mark.parametrize("instrument", [KOC, ODD, LONG], ids=lambda i: i.id)
def test_no_row_is_lost(printed, instrument):
    for kind, codes in (("form", instrument.asked), ("book", instrument.known_columns)):
        words = printed[f"{instrument.id}_{kind}"].split()
        assert [code for code in codes if code not in words] == []


@pytest.mark.parametrize(
    ("document", "head", "row"),
    [("long_form", "Perhaps", "TR"), ("long_book", "题号 / No.", "S1: 1–3")],
)
def test_heads_stand_on_every_page_of_a_table(printed, document, head, row):
    pages = [page for page in printed[document].split("\f") if row in page]
    assert len(pages) > 2
    assert all(head in page for page in pages)
