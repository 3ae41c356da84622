"""``kocsem init`` names its files and what to do next."""


def test_init_and_run(folder, kocsem):
    started = kocsem("init", "fresh")
    assert started.status == 0
    assert "fresh/study.yaml" in started.out
    assert "synthetic answers" in started.out
    assert "kocsem run study.yaml" in started.out
    outcome = kocsem("run", "fresh/study.yaml", "--out", "out", "--format", "csv")
    assert outcome.status == 0
    assert (folder.path / "out" / "tables" / "hypotheses.csv").is_file()


def test_init_without_answers_says_where_they_go(folder, kocsem):
    started = kocsem("init", "fresh", "--instrument", "small.yaml")
    assert started.status == 0
    assert "Put your platform's export into fresh/answers" in started.out
    assert "its name into fresh/study.yaml" in started.out
    assert "synthetic" not in started.out
    assert "Put your" not in kocsem("init", "other").out


def test_a_folder_in_use(folder, kocsem):
    outcome = kocsem("init", ".")
    assert outcome.status == 2
    assert "is not empty" in outcome.err


def test_an_instrument_that_is_not_there(folder, kocsem):
    outcome = kocsem("init", "fresh", "--instrument", "koc_cor")
    assert outcome.status == 2
    assert "koc_core" in outcome.err
    assert not (folder.path / "fresh").exists()
