"""The cells of the week board written out at once: two thousand of them are too many for a template each."""

from collections.abc import Iterable
from functools import cache

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.shapes import icon
from core.templatetags.huanwei import session_state
from core.words import short_date
from sessions.board import Board, Cell, Chip
from sessions.candidates import cell_id
from sessions.choices import SessionStatus

NOTHING = SafeString("")


class CellWriter:
    """Writes the cells of one board. `pick_url` and `place_url` end where a number or a cell is put; `menu` is the
    opened menu of the picked chip."""

    def __init__(self, board: Board, *, pick_url: str, place_url: str, menu: SafeString = NOTHING) -> None:
        self.picked, self.pick_url, self.place_url, self.menu = board.picked, pick_url, place_url, menu
        self.icon = cache(icon)
        self.when = cache(short_date)
        self.badge = cache(session_state)
        self.published = format_html(
            ' {}<span class="visually-hidden">{}</span>', icon("megaphone"), pgettext("session", "Published")
        )
        self.draft = format_html('<span class="visually-hidden">{}</span>', _("To be confirmed"))
        self.words = {"ok": _("Move here"), "warn": _("Possible, with a reminder"), "free": _("Place a director")}
        self.colon = _(": ")
        self.session_url = reverse("window_sessions:session_detail", args=[0]).removesuffix("0/")

    def row(self, cells: Iterable[Cell]) -> SafeString:
        """All cells of one window."""
        return format_html_join("", "{}", ((self.cell(cell),) for cell in cells))

    def cell(self, cell: Cell) -> SafeString:
        """One window in one half-day: who sits, why nobody can, whether the picked one may come, or room for one."""
        start = "day-start" if cell.first_of_day else ""
        if cell.chip:
            late = " day-late" if cell.late else ""
            menu = self.menu if cell.chip is self.picked else NOTHING
            text = '<td class="{}{}" data-cell="{}" data-shut id="cell-{}" tabindex="-1">{}{}</td>'
            return format_html(text, start, late, cell.key, cell.chip.row.pk, self.chip(cell.chip), menu)
        if cell.shut:
            text = '<td class="is-shut hatch {}" data-cell="{}" data-shut id="{}"><span>{}</span></td>'
            return format_html(text, start, cell.key, cell_id(cell.key), cell.shut)
        if cell.past:
            text = '<td class="is-past {}" data-cell="{}" data-shut id="{}">{}</td>'
            return format_html(text, start, cell.key, cell_id(cell.key), self.gone(cell))
        inside = self.target(cell) if self.picked else self.free(cell)
        text = '<td class="{}" data-cell="{}" id="{}">{}{}</td>'
        return format_html(text, start, cell.key, cell_id(cell.key), self.gone(cell), inside)

    def chip(self, chip: Chip) -> SafeString:
        """Department, post or the word of the gravest finding, and the state; leads to its menu."""
        url = f"{self.session_url}{chip.row.pk}/" if chip.foreign else f"{self.pick_url}{chip.row.pk}"
        return format_html(
            '<a class="board-chip {}{}" data-chip="{}" data-version="{}"{} href="{}"><b>{}</b><span>{}{}{}</span></a>',
            chip.css,
            " is-picked" if chip is self.picked else "",
            chip.row.pk,
            chip.row.version,
            NOTHING if chip.movable else SafeString(" data-fixed"),
            url if chip.foreign else f"{url}#cell-{chip.row.pk}",
            chip.department,
            self.icon(chip.icon) if chip.icon else "",
            chip.word,
            self._state(chip),
        )

    def _state(self, chip: Chip) -> SafeString:
        if chip.row.status == SessionStatus.PUBLISHED:
            return self.published
        return self.draft if chip.row.status == SessionStatus.DRAFT and not chip.findings else NOTHING

    def free(self, cell: Cell) -> SafeString:
        """The way to place somebody here."""
        return format_html(
            '<a class="board-free" href="{}{}" aria-label="{}">{}</a>',
            self.place_url,
            cell.key,
            self._label(cell, self.words["free"]),
            self.icon("plus-lg"),
        )

    def target(self, cell: Cell) -> SafeString:
        """A button that moves the picked chip here; those that the menu names carry words."""
        if cell.target not in self.words:
            return NOTHING
        word = self.words[cell.target]
        sign = self.icon("check-lg" if cell.target == "ok" else "exclamation-triangle")
        return format_html(
            '<button form="pick-form" class="board-target {}is-{}" name="cell" value="{}" aria-label="{}">{}</button>',
            "" if cell.named else "is-quiet ",
            cell.target,
            cell.key,
            self._label(cell, word),
            word if cell.named else sign,
        )

    def gone(self, cell: Cell) -> SafeString:
        """What was cancelled or missed here, struck through."""
        if cell.gone is None:
            return NOTHING
        row = cell.gone.row
        text = '<a class="board-gone" href="{}{}/"><s>{}</s><span>{}</span></a>'
        return format_html(text, self.session_url, row.pk, cell.gone.department, row.get_status_display())

    def _label(self, cell: Cell, word: str) -> str:
        return f"{cell.window.number} {self.when(cell.day, cell.half)}{self.colon}{word}"

    def phone(self, cell: Cell) -> SafeString:
        """The same as a line of the list by half-day, for phones."""
        chip = cell.chip or cell.gone
        if chip is None:
            return NOTHING
        marks = format_html_join(
            "",
            '<span class="light light-{}">{}{}</span>',
            ((_colour(one.blocks), self.icon(_sign(one.blocks)), one.short) for one in chip.findings),
        )
        return format_html(
            '<a class="work-row work-row-plain" href="{}{}/"><span><span class="row-title d-block">{} {}</span>'
            '<span class="row-meta">{}{}</span></span></a>',
            self.session_url,
            chip.row.pk,
            cell.window.number,
            chip.row.director,
            self.badge(chip.row.status),
            marks,
        )


def _colour(blocks: bool) -> str:
    return "red" if blocks else "yellow"


def _sign(blocks: bool) -> str:
    return "exclamation-octagon-fill" if blocks else "exclamation-triangle-fill"
