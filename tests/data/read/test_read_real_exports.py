"""Two real 问卷星 exports of one survey, by text and by number, agree."""

from pathlib import Path

import pandas as pd
import pytest
from pydantic import TypeAdapter

from kocsem.data.read.responses import read_responses
from kocsem.instrument.types import Instrument

FOLDER = Path(__file__).resolve().parents[3] / ".." / "shared" / "data" / "wjx"
NUMBER = FOLDER / "wjx_number_800_800_2.xls"
TEXT = FOLDER / "wjx_text_800_800_0.xls"

pytestmark = pytest.mark.skipif(
    not NUMBER.is_file(), reason="the real exports are not part of the project"
)

SINGLE = {
    "PRICE": (
        "手机价格",
        "0-799元 800-999元 1000-1499元 1500-1999元 2000-2499元 2500-2999元 "
        "3000-3499元 3500元及以上 免费赠送的 其他【请注明】",
    ),
    "GEN": ("性别", "男 女"),
    "AGE": (
        "年龄",
        "15岁及以下 16~19岁 20~24岁 25~29岁 30~34岁 35~39岁 40~49岁 50~59岁 60岁以上",
    ),
    "INC": (
        "月收入",
        "3000元以下 3001-5000元 5001-8000元 8001-10000元 10001-15000元 15000元以上 "
        "无收入 不知道/拒绝回答",
    ),
    "SHARE": (
        "爱好投入占收入比重",
        "没有投入 10%左右 20%左右 30%左右 40%左右 50%左右 超过50%",
    ),
}
MULTI = {
    "HOB": (
        "兴趣爱好",
        "运动 阅读 影视 美食 旅游 IT数码 艺术 音乐 游戏动漫 手工艺 摄影 购物 健康 "
        "其他【请注明】",
    ),
    "NEWS": (
        "关注资讯",
        "不关注 娱乐八卦 财经 汽车类 时尚 电子科技类 体育类 政治/军事 "
        "ACG文化(动漫、游戏等) 其他【请注明】",
    ),
}


@pytest.fixture(scope="module")
def survey() -> Instrument:
    questions = [
        {
            "id": code,
            "kind": kind,
            "name": name,
            "text": name,
            "options": options.split(),
        }
        for kind, group in (("single", SINGLE), ("multi", MULTI))
        for code, (name, options) in group.items()
    ]
    return TypeAdapter(Instrument).validate_python(
        {
            "id": "phones",
            "version": "1",
            "title": "Phones",
            "scale": {"points": 4, "anchors": ["1部", "2部", "3部", "4部及以上"]},
            "constructs": [{"id": "PHONES", "name": "Phones"}],
            "items": [{"id": "P1", "construct": "PHONES", "text": "手机部数"}],
            "demographics": questions,
        }
    )


def test_both_codings_hold_the_same_answers(survey: Instrument) -> None:
    number = read_responses(NUMBER, survey)
    text = read_responses(TEXT, survey)
    assert number.answers.shape == (800, 30)
    pd.testing.assert_frame_equal(number.answers, text.answers)


def test_what_the_files_are(survey: Instrument) -> None:
    number = read_responses(NUMBER, survey)
    text = read_responses(TEXT, survey)
    assert (number.source.platform, number.source.coding) == ("wenjuanxing", "number")
    assert (text.source.platform, text.source.coding) == ("wenjuanxing", "text")
    assert number.findings == text.findings == ()
    assert number.seconds is None
    assert number.origin is None


def test_counts_are_those_of_the_file(survey: Instrument) -> None:
    answers = read_responses(TEXT, survey).answers
    assert answers["GEN"].value_counts().to_dict() == {1.0: 427, 2.0: 373}
    assert answers["HOB_1"].sum() == 479
    assert answers["NEWS_9"].sum() == 131
    assert (answers["PRICE"] == 8).sum() == 246
