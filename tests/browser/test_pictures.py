"""Pictures by hand: pasted in the run and in an issue's form, covered by a drawn box before the upload and after it."""

import base64
from collections.abc import Callable

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from issues import services
from issues.models import Issue, Screenshot
from sessions.models import StepRun
from tests.browser.conftest import DESK, PHONE, NewPage
from tests.browser.story import PASSWORD, Person
from tests.conftest import District
from tests.issues.pictures import content, upload
from tests.issues.stages import category, registered
from tests.issues.walks import walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SignedIn = Callable[..., Person]
PASTE = """([data, name]) => {
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, {type: "image/png"}));
  document.dispatchEvent(new ClipboardEvent("paste", {clipboardData: transfer, bubbles: true}));
}"""


@pytest.fixture
def sign_in(new_page: NewPage) -> SignedIn:
    def make(user: User, viewport: object = DESK) -> Person:
        user.set_password(PASSWORD)
        user.save()
        return Person(new_page(viewport)).sign_in(user.username)

    return make


@pytest.fixture
def step(district: District, director_a: User) -> StepRun:
    return walk(district, director_a)


def paste(page: Page, times: int = 1) -> None:
    for number in range(times):
        page.evaluate(PASTE, [base64.b64encode(content((400, 200))).decode(), f"剪贴板{number}.png"])
    expect(page.locator(".drop-list img")).to_have_count(times)


def draw_box(page: Page, surface: Locator) -> None:
    """Over the upper left quarter, which is red in the picture, by the pointer."""
    surface.scroll_into_view_if_needed()
    area = surface.bounding_box()
    assert area is not None
    page.mouse.move(area["x"] + 1, area["y"] + 1)
    page.mouse.down()
    page.mouse.move(area["x"] + area["width"] * 0.6, area["y"] + area["height"] * 0.6, steps=4)
    page.mouse.up()


def is_black(picture: Screenshot, across: float, down: float) -> bool:
    """Whether the stored picture, and not only what is shown of it, is black there."""
    with default_storage.open(picture.path) as stored, Image.open(stored) as image:
        point = (int(image.width * across), int(image.height * down))
        found = image.convert("L").getpixel(point)
    assert isinstance(found, int)
    return found < 20


def test_pasted_in_the_run_and_covered_before_the_upload(sign_in: SignedIn, step: StepRun, director_a: User) -> None:
    director = sign_in(director_a, PHONE)
    page = director.page
    director.open(reverse("window_sessions:case_detail", args=[step.case_id]))
    page.locator("summary", has_text="本环节截图").last.click()
    expect(page.locator(".drop-zone")).to_be_visible()
    expect(page.locator(".drop-hint")).not_to_contain_text("Ctrl")
    paste(page)
    page.get_by_role("button", name="遮盖").click()
    draw_box(page, page.locator(".redact-dialog canvas"))
    page.get_by_role("button", name="遮盖好了").click()
    expect(page.locator(".drop-list")).to_contain_text("已遮盖 1 处")
    director.press("添加截图")
    expect(page.locator("main")).to_contain_text("已遮盖 1 处")
    picture = Screenshot.objects.get()
    assert (is_black(picture, 0.2, 0.2), is_black(picture, 0.9, 0.9)) == (True, False)


def test_pasted_in_the_form_of_an_issue(sign_in: SignedIn, step: StepRun, director_a: User) -> None:
    category()
    director = sign_in(director_a)
    director.open(reverse("issues:register_from_step", args=[step.pk]))
    paste(director.page, times=2)
    director.fill("标题", "要企业提交我局核发的证")
    director.fill("问题经过", "系统里可以查到，窗口仍要求逐份复印盖章。")
    director.page.locator("main").get_by_label("类别").first.select_option(index=1)
    director.press("登记并继续")
    assert Issue.objects.get().screenshots.count() == 2


def test_pictures_chosen_one_after_another_all_stay(sign_in: SignedIn, step: StepRun, director_a: User) -> None:
    """A pasted picture, a chosen one and a second one; neither text posing as a picture nor an empty file joins."""
    director = sign_in(director_a)
    director.open(reverse("issues:register_from_step", args=[step.pk]))
    page = director.page
    paste(page)
    field, tiles = page.locator("input[type=file][multiple]").first, page.locator(".drop-list img")
    for number, size in ((2, (300, 200)), (3, (200, 100))):
        field.set_input_files({"name": f"{number}.png", "mimeType": "image/png", "buffer": content(size)})
        expect(tiles).to_have_count(number)
    for name, data in (("bad.png", b"text"), ("empty.png", b"")):
        field.set_input_files({"name": name, "mimeType": "image/png", "buffer": data})
        expect(page.locator(".drop-zone .field-error").first).to_be_visible()
        expect(tiles).to_have_count(3)


def test_covered_on_the_server_by_drawing(sign_in: SignedIn, district: District, director_a: User) -> None:
    issue = registered(district, director_a)
    picture = services.add_screenshot(director_a, upload(data=content((400, 200))), issue=issue)
    assert not is_black(picture, 0.2, 0.2)
    director = sign_in(director_a)
    director.open(reverse("issues:check_screenshot", args=[picture.pk]))
    draw_box(director.page, director.page.locator("[data-redact]"))
    director.press("遮盖", exact=False)
    director.sees("已遮盖 1 处")
    picture.refresh_from_db()
    assert (is_black(picture, 0.2, 0.2), is_black(picture, 0.9, 0.9)) == (True, False)
