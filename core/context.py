"""What every page's frame shows: navigation by role, the person, the unread count. Asked only when drawn."""

from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import clock
from core.models import Notice


@dataclass(frozen=True)
class Word:
    """One word of navigation: which route, which part of the site it stands for, and its icon on phones."""

    route: str
    section: str
    label: Any
    icon: str
    short: Any


@dataclass(frozen=True)
class Place:
    """A word as this page draws it."""

    label: Any
    short: Any
    icon: str
    url: str
    current: bool


TODAY: Final = Word("home", "home", _("Today's work"), "house", pgettext_lazy("tab", "Today"))
ISSUES: Final = Word("issues:issue_list", "issues", _("Issue register"), "list-ul", pgettext_lazy("tab", "Issues"))
SITTINGS: Final = Word(
    "window_sessions:session_list", "window_sessions", _("Sittings"), "calendar3", pgettext_lazy("tab", "Sittings")
)
ITEMS: Final = Word("catalog:item_list", "catalog", _("Service catalogue"), "book", _("Service catalogue"))
DASHBOARD: Final = Word("reports:dashboard", "reports", _("Dashboard"), "bar-chart", _("Dashboard"))

NAVIGATION: Final[dict[str, tuple[Word, ...]]] = {
    "reform_office": (TODAY, ISSUES, SITTINGS, ITEMS, DASHBOARD),
    "hall_administrator": (TODAY, SITTINGS, ISSUES, ITEMS, DASHBOARD),
    "auditor": (TODAY, ISSUES, SITTINGS, ITEMS, DASHBOARD),
    "director": (TODAY, SITTINGS, ISSUES, ITEMS, DASHBOARD),
    "liaison": (TODAY, ISSUES, SITTINGS, ITEMS, DASHBOARD),
    "guide": (TODAY, SITTINGS, ISSUES, ITEMS),
    "experience_officer": (TODAY, SITTINGS, ISSUES, ITEMS),
}
"""Words by role; who holds several roles gets those of the first that stands here."""

TABS: Final = (TODAY, SITTINGS, ISSUES)


def _url(route: str) -> str:
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""


class Frame:
    """The frame of one page; each part is worked out when a template first asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        match = getattr(request, "resolver_match", None)
        self._section = (match.namespace or match.url_name or "") if match else ""
        self.is_landing = bool(match and match.url_name == "home")

    @cached_property
    def user(self) -> Any:
        """The signed-in person, or None."""
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    def _place(self, word: Word) -> Place:
        return Place(word.label, word.short, word.icon, _url(word.route), word.section == self._section)

    @cached_property
    def words(self) -> tuple[Word, ...]:
        roles = self.user.grants.roles if self.user else frozenset()
        return next((words for role, words in NAVIGATION.items() if role in roles), (TODAY,))

    @cached_property
    def nav(self) -> list[Place]:
        """The words of the header, at most six."""
        return [place for place in map(self._place, self.words) if place.url] if self.user else []

    @cached_property
    def tabs(self) -> list[Place]:
        """The first three tabs of a phone; the fourth is the person's own."""
        return [place for place in map(self._place, TABS) if place.url] if self.user else []

    @cached_property
    def section(self) -> Any:
        """The word of the part of the site that this page belongs to."""
        return next((word.label for word in self.words if word.section == self._section), "")

    @cached_property
    def section_url(self) -> str:
        """Where Back leads when a page names nothing nearer."""
        return next((_url(word.route) for word in self.words if word.section == self._section), "") or _url("home")

    @property
    def search_url(self) -> str:
        """Where the words typed into the header are looked for: the register, by title, number, item or initials."""
        return _url("issues:issue_list") if self.user else ""

    @cached_property
    def unread(self) -> int:
        """Unread notices, as they were when the request came in."""
        if self.user is None:
            return 0
        known = getattr(self.user, "unread_notices", None)
        return int(known) if known is not None else Notice.objects.unread_count(self.user)

    @property
    def place_name(self) -> str:
        """The hall or district beside the mark."""
        return str(settings.HUANWEI_DISTRICT)

    @property
    def today(self) -> Any:
        return clock.today()

    @property
    def idle_seconds(self) -> int:
        """How long a signed-in page may rest."""
        return int(settings.SESSION_COOKIE_AGE) if self.user else 0


def page(request: HttpRequest) -> dict[str, Any]:
    """The frame as `page`."""
    return {"page": Frame(request)}
