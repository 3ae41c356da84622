"""A form filled in by a browser, and its CSV read back: every code arrives."""

import contextlib
import shutil
from datetime import UTC, datetime

import pandas as pd
import pytest

from kocsem.data.read.responses import read_responses
from kocsem.instrument.export.html_form import html_form
from kocsem.instrument.load import load_instrument
from kocsem.instrument.questionnaire import questionnaire
from odd_survey import ODD

playwright = pytest.importorskip("playwright.sync_api", reason="no playwright here")

KOC = load_instrument("koc_core")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
NEXT = {"zh": "下一页", "en": "Next"}
SUBMIT = {"zh": "提交", "en": "Submit"}
START = {"zh": "开始作答", "en": "Start"}
SAVE = {"zh": "保存答卷（CSV）", "en": "Save the answers (CSV)"}
AGAIN = {"zh": "下一位参与者", "en": "Next participant"}
NAMES = {"zh": "中文", "en": "English"}
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1200, "height": 900}
NO_STORAGE = """Object.defineProperty(window, "localStorage",
    { get() { throw new DOMException("denied", "SecurityError"); } });"""


@pytest.fixture(scope="module")
def browser():
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        pytest.skip("no Chromium here")
    with playwright.sync_playwright() as runner:
        started = runner.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def open_form(browser, tmp_path):
    """Open forms, and see at the end that nothing was loaded and nothing failed."""
    contexts, requests, problems = [], [], []

    def opened(instrument, size=PHONE, init="", languages=("zh", "en")):
        (file,) = html_form(instrument, languages)
        path = tmp_path / file.name
        path.write_bytes(file.content)
        context = browser.new_context(viewport=size, accept_downloads=True)
        contexts.append(context)
        if init:
            context.add_init_script(init)
        page = context.new_page()
        page.set_default_timeout(5000)
        tell_time(page, 0)
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text))
        page.goto(path.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert problems == []
    assert [url for url in requests if not url.startswith(("file:", "blob:"))] == []


def tell_time(page, seconds):
    page.clock.set_fixed_time(datetime.fromtimestamp(seconds, UTC))


def press(page, words):
    page.get_by_role("button", name=words, exact=True).click()


def move_on(page, language="zh"):
    last = page.get_by_role("button", name=SUBMIT[language], exact=True)
    (last if last.is_visible() else
     page.get_by_role("button", name=NEXT[language], exact=True)).click()  # fmt: skip


def choose(page, entry, row, language, code):
    """Choose as a reader finds it: by the words of the question and of the option."""
    if row is None:
        start = f"{entry.number}. {entry.text.get(language)}"
        group = page.get_by_role("group", name=start)
    else:
        group = page.get_by_role("group", name=row.text.get(language), exact=True)
    role = "checkbox" if entry.kind == "multi" else "radio"
    label = entry.options[code - 1].label.get(language)
    group.get_by_role(role, name=label, exact=True).check()


def fill_in(page, entry, language, seed):
    """Answer one entry of koc_core; return what must stand in the file."""
    if entry.kind == "multi":
        chosen = {1, 1 + seed % 10, 7}
        for code in chosen:
            choose(page, entry, None, language, code)
        return {f"{entry.code}_{k}": float(k in chosen) for k in range(1, 11)}
    given = {}
    for place, row in enumerate(entry.rows or (None,)):
        code = 1 if entry.accept else 1 + (seed + 3 * place) % len(entry.options)
        choose(page, entry, row, language, code)
        given[row.code if row else entry.code] = float(code)
    return given


def fill_in_all(page, language, seed):
    press(page, NAMES[language])
    tell_time(page, 100 * seed)
    press(page, START[language])
    given = {}
    for turn, walked in enumerate(questionnaire(KOC).pages, start=1):
        for entry in walked.entries:
            given |= fill_in(page, entry, language, seed + entry.number)
        tell_time(page, 100 * seed + 10.1 * turn)
        move_on(page, language)
    return given


def saved(page, tmp_path, instrument, language="zh"):
    with page.expect_download() as download:
        press(page, SAVE[language])
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    return path, read_responses(path, instrument)


@pytest.mark.parametrize(
    ("first", "second", "size"),
    [("zh", "en", PHONE), ("en", "zh", DESKTOP)],
    ids=["phone", "desktop"],
)
def test_what_two_people_answer_is_what_is_read(
    open_form, tmp_path, first, second, size
):
    page = open_form(KOC, size)
    given = [fill_in_all(page, first, seed=0)]
    press(page, AGAIN[first])
    given.append(fill_in_all(page, second, seed=5))
    path, read = saved(page, tmp_path, KOC, second)
    assert path.name == "koc_core_answers.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    expected = pd.DataFrame(given)[list(KOC.known_columns)]
    assert read.answers.columns.tolist() == expected.columns.tolist()
    assert read.answers.to_numpy().tolist() == expected.to_numpy().tolist()
    assert read.seconds.tolist() == [61.0, 61.0]
    assert read.source.platform == "plain"
    assert read.findings == ()


def test_an_answer_left_out_is_asked_for(open_form):
    page = open_form(KOC)
    press(page, START["zh"])
    move_on(page)
    assert page.get_by_role("alert").inner_text() == (
        "本页还有 1 处需要作答，已用红色标出。"
    )
    assert page.get_by_text("请选择一项。").filter(visible=True).count() == 1
    radio = page.get_by_role("radio", name="是", exact=True)
    assert radio.evaluate("element => element === document.activeElement")
    assert radio.get_attribute("aria-invalid") == "true"
    press(page, "English")
    assert page.get_by_role("alert").inner_text().startswith("1 on this page")
    page.get_by_role("radio", name="Yes", exact=True).check()
    assert (
        page.get_by_text("Please choose an answer.").filter(visible=True).count() == 0
    )
    move_on(page, "en")
    assert page.locator("#place").inner_text() == "Page 2 of 6"


def test_a_keyboard_is_enough(open_form):
    page = open_form(KOC, DESKTOP)
    page.get_by_role("button", name=START["zh"]).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # 中文
    page.keyboard.press("Tab")  # English
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    assert page.locator("#place").inner_text() == "第 2 页，共 6 页"


def test_no_consent_keeps_nothing(open_form):
    page = open_form(KOC)
    press(page, START["zh"])
    page.get_by_role("radio", name="否", exact=True).check()
    move_on(page)
    assert page.get_by_role("heading", level=2).inner_text() == "感谢您的时间！"
    assert page.get_by_text("没有保存您的任何回答").is_visible()
    assert page.evaluate("localStorage.length") == 0
    page.get_by_text("研究者", exact=True).click()
    assert page.get_by_role("button", name=SAVE["zh"]).is_disabled()


def test_who_is_screened_out_is_counted(open_form, tmp_path):
    page = open_form(KOC)
    press(page, START["zh"])
    page.get_by_role("radio", name="是", exact=True).check()
    move_on(page)
    entry = questionnaire(KOC).pages[1].entries[0]
    choose(page, entry, None, "zh", 2)
    move_on(page)
    assert page.get_by_text("您无需继续作答").is_visible()
    page.get_by_text("研究者", exact=True).click()
    _, read = saved(page, tmp_path, KOC)
    (row,) = read.answers.to_dict("records")
    assert {code: v for code, v in row.items() if v == v} == {"CONS": 1, "SC1": 2}


def test_a_draft_outlives_the_page(open_form):
    page = open_form(KOC)
    press(page, START["zh"])
    page.get_by_role("radio", name="是", exact=True).check()
    move_on(page)
    entry = questionnaire(KOC).pages[1].entries[2]
    choose(page, entry, None, "zh", 3)
    page.reload()
    press(page, "接着作答")
    assert page.locator("#place").inner_text() == "第 2 页，共 6 页"
    assert page.locator("input:checked").evaluate_all(
        "all => all.map(one => [one.name, one.value])"
    ) == [["CONS", "1"], ["SC3", "3"]]
    page.reload()
    press(page, "删除并重新开始")
    assert page.evaluate("localStorage.length") == 0
    assert page.locator("input:checked").count() == 0


def test_deleting_asks_first(open_form):
    page = open_form(KOC)
    fill_in_all(page, "en", seed=1)
    page.get_by_text("For the researcher", exact=True).click()
    asked = []

    def answer(accept):
        def handle(dialog):
            asked.append(dialog.message)
            dialog.accept() if accept else dialog.dismiss()

        return handle

    for accept, kept in ((False, True), (True, False)):
        page.once("dialog", answer(accept))
        press(page, "Delete all answers on this device")
        for button in page.get_by_role("button", name=SAVE["en"]).all():
            assert button.is_enabled() is kept
    assert asked[0].startswith("Delete all 1 answer sheets on this device?")
    assert page.get_by_text("All answers are deleted.").is_visible()
    assert page.evaluate("localStorage.length") == 0


def test_a_browser_that_keeps_nothing_still_saves(open_form, tmp_path):
    page = open_form(KOC, init=NO_STORAGE)
    given = fill_in_all(page, "zh", seed=2)
    note = page.get_by_text("这个浏览器不保存数据").filter(visible=True)
    assert note.count() == 1
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    with contextlib.suppress(playwright.Error):
        page.reload(timeout=2000)  # called off by the answer to the question
    assert asked == ["beforeunload"]
    _, read = saved(page, tmp_path, KOC)
    assert read.answers.iloc[0].to_dict() == given
    page.reload()
    assert asked == ["beforeunload"]


def test_one_language_needs_no_switch(open_form):
    page = open_form(KOC, languages=("en",))
    assert page.get_by_role("button", name="中文").count() == 0
    press(page, START["en"])
    move_on(page, "en")
    assert page.get_by_role("alert").inner_text().startswith("1 on this page")
    assert page.title() == KOC.title.en


def start_odd(page, group):
    """Answer the first page of the odd questionnaire, and choose a group."""
    press(page, "English")
    press(page, START["en"])
    entries = {entry.code: entry for entry in questionnaire(ODD).entries}
    for code, chosen in (("OK", 1), ("WHO", 2), ("GRP", group)):
        choose(page, entries[code], None, "en", chosen)


def answer_shown(page, code):
    """Choose one code in every row now shown, and move on."""
    for row in page.locator("fieldset[data-kind=single]:visible").all():
        row.get_by_role("radio").nth(code - 1).check()
    move_on(page, "en")


def test_pages_follow_the_answers(open_form, tmp_path):
    page = open_form(ODD)
    start_odd(page, group=1)
    move_on(page, "en")
    assert page.get_by_text("<b>Only one.</b>").filter(visible=True).count() == 1
    move_on(page, "en")
    answer_shown(page, 2)
    for _ in range(3):
        press(page, "Back")
    choose(page, questionnaire(ODD).entries[3], None, "en", 3)
    move_on(page, "en")
    assert page.locator("#place").inner_text() == "Page 2 of 3"
    answer_shown(page, 6)
    for field in ("-.5e", "-.5"):
        page.locator("input[name=AGEY]").fill(field)
        page.get_by_role("checkbox", name="A & B").check()
        page.locator("textarea").fill('=1+"1",\n<b>x</b>')
        move_on(page, "en")
    path, read = saved(page, tmp_path, ODD, "en")
    (row,) = read.answers.to_dict("records")
    assert {code: v for code, v in row.items() if v == v} == {
        "OK": 1, "WHO": 2, "GRP": 3, "EL1": 6, "EL2": 6, "LG1": 6, "LG2": 6,
        "SV1": 6, "SV2": 6, "AGEY": -0.5, "CAT_1": 1, "CAT_2": 0, "CAT_3": 0,
    }  # fmt: skip
    assert pd.read_csv(path)["WHY"].tolist() == ['\'=1+"1", <b>x</b>']


def test_what_is_optional_may_be_left_empty(open_form, tmp_path):
    page = open_form(ODD)
    start_odd(page, group=3)
    move_on(page, "en")
    answer_shown(page, 1)
    page.get_by_role("checkbox", name="E <i>").check()
    move_on(page, "en")
    missing = page.locator(".missing").filter(visible=True)
    assert missing.all_inner_texts() == ["Please enter a number, such as 12 or 3.5."]
    page.locator("input[name=AGEY]").fill("４１")
    move_on(page, "en")
    path, read = saved(page, tmp_path, ODD, "en")
    assert read.answers["AGEY"].tolist() == [41]
    header, line = path.read_text("utf-8-sig").splitlines()
    cells = dict(zip(header.split(","), line.split(","), strict=True))
    assert {cells[code] for code in ("WHY", "TR1", "TW2")} == {""}


@pytest.mark.parametrize("width", [320, 390, 640, 768, 1200])
@pytest.mark.parametrize("instrument", [KOC, ODD], ids=["koc_core", "odd"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_fits_and_can_be_touched(open_form, instrument, width, language):
    page = open_form(instrument, {"width": width, "height": 800})
    press(page, NAMES[language])
    for walked in page.locator(".page").all():
        page.evaluate("document.querySelector('.current').classList.remove('current')")
        walked.evaluate("element => element.classList.add('current')")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        boxes = page.locator("label:visible, button:visible").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect().toJSON())"
        )
        assert min(box["height"] for box in boxes) >= 44
        assert min(box["width"] for box in boxes) >= (40 if width < 400 else 28)


def test_all_pages_are_printed(open_form):
    page = open_form(KOC)
    page.emulate_media(media="print")
    assert page.locator("[data-page]:visible").count() == 6
    assert page.locator("button:visible").count() == 0
