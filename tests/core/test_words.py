"""Dates, lights and counted days in the words of the page."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace as Light

import pytest
from django import forms
from django.utils import translation

from core import words

MONDAY = date(2026, 5, 18)


@pytest.fixture
def chinese() -> None:
    translation.activate("zh-hans")


@pytest.mark.usefixtures("chinese")
def test_long_date_names_weekday_and_half() -> None:
    assert words.long_date(MONDAY, "AM").startswith("2026-05-18（周一）")


def test_long_date_in_english() -> None:
    with translation.override("en"):
        assert words.long_date(MONDAY, "AM") == "Mon 18 May 2026, morning"
        assert words.short_date(MONDAY) == "Mon 18 May"


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize(
    ("seconds", "text"), [(5, "5 秒"), (105, "1 分 45 秒"), (3599.6, "1 小时 00 分"), (3900, "1 小时 05 分")]
)
def test_how_long_it_took(seconds: float, text: str) -> None:
    assert words.duration(timedelta(seconds=seconds)) == text


def test_stamp_is_local_time() -> None:
    assert words.stamp(datetime(2026, 7, 13, 2, 20, tzinfo=UTC)) == "2026-07-13（周一）10:20"


def test_nothing_for_no_date() -> None:
    assert (words.long_date(None), words.short_date(None), words.stamp(None)) == ("", "", "")


@pytest.mark.parametrize(
    ("colour", "days", "word", "left"),
    [
        ("green", 6, "On time", "6 days left"),
        ("yellow", 1, "Due soon", "1 day left"),
        ("yellow", 0, "Due today", ""),
        ("red", 3, "3 days overdue", ""),
        ("red", -3, "3 days overdue", ""),
        ("red", None, "Overdue", ""),
        ("paused", 4, "Clock paused", ""),
        ("none", None, "No limit", ""),
    ],
)
def test_light_says_word_and_days(colour: str, days: int | None, word: str, left: str) -> None:
    with translation.override("en"):
        signs = words.lights(Light(colour=colour, days=days, frozen=False))
    assert [(sign["colour"], sign["word"], sign["left"]) for sign in signs] == [(colour, word, left)]


def test_short_light_leaves_the_word_out() -> None:
    with translation.override("en"):
        assert words.lights(Light(colour="green", days=5), short=True)[0]["word"] == "5 days left"


def test_suspension_does_not_hide_a_red_light() -> None:
    signs = words.lights(Light(colour="paused", days=-2))
    assert [sign["colour"] for sign in signs] == ["paused", "red"]


def test_stopped_clock_says_met_or_missed() -> None:
    with translation.override("en"):
        met = words.lights(Light(colour="yellow", days=1, frozen=True))[0]
        missed = words.lights(Light(colour="red", days=15, frozen=True))[0]
    assert (met["colour"], met["word"], missed["word"]) == ("green", "Met in time", "15 days overdue, frozen")


def test_no_light_at_all_reads_no_limit() -> None:
    assert words.lights(None)[0]["colour"] == "none"


def test_few_days_stand_one_by_one_and_the_due_day_is_marked() -> None:
    days = [date(2026, 7, day) for day in (10, 13, 14)]
    assert [(run.text, run.due) for run in words.runs(days, days[-1])] == [
        ("07-10", False), ("07-13", False), ("07-14", True),
    ]  # fmt: skip


def test_many_days_fold_into_runs() -> None:
    days = [date(2026, 5, day) for day in (25, 26, 27, 28, 29)] + [date(2026, 6, day) for day in (1, 2, 3, 8)]
    with translation.override("en"):
        texts = [run.text for run in words.runs(days, date(2026, 6, 8))]
    assert texts == ["05-25 to 29", "06-01 to 03", "06-08"]


def test_run_over_the_end_of_a_month_names_both_months() -> None:
    days = [date(2026, 6, day) for day in (29, 30)] + [date(2026, 7, day) for day in (1, 2, 3, 6, 7, 8)]
    with translation.override("en"):
        assert words.runs(days, None)[0].text == "06-29 to 07-03"


def test_timeline_folds_neighbours_that_are_not_important() -> None:
    entries = [{"important": True}, {"important": False}, {"important": False}, {}]
    assert [(group["open"], len(group["entries"])) for group in words.fold(entries)] == [
        (True, 1),
        (False, 2),
        (True, 1),
    ]


class AForm(forms.Form):
    text = forms.CharField(max_length=20, widget=forms.Textarea, help_text="why")
    kind = forms.ChoiceField(choices=[("a", "A")])
    agree = forms.BooleanField()


def test_field_ties_help_count_and_errors_to_the_control() -> None:
    parts = words.field_parts(AForm({"text": "x" * 21})["text"])
    assert (parts["kind"], parts["length"], parts["typed"]) == ("text", "20", 21)
    assert 'aria-describedby="id_text_help id_text_error"' in parts["control"]


def test_plain_field_leaves_the_help_out() -> None:
    assert words.field_parts(AForm()["text"], plain=True)["help_words"] == ""


def test_select_and_check_box_get_their_own_look() -> None:
    form = AForm()
    assert 'class="form-select"' in words.field_parts(form["kind"])["control"]
    assert words.field_parts(form["agree"])["kind"] == "check"
