"""Posts in both languages."""

import pytest
from django.utils import translation

from sessions.posts import Person
from sessions.rosters import Line

LINE = {"home": "住建局", "home_en": "Housing Bureau", "title": "副局长乙", "rank": "deputy", "name": "住建局副局长乙"}


@pytest.mark.parametrize(("language", "label"), [("zh-hans", "住建局副局长乙"), ("en", "Housing Bureau, Deputy B")])
def test_two_deputies_can_be_told_apart_in_either_language(language: str, label: str) -> None:
    with translation.override(language):
        shown = "Housing Bureau" if language == "en" else "住建局"
        person = Person(1, "住建局副局长乙（示例）", "deputy", 1, shown, "副局长乙", "住建局")
        assert (person.label, Line(LINE).who) == (label, label)
        assert person.chinese_label == "住建局副局长乙"


def test_a_department_without_an_english_name_stays_chinese() -> None:
    with translation.override("en"):
        assert Person(1, "残联理事长", "principal", 1, "残联", "理事长", "残联").label == "残联理事长"
