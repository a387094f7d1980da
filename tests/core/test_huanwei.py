"""The component tags, drawn as a page draws them."""

from types import SimpleNamespace as Row
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.utils import translation

from core import samples, shapes


@pytest.fixture(autouse=True)
def english() -> Any:
    with translation.override("en"):
        yield


def draw(source: str, **context: Any) -> str:
    request = context.pop("request", None)
    return Template(source).render(RequestContext(request, context) if request else Context(context))


@pytest.mark.parametrize("state", shapes.ISSUE_STATES)
def test_every_issue_state_has_icon_and_word(state: str) -> None:
    html = draw("{% issue_state state %}", state=state)
    assert "<use href=" in html
    assert str(shapes.ISSUE_STATES[state][2]) in html


def test_unknown_state_shows_itself() -> None:
    assert "ODD" in draw("{% issue_state 'ODD' %}{% session_state 'ODD' %}{% step_state 'ODD' %}")


def test_step_without_result_has_not_started() -> None:
    assert "Not started" in draw("{% step_state '' %}")


def test_redaction_counts_its_boxes() -> None:
    assert "2 places covered" in draw("{% redaction 'REDACTED' 2 %}")
    assert "To be checked" in draw("{% redaction 'UNCHECKED' %}")


def test_notice_flag_names_colour_and_number() -> None:
    assert "Red notice no. 03" in draw("{% notice_flag 'red' 3 %}")
    assert "Blue 11" in draw("{% notice_flag 'BLUE' 11 short=True %}")


def test_words_are_escaped() -> None:
    assert "<b>" not in draw("{% tag text %}{% seam text text %}", text="<b>")


def test_seam_reads_need_before_hold_and_counts_several() -> None:
    html = draw("{% seam need holders %}", need=Row(label="A"), holders=["B", "C", "D"])
    assert html.index("A</span>") < html.index("B and others, 3 in all")


def test_one_department_alone_says_so() -> None:
    assert "One department, no seam" in draw("{% seam 'A' %}")


def test_large_seam_names_all_holders() -> None:
    html = draw("{% seam 'A' holders large=True document='permit' %}", holders=["B", "C"])
    assert "permit" in html
    assert html.count('class="side-') == 3


@pytest.mark.parametrize(("number", "word"), [(1, "weak"), (3, "medium"), (5, "strong")])
def test_strength_in_words(number: int, word: str) -> None:
    assert f"{word} {number}" in draw("{% strength n %}", n=number)


def test_hidden_picture_is_not_linked() -> None:
    html = draw("{% thumb shot %}", shot=Row(thumbnail_url="", caption="c"))
    assert "<img" not in html
    assert "To be checked" in html


def test_picture_says_how_many() -> None:
    assert "4 pictures" in draw("{% thumb shot count=4 %}", shot=Row(thumbnail_url="/p", caption="c"))


class AForm(forms.Form):
    name = forms.CharField(label="Name")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A")], widget=forms.RadioSelect, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


def test_error_summary_links_to_the_field() -> None:
    html = draw("{% form_errors form %}", form=AForm({}))
    assert 'href="#id_name"' in html
    assert "data-focus" in html


def test_no_summary_over_a_fresh_form() -> None:
    assert "form-summary" not in draw("{% form_errors form %}", form=AForm())


def test_optional_is_marked_and_hidden_stays_hidden() -> None:
    html = draw("{% for f in form %}{% field f %}{% endfor %}", form=AForm())
    assert html.count('class="optional"') == 1
    assert '<input type="hidden" name="version"' in html


def test_pager_keeps_the_other_conditions() -> None:
    request = RequestFactory().get("/issues/", {"state": "CLOSED", "page": "2"})
    page = Paginator(range(95), 10).get_page(2)
    html = draw("{% pager rows %}", request=request, rows=page)
    assert "?state=CLOSED&amp;page=3" in html
    assert 'aria-current="page">2<' in html


@pytest.mark.parametrize(("now", "then"), [("", "sort=due"), ("due", "sort=-due"), ("-due", "sort=due")])
def test_sort_header_turns_round(now: str, then: str) -> None:
    request = RequestFactory().get("/issues/", {"sort": now} if now else {})
    assert then in draw("{% sort_header 'due' 'Due' %}", request=request)


def test_every_component_of_the_sheet_draws() -> None:
    source = (
        "{% for c in clocks %}{% clock_line c %}{% endfor %}{% timeline entries %}{% state_path nodes %}"
        "{% progress_blocks steps %}{% chips chips '?' %}{% empty 'none' 'why' '/' 'go' %}"
        "{% figure_tile name='n' value=1 numerator=1 denominator=2 formula='f' %}"
        "{{ day|hdate:'AM' }}{{ day|short_date }}"
    )
    html = draw(source, **samples.context())
    assert "15 working days" in html
    assert "Show 2 minor records" in html
    assert "Step 3 of 7" in html
    assert " style=" not in html


def test_missing_build_does_not_break_a_page(settings: Any) -> None:
    manifest = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": manifest}}
    assert shapes.asset("dist/none.css") == "/static/dist/none.css"
