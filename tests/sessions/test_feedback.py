"""The feedback form: questions imported, asked by audience, prefilled, never defaulted, handed in complete."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command

from accounts.models import User
from core import ledger
from core.doors import StaleVersion, WrongState
from sessions import services
from sessions.choices import AnswerKind, Requirement, SessionStatus
from sessions.importing_feedback import ImportRefused, import_questions
from sessions.models import Feedback, FeedbackTemplate, SessionEvent, WindowSession
from sessions.questionnaire import asked_after_re_walk, asked_of, parts, problems
from sessions.reading import ratings_summary
from sessions.services.feedback import words
from tests.conftest import District
from tests.sessions import stage

QUESTIONS = Path(__file__).parents[2] / "demo" / "feedback_questions.csv"


@pytest.fixture
def template(db: None) -> FeedbackTemplate:
    return import_questions(QUESTIONS).template


@pytest.fixture
def finished(template: FeedbackTemplate, district: District, director_a: User) -> WindowSession:
    case = stage.simulated_case(district, director_a)
    first, *others = case.steps.all()
    services.block_step(first, "WT-2026-009", director_a, note="要求重复提交")
    for step in others:
        services.complete_step(step, director_a)
    services.close_case(case, director_a)
    return services.finish(case.window_session, director_a)


def full(**changed: Any) -> dict[str, Any]:
    answers: dict[str, Any] = {f"Q{n:02}": 4 for n in range(8, 12)}
    answers |= {"Q07": "体" * 50, "Q14": "议" * 20, "Q16": "思" * 30, "Q18": "没有"}
    return answers | {"Q22": {"name": "局长", "date": "2026-11-23", "signed": True}} | changed


def test_the_shipped_questions_become_version_1(template: FeedbackTemplate) -> None:
    questions = list(template.questions.all())
    assert (template.version, len(questions)) == (1, 22)
    assert {question.kind for question in questions} == set(AnswerKind.values)
    by_code = {question.code: question for question in questions}
    assert (by_code["Q07"].minimum, by_code["Q07"].maximum) == (50, 2000)
    assert (by_code["Q05"].minimum, by_code["Q05"].maximum, by_code["Q05"].options) == (0, 200, [])
    assert len(by_code["Q08"].options) == 5
    assert by_code["Q16"].audience == ["principal", "deputy"]


def test_same_questions_again_change_nothing(template: FeedbackTemplate, tmp_path: Path) -> None:
    assert not import_questions(QUESTIONS).created
    changed = tmp_path / "q.csv"
    changed.write_text(QUESTIONS.read_text(encoding="utf-8-sig").replace("有什么心得体会", "有哪些体会"), "utf-8")
    outcome = import_questions(changed)
    assert (outcome.created, outcome.template.version) == (True, 2)
    assert list(FeedbackTemplate.objects.filter(active=True)) == [outcome.template]


def test_headers_are_read_tolerantly(db: None, tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    path.write_bytes("题 型,题目,部分,编号\n长文本,有什么想法,心得,Q1\n,,,\n".encode("gb18030"))
    question = import_questions(path).template.questions.get()
    assert (question.kind, question.section, question.requirement) == ("long_text", "心得", "no")


@pytest.mark.parametrize(
    "text", ["", "题号,题目\nQ1,甲", "题号,分组,题型,题目\n", "题号,分组,题型,题目\nQ1,甲,猜谜,乙"]
)
def test_unreadable_files_store_nothing(db: None, tmp_path: Path, text: str) -> None:
    path = tmp_path / "q.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(ImportRefused):
        import_questions(path)
    with pytest.raises(CommandError):
        call_command("import_feedback_questions", str(path))
    assert not FeedbackTemplate.objects.exists()


def test_command_says_what_it_did(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_feedback_questions", str(QUESTIONS))
    call_command("import_feedback_questions", str(QUESTIONS))
    out = capsys.readouterr().out
    assert "22 questions stored as version 1" in out
    assert "unchanged in version 1" in out


def test_eight_parts_for_leaders_seven_for_others(template: FeedbackTemplate) -> None:
    questions = template.questions.all()
    assert [len(parts(asked_of(questions, rank))) for rank in ("principal", "deputy", "")] == [8, 8, 7]
    assert parts(questions)[3].title == "四项评价"
    assert [title for title, _members in parts(questions)[3].sections] == ["四项评价", "问题记录"]


def test_a_re_walk_asks_for_no_essay_and_nothing_on_the_own_department(template: FeedbackTemplate) -> None:
    questions = asked_after_re_walk(template.questions.all())
    known = {"Q01": "x", "Q02": "x", "Q03": "x", "Q04": [{}], "Q05": 0, "Q06": 0}
    assert set(problems(questions, known)) == {"Q08", "Q09", "Q10", "Q11", "Q22"}
    rated = known | {"Q07": "短", "Q08": 5, "Q09": 3, "Q10": 5, "Q11": 5, "Q22": True}
    assert set(problems(questions, rated)) == {"Q12"}
    assert not {"Q16", "Q17", "Q18"} & {question.code for question in questions}
    assert template.questions.get(code="Q07").requirement == Requirement.YES


def test_the_run_fills_in_what_it_knows(finished: WindowSession) -> None:
    answers = finished.feedback.answers
    assert answers["Q01"].startswith("经办人")
    assert answers["Q02"] == "标准化模拟材料"
    assert answers["Q03"] == "全部走完"
    assert answers["Q04"][0]["事项"].startswith("示例事项")
    assert (answers["Q05"], answers["Q06"]) == (0, 0)
    assert "WT-2026-009" in answers["Q13"][0]["场景描述"]
    assert not {"Q08", "Q09", "Q10", "Q11", "Q22"} & set(answers)


def test_low_rating_asks_for_its_reason(template: FeedbackTemplate) -> None:
    questions = list(template.questions.all())
    known = full(Q01="x", Q02="x", Q03="x", Q04=[{}], Q05=0, Q06=0)
    assert problems(questions, known) == {}
    assert set(problems(questions, known | {"Q09": 3})) == {"Q12"}
    assert set(problems(questions, known | {"Q09": 3, "Q12": "短"})) == {"Q12"}
    assert problems(questions, known | {"Q09": 3, "Q12": "因" * 20}) == {}
    assert set(problems(questions, known | {"Q08": None, "Q22": None})) == {"Q08", "Q22"}


def test_drafts_merge_and_can_be_taken_back(finished: WindowSession, director_a: User) -> None:
    services.save_feedback(finished, director_a, {"Q08": 4, "Q07": "短"}, version=0)
    form = services.save_feedback(finished, director_a, {"Q08": None, "nonsense": 1}, version=1)
    assert form.answers["Q07"] == "短"
    assert not {"Q08", "nonsense"} & set(form.answers)
    assert form.saved_at is not None


def test_stale_draft_shows_both_texts(finished: WindowSession, director_a: User) -> None:
    services.save_feedback(finished, director_a, {"Q07": "甲"}, version=0)
    assert services.save_feedback(finished, director_a, {"Q07": "甲"}, version=0).version == 1
    with pytest.raises(StaleVersion) as stale:
        services.save_feedback(finished, director_a, {"Q07": "乙"}, version=0)
    assert (list(stale.value.current.values()), list(stale.value.typed.values())) == (["甲"], ["乙"])


@pytest.mark.parametrize("who", ["guide", "hall_administrator", "reform_officer", "auditor", "liaison", "director_b"])
def test_only_the_director_writes(who: str, request: pytest.FixtureRequest, finished: WindowSession) -> None:
    other = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        services.save_feedback(finished, other, {"Q08": 5})
    with pytest.raises(PermissionDenied):
        services.submit_feedback(finished, other)
    assert "Q08" not in Feedback.objects.get().answers


def test_incomplete_forms_are_not_handed_in(finished: WindowSession, director_a: User) -> None:
    with pytest.raises(ValidationError) as refused:
        services.submit_feedback(finished, director_a)
    assert {"Q07", "Q08", "Q14", "Q16", "Q18", "Q22"} <= set(refused.value.message_dict)
    finished.refresh_from_db()
    assert finished.status == SessionStatus.AWAITING_FEEDBACK


def test_handing_in_completes_the_session_once(finished: WindowSession, director_a: User) -> None:
    services.save_feedback(finished, director_a, full())
    services.submit_feedback(finished, director_a)
    services.submit_feedback(finished, director_a)
    finished.refresh_from_db()
    assert finished.status == SessionStatus.COMPLETED
    assert finished.events.filter(action="submit_feedback").count() == 1
    with pytest.raises(WrongState):
        services.save_feedback(finished, director_a, {"Q08": 1})


def test_reform_office_returns_with_a_reason(finished: WindowSession, director_a: User, reform_officer: User) -> None:
    services.save_feedback(finished, director_a, full())
    services.submit_feedback(finished, director_a)
    with pytest.raises(ValidationError):
        services.return_feedback(finished, reform_officer, " ")
    with pytest.raises(PermissionDenied):
        services.return_feedback(finished, director_a, "请补")
    form = services.return_feedback(finished, reform_officer, "请写具体场景")
    assert (form.returned_reason, form.submitted_at) == ("请写具体场景", None)
    services.submit_feedback(finished, director_a)
    assert list(ledger.verify(SessionEvent)) == []


def test_without_a_template_the_page_says_so(district: District, director_a: User) -> None:
    row = services.finish(stage.started(district, director_a), director_a)
    with pytest.raises(WrongState):
        services.save_feedback(row, director_a, {"Q08": 5})
    import_questions(QUESTIONS)
    assert services.save_feedback(row, director_a, {"Q08": 5}).answers["Q08"] == 5


def test_ratings_keep_simulated_runs_apart(finished: WindowSession, director_a: User) -> None:
    services.save_feedback(finished, director_a, full(Q09=2, Q12="因" * 20))
    assert ratings_summary(WindowSession.objects.all()).simulated[1].answered == 0
    services.submit_feedback(finished, director_a)
    summary = ratings_summary(WindowSession.objects.all())
    smooth = summary.simulated[1]
    assert (smooth.code, smooth.mean, smooth.answered, smooth.asked) == ("Q09", 2.0, 1, 1)
    assert [(rating.mean, rating.asked) for rating in summary.real] == [(None, 0)] * 4


def test_real_ratings_show_the_response_rate(template: FeedbackTemplate, district: District, director_a: User) -> None:
    case = stage.walked(stage.drawn_case(district, director_a), director_a)
    row = services.finish(case.window_session, director_a)
    assert row.feedback.answers["Q05"] == 1
    rating = ratings_summary(WindowSession.objects.all()).real[0]
    assert (rating.mean, rating.answered, rating.asked) == (None, 0, 1)


def test_answers_in_words() -> None:
    assert words([{"a": "甲", "b": "", "c": True}, "乙"]) == "甲\n乙"
    assert (words(None), words(3)) == ("", "3")
