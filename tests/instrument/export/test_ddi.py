"""DDI-Codebook 2.5: the order of elements that the standard fixes, by hand."""

import pytest
from lxml import etree

from kocsem.instrument.export.ddi import codebook_ddi
from kocsem.instrument.load import load_instrument
from odd_survey import ODD

KOC = load_instrument("koc_core")
NS = "{ddi:codebook:2_5}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

#: Children that an element may have, in the order of the standard.
ORDER = {
    "codeBook": "docDscr stdyDscr fileDscr dataDscr otherMat",
    "docDscr": "citation guide docStatus docSrc controlledVocabUsed notes",
    "stdyDscr": "citation studyAuthorization stdyInfo studyDevelopment method dataAccs "
    "othrStdyMat notes",
    "citation": "titlStmt rspStmt prodStmt distStmt serStmt verStmt biblCit holdings "
    "notes",
    "titlStmt": "titl subTitl altTitl parTitl IDNo",
    "verStmt": "version verResp notes",
    "stdyInfo": "studyBudget subject abstract sumDscr qualityStatement notes",
    "dataAccs": "setAvail useStmt notes",
    "useStmt": "confDec specPerm restrctn contact citReq deposReq conditions "
    "disclaimer",
    "othrStdyMat": "relMat relStdy relPubl othRefs",
    "dataDscr": "varGrp nCubeGrp var nCube notes",
    "varGrp": "labl txt concept defntn universe notes",
    "var": "location labl imputation security embargo respUnit anlysUnit qstn valrng "
    "invalrng undocCod universe TotlResp sumStat txt stdCatgry catgryGrp catgry "
    "codInstr verStmt concept derivation varFormat geoMap catLevel notes",
    "qstn": "preQTxt qstnLit postQTxt forward backward ivuInstr",
    "valrng": "item range key notes",
    "catgry": "catValu labl txt catStat mrow",
}
#: Children that the standard allows once.
ONCE = {
    "titlStmt": ["titl"],
    "varGrp": ["defntn"],
    "var": ["varFormat"],
    "catgry": ["catValu"],
}


def codebook(instrument, languages=("zh", "en")):
    return etree.fromstring(codebook_ddi(instrument, languages))


def name(element):
    assert element.tag.startswith(NS)
    return element.tag.removeprefix(NS)


@pytest.fixture(params=[KOC, ODD], ids=lambda i: i.id)
def instrument(request):
    return request.param


@pytest.mark.parametrize("languages", [("zh", "en"), ("en", "zh"), ("en",)])
def test_children_stand_in_the_order_of_the_standard(instrument, languages):
    for element in codebook(instrument, languages).iter():
        children = [name(child) for child in element]
        if children:
            order = ORDER[name(element)].split()
            assert children == sorted(children, key=order.index)
        for child in ONCE.get(name(element), ()):
            assert children.count(child) <= 1


def test_the_root_names_the_standard():
    root = codebook(KOC)
    assert name(root) == "codeBook"
    assert root.get("version") == "2.5"
    schema = root.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation")
    assert schema.split()[0] == "ddi:codebook:2_5"


def test_the_variables_are_the_columns_of_a_frame(instrument):
    found = codebook(instrument).findall(f".//{NS}var")
    assert tuple(v.get("name") for v in found) == instrument.known_columns


def test_identifiers_are_unique_and_groups_name_variables(instrument):
    root = codebook(instrument)
    named = [element.get("ID") for element in root.iter() if element.get("ID")]
    assert len(named) == len(set(named))
    for group in root.iter(f"{NS}varGrp"):
        assert set(group.get("var").split()) <= set(instrument.known_columns)


def variable(instrument, code):
    return codebook(instrument).find(f".//{NS}var[@ID='{code}']")


def words(element, path, language):
    return [
        found.text
        for found in element.findall("/".join(NS + part for part in path.split("/")))
        if found.get(LANG) == language
    ]


def test_an_item():
    item = variable(KOC, "IQ5")
    assert (item.get("intrvl"), item.get("nature")) == ("discrete", "ordinal")
    assert words(item, "qstn/qstnLit", "zh-CN") == ["TA很少理会粉丝的留言。"]
    assert words(item, "qstn/preQTxt", "en") == [
        "Please answer from what you know of this KOC"
    ]
    assert [value.text for value in item.iter(f"{NS}catValu")] == list("12345")
    assert words(item, "catgry/labl", "en") == [a.en for a in KOC.scale.anchors]
    assert words(item, "concept", "en") == ["Interaction quality"]
    assert words(item, "codInstr", "en") == [
        "reversed: recoded as 6 − x before analysis"
    ]
    (span,) = item.iter(f"{NS}range")
    assert (span.get("min"), span.get("max")) == ("1", "5")


def test_an_option_of_several_and_a_number():
    option = variable(ODD, "CAT_2")
    assert option.find(f"{NS}qstn").get("responseDomainType") == "multiple"
    assert words(option, "qstn/preQTxt", "en") == ["Which? <b>"]
    assert words(option, "qstn/qstnLit", "en") == ['C "D"']
    assert words(option, "universe", "zh-CN") == ["仅当 GRP = 2, 3 时提问"]
    number = variable(ODD, "AGEY")
    assert number.get("intrvl") == "contin"
    assert not list(number.iter(f"{NS}catgry"))


def test_a_construct():
    group = codebook(KOC).find(f".//{NS}varGrp[@ID='TR']")
    assert group.get("var") == "TR1 TR2 TR3 TR4"
    assert words(group, "labl", "en") == ["Trust"]
    assert words(group, "defntn", "zh-CN") == [KOC.construct("TR").definition.zh]
    assert KOC.construct("TR").definition.en in words(group, "txt", "en")
    sources = words(group, "txt", None)
    assert sources == list(KOC.construct("TR").source_scales)


def test_signs_that_xml_cannot_hold_are_gone():
    assert words(variable(ODD, "EL2"), "qstn/qstnLit", "en") == ["eleven 😀"]
