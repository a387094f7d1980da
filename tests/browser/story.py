"""What each person of the story does, by what can be seen and clicked: one function a chapter.

Every page a person opens is checked with axe-core.
"""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Locator, Page, expect

AXE = settings.BASE_DIR / "assets/node_modules/axe-core/axe.min.js"
PASSWORD = "Story-2026-walk"
PICTURE = settings.DEMO_DIR / "images/shot_01_permit_form.png"


@dataclass
class Person:
    """Somebody at a screen. `open`, `press` and `follow` leave a page that axe has looked at."""

    page: Page

    def sign_in(self, username: str) -> "Person":
        self.page.goto("/accounts/login/")
        self.page.get_by_label("用户名").fill(username)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.press("登录")
        return self

    def open(self, address: str) -> None:
        self.page.goto(address)
        self.look()

    def press(self, name: str, *, within: Locator | None = None, exact: bool = True) -> None:
        (within or self.page).get_by_role("button", name=name, exact=exact).last.click()
        self.page.wait_for_load_state()
        self.look()

    def follow(self, name: str, *, within: Locator | None = None, exact: bool = True) -> None:
        (within or self.page).get_by_role("link", name=name, exact=exact).first.click()
        self.page.wait_for_load_state()
        self.look()

    def fill(self, label: str, text: str) -> None:
        self.page.locator("main").get_by_label(label).first.fill(text)

    def tick(self, label: str) -> None:
        self.page.locator("main").get_by_label(label).first.check()

    def sees(self, text: str) -> None:
        expect(self.page.locator("main")).to_contain_text(text)

    def look(self) -> None:
        """Axe finds nothing, and nothing scrolls sideways."""
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: dict[str, Any] = self.page.evaluate("axe.run({resultTypes: ['violations']})")
        faults = [(v["id"], [node["html"][:200] for node in v["nodes"]]) for v in found["violations"]]
        assert not faults, f"{self.page.url}: {json.dumps(faults, ensure_ascii=False)[:1500]}"
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), self.page.url


def create_programme(admin: Person, today: date) -> None:
    """交叉互办体验周, with the item that will be walked on its handling list."""
    admin.follow("坐班安排")
    admin.follow("活动", exact=False)
    admin.follow("新建活动")
    admin.fill("活动名称", "交叉互办体验周")
    admin.fill("活动编码", "JCHB-01")
    admin.tick("经办人")
    admin.fill("开始日期", today.isoformat())
    admin.fill("结束日期", today.isoformat())
    admin.tick("望澜区政务服务中心")
    admin.tick("交通局")
    admin.tick("综合行政执法局")
    admin.page.locator("summary", has_text="综合行政执法局").click()
    admin.page.get_by_label("城市建筑垃圾处置核准").check()
    admin.press("建好活动")
    admin.sees("交叉互办体验周")


def place_director(admin: Person, cell: str) -> None:
    """On the week board, 交通局局长 at window A23."""
    admin.follow("周排班")
    admin.page.get_by_role("link", name=cell).click()
    admin.page.locator("label", has_text="交通局局长").get_by_role("radio").check()
    admin.press("排上")
    admin.sees("交通局")


def confirm(director: Person) -> None:
    director.open("/")
    director.press("确认参加")


def publish(admin: Person, board: str) -> None:
    admin.open(board)
    admin.follow("发布名单")
    admin.press("发布名单")


def public_roster(visitor: Person) -> None:
    visitor.open("/portal/roster/")
    visitor.sees("交通局局长")
    visitor.open("/portal/display/H01/")
    expect(visitor.page.locator("body")).to_contain_text("A23")


def walk_to_blocked_step(director: Person) -> None:
    """Start, simulated case, first step passed, second step blocked with picture and issue."""
    director.open("/")
    director.press("开始走流程")
    director.follow("开始一件办件")
    director.tick("模拟材料")
    director.page.locator("label", has_text="城市建筑垃圾处置核准").get_by_role("radio").check()
    director.press("开始办件")
    director.press("通过，下一环节")
    director.press("受阻")
    director.sees("城市建筑垃圾处置核准")
    director.fill("标题", "要企业提交我局核发的道路运输经营许可证")
    director.fill("问题经过", "这个证在运政系统里可以按车牌查询，窗口仍要求逐车复印盖章。")
    director.page.locator("main").get_by_label("类别").first.select_option(label="材料重复提交")
    director.page.locator("input[type=file]").first.set_input_files(Path(PICTURE))
    director.tick("我看过了")
    director.press("登记并继续")


def finish_walk(walker: Person) -> None:
    """The steps that are left, the case, the session."""
    while walker.page.get_by_role("button", name="通过").count():
        walker.press("通过", exact=False)
    walker.follow("结束办件")
    walker.fill("等候分钟数", "12")
    walker.fill("跑了几趟", "1")
    walker.press("结束办件")
    walker.follow("结束坐班")
    walker.press("结束坐班")


