"""``kocsem survey export`` writes files, and overwrites nothing."""

import pytest


def test_a_bundled_instrument_goes_to_a_platform(kocsem, folder):
    done = kocsem("survey", "export", "koc_core", "--to", "wenjuanxing")
    assert done.status == 0
    assert "Written: koc_core.wenjuanxing.zh.txt" in done.out
    assert "[screening-by-hand]" in done.out
    assert "您的性别[单选题]" in (
        folder.path / "koc_core.wenjuanxing.zh.txt"
    ).read_text(encoding="utf-8")


def test_language_and_folder_are_chosen(kocsem, folder):
    asked = ("survey", "export", "koc_core", "--to", "redcap")
    done = kocsem(*asked, "--language", "en", "--out", "forms/new")
    assert done.status == 0
    assert [path.name for path in (folder.path / "forms/new").iterdir()] == [
        "koc_core.redcap.en.csv"
    ]
    again = kocsem(*asked, "--out", "forms/new")
    assert again.status == 2
    assert "nothing is overwritten" in again.err
    assert len(list((folder.path / "forms/new").iterdir())) == 1


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("koc_core",), "LimeSurvey: survey structure to import"),
        (("koc_core", "--to", "lymesurvey"), "did you mean limesurvey?"),
        (("koc_core", "--to", "redcap", "--language", "fr"), "--language fr"),
        (("koc_cor", "--to", "redcap"), "did you mean koc_core?"),
        (("absent.yaml", "--to", "redcap"), "there is no such file"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(kocsem, folder, args, said):
    before = sorted(folder.path.iterdir())
    failed = kocsem("survey", "export", *args)
    assert failed.status == 2
    assert said in failed.err
    assert "Traceback" not in failed.err
    assert sorted(folder.path.iterdir()) == before
