"""Walks a session through the services: draws, cases, steps, the issues found on the way, the feedback."""

import random
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from catalog.choices import Half
from catalog.models import ServiceItem
from core import clock
from issues import services as register
from issues.importing.register import fields_of
from issues.importing.rows import IssueRow
from issues.models import Issue
from reports.demo.stage import Stage
from sessions import services
from sessions.choices import CaseSource, Consent
from sessions.models import HandledCase, StepRun, WindowSession

SURNAMES = "王李张刘陈杨赵黄周吴"
QUIET_SCENE = "今天从咨询一直走到送达，每个环节都亲手做了一遍，窗口同志把系统讲得很清楚。"
QUIET_ADVICE = "建议把常用材料改为系统调取，申请人现场只确认信息。"


class Hands:
    """The clock of one session: every act some minutes after the last."""

    def __init__(self, start: datetime, limit: datetime, seed: int) -> None:
        self.moment, self.limit = start, limit
        self.random = random.Random(seed)  # noqa: S311  demo figures, nothing secret

    def after(self, low: int, high: int) -> Any:
        """Let some minutes pass, but never beyond now; gives the context in which to act."""
        step = timedelta(minutes=self.random.randint(low, high))
        self.moment = max(min(self.moment + step, self.limit), self.moment + timedelta(seconds=1))
        return clock.at(self.moment)


def hands_of(window_session: WindowSession, stage: Stage) -> Hands:
    """Starts ten minutes after the half-day opens."""
    hour, minute = (8, 40) if window_session.half == Half.AM else (14, 10)
    return Hands(stage.moment(window_session.date, hour, minute), stage.now, window_session.pk)


def walk_session(window_session: WindowSession, rows: list[IssueRow], stage: Stage) -> dict[str, Issue]:
    """The whole session from start to handed-in feedback; issue number → issue."""
    director, hands = window_session.director, hands_of(window_session, stage)
    with hands.after(0, 3):
        window_session = services.start(window_session, director)
    issues: dict[str, Issue] = {}
    by_item = sorted(rows, key=lambda row: (row.item.code if row.item else "", row.step_number or 0, row.number))
    for item, members in groupby(by_item, key=lambda row: row.item):
        if item is not None:
            issues |= walk_item(window_session, item, list(members), hands, stage)
    with hands.after(5, 15):
        window_session = services.finish(window_session, director)
    hand_in(window_session, rows, hands)
    return issues


def walk_item(
    window_session: WindowSession, item: ServiceItem, rows: list[IssueRow], hands: Hands, stage: Stage
) -> dict[str, Issue]:
    """One case from opening to closing; a row's step ends blocked by its issue."""
    case = open_case(window_session, item, hands, stage)
    issues: dict[str, Issue] = {}
    for step in case.steps.order_by("number"):
        found = [row for row in rows if row.step_number == step.number]
        for place, row in enumerate(found):
            with hands.after(4, 12):
                issues[row.number] = _raise(row, step if place == 0 else None, case)
        if not found:
            pass_step(step, window_session, hands)
    with hands.after(1, 3):
        services.close_case(
            case,
            window_session.director,
            waiting_minutes=hands.random.randint(5, 40),
            trips=max(1, item.trips),
            working_days=item.committed_days,
        )
    return issues


def pass_step(step: StepRun, window_session: WindowSession, hands: Hands) -> None:
    """One step without trouble."""
    documents = hands.random.randint(0, 3) if step.number <= 2 else 0
    with hands.after(2, 9):
        services.complete_step(
            step, window_session.director, documents_asked=documents, signatures=step.expected_signatures
        )


def _raise(row: IssueRow, step: StepRun | None, case: HandledCase) -> Issue:
    """From the step itself; a second finding at the same step is registered beside it."""
    finder = case.window_session.director
    if step is not None:
        return register.register_from_step(step, finder, **fields_of(row))
    scene = {"window_session": case.window_session, "handled_case": case, "guide_revision": case.guide_revision}
    return register.register(finder, **fields_of(row), **scene)


def open_case(window_session: WindowSession, item: ServiceItem, hands: Hands, stage: Stage) -> HandledCase:
    """A drawn citizen two times of three, otherwise the simulated pack."""
    director = window_session.director
    pack = item.simulation_packs.filter(active=True).first()
    if pack is not None and hands.random.random() < 1 / 3:
        with hands.after(1, 4):
            return services.open_case(
                window_session, director, item=item, source=CaseSource.SIMULATED, simulation_pack=pack
            )
    tickets = [f"A{hands.random.randint(2001, 2099)}" for _n in range(hands.random.randint(3, 7))]
    with hands.after(1, 3):
        draw = services.draw_ticket(window_session, director, sorted(set(tickets)), seed=f"demo-{window_session.pk}")
    with hands.after(1, 2):
        draw = services.answer_draw(draw, director, Consent.YES, asked=1)
    with hands.after(1, 2):
        surname = hands.random.choice(SURNAMES)
        return services.open_case(
            window_session, director, item=item, source=CaseSource.DRAWN, draw=draw, surname=surname
        )


def hand_in(window_session: WindowSession, rows: list[IssueRow], hands: Hands) -> None:
    """The feedback form as a director would fill it in after this session."""
    director = window_session.director
    with hands.after(20, 60):
        services.save_feedback(window_session, director, answers(window_session, rows, hands.random))
    with hands.after(1, 10):
        services.submit_feedback(window_session, director)


def answers(window_session: WindowSession, rows: list[IssueRow], chance: random.Random) -> dict[str, Any]:
    """Answers to template version 1 that the run does not know: words and ratings."""
    scene = (
        rows[0].description if rows else "今天从咨询一直走到送达，每个环节都亲手做了一遍，窗口同志把系统讲得很清楚。"
    )
    advice = rows[0].suggestion if rows and rows[0].suggestion else "建议把常用材料改为系统调取，申请人现场只确认信息。"
    ratings = {"Q08": chance.randint(3, 5), "Q09": chance.randint(2, 4), "Q10": chance.randint(4, 5)}
    given: dict[str, Any] = ratings | {"Q11": chance.randint(3, 5)}
    if min(ratings["Q08"], ratings["Q09"], given["Q11"]) <= 3:
        given["Q12"] = f"流程卡在部门之间：{scene}"
    drawn = window_session.cases.filter(source=CaseSource.DRAWN).exists()
    return given | {
        "Q02": "现场随机群众" if drawn else "标准化模拟材料",
        "Q05": 1 + chance.randint(0, 6),
        "Q07": f"换到群众的位置才看见问题出在哪里。{scene}窗口同志很辛苦，流程本身还能再简一些。",
        "Q14": f"{advice}，并把改动写进办事指南，让窗口和群众看到的是同一版。",
        "Q16": "回去以后先对照本部门的材料清单，凡是别的部门系统里已经有的，一律改为调取，不再要求群众重复提交。",
        "Q18": "需研究",
        "Q22": window_session.director.display_name,
    }