def fill_feedback(director: Person) -> None:
    """All parts; ratings are chosen by hand, everything the run knows is there already."""
    director.follow("填反馈表")
    texts = {
        "Q07": "换到群众的位置才看见材料为什么要交两遍，窗口同志逐车核对复印件用了二十多分钟，"
        "系统里明明可以直接查到。回去先从我局的清单改起，能调取的不再收。",
        "Q12": "流程卡在两个部门的系统之间，复印件来回跑，群众说不清该找谁。",
        "Q14": "开放运政数据接口，材料清单里改为系统调取，不再收复印件。",
        "Q16": "我局先把对外要求的材料清单过一遍，凡是其他系统已有电子证照的一律改为调取，本月内完成。",
    }
    while True:
        answer_part(director, texts)
        if not director.page.get_by_role("button", name="下一部分").count():
            break
        director.press("下一部分")
    director.press("提交反馈")
    missing = director.page.get_by_role("alert").all_inner_texts()
    assert not missing, missing


def answer_part(director: Person, texts: dict[str, str]) -> None:
    """Answer what stands on this part: words, ratings, one choice, the signature."""
    part = director.page.locator("#feedback-form")
    for code, text in texts.items():
        for box in part.locator(f"#q-{code} textarea").all():
            box.fill(text)
    for code, choice in {"Q08": 4, "Q09": 3, "Q10": 5, "Q11": 4}.items():
        for box in part.locator(f"#q-{code} input[type=radio]").all()[choice - 1 : choice]:
            box.check()
    for box in [*part.locator("#q-Q18").get_by_label("需研究").all(), *part.locator("#q-Q22 [type=checkbox]").all()]:
        box.check()


def choose(someone: Person, legend: str, option: str) -> None:
    """A radio button of a group, by the words that stand there."""
    group = someone.page.get_by_role("group", name=legend).first
    group.get_by_role("radio", name=option, exact=True).check()


def assign(officer: Person, number: str) -> None:
    """Triage: the executive bureau leads, ten working days."""
    officer.open("/")
    officer.follow("交办")
    officer.sees(number)
    officer.page.get_by_label("牵头单位").select_option(label="综合行政执法局")
    choose(officer, "整改时限", "10 个工作日")
    officer.press("交办")
    officer.sees("待签收")


def rectify(liaison: Person) -> None:
    """Acknowledge from the row, then hand in measures with written evidence."""
    liaison.open("/")
    liaison.follow("签收")
    liaison.press("签收")
    liaison.sees("整改中")
    liaison.follow("提交整改")
    liaison.fill("整改措施", "运政数据接口已接入，按车牌自动核验\n材料清单改为免提交")
    choose(liaison, "整改结果", "已解决")
    liaison.fill("书面佐证", "办事指南第 2 版材料清单，已在大厅公示")
    liaison.press("提交整改")
    liaison.sees("待核验")


def plan_re_walk(officer: Person, issue: str, walker: str) -> None:
    officer.open(issue)
    officer.follow("安排复走")
    officer.page.get_by_label("复走人").select_option(label=walker)
    # The director's own session holds A23 in this half-day, so the neighbour is taken.
    windows = officer.page.locator("main").get_by_label("窗口")
    windows.select_option(windows.locator("option", has_text="A24").first.get_attribute("value"))
    officer.press("安排复走")
    officer.sees("打开复走")


def re_walk(walker: Person, issue: str) -> None:
    """The same item again, on a phone, by somebody who had no hand in it."""
    walker.open(issue)
    walker.follow("打开复走")
    walker.press("开始坐班")
    walker.follow("开始一件办件")
    walker.tick("模拟材料")
    walker.page.locator("label", has_text="城市建筑垃圾处置核准").get_by_role("radio").check()
    walker.press("开始办件")
    finish_walk(walker)


def verify(officer: Person, issue: str) -> None:
    officer.open(issue)
    officer.follow("核验")
    choose(officer, "核验方式", "复走核验")
    choose(officer, "核验结论", "通过")
    officer.fill("看到的情况", "按车牌自动核出，没有再要复印件。")
    officer.press("核验")
    officer.sees("复走")


def close_out(officer: Person, issue: str) -> None:
    officer.open(issue)
    officer.follow("核准销号")
    officer.press("核准销号")
    officer.sees("已销号")
    officer.open(issue + "close-out-sheet/")
    expect(officer.page.locator("body")).to_contain_text("问题销号单")


def dashboard_has_moved(officer: Person) -> None:
    """One issue, closed out: the number leads to the list that proves it."""
    officer.open("/reports/dashboard/")
    officer.page.get_by_role("link", name="已销号 1").first.click()
    officer.look()
    officer.sees("要企业提交我局核发的道路运输经营许可证")
