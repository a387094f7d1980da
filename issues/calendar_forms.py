"""What is asked for an announcement of working days: a table or typed lines."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.calendar_services import CalendarRow, check_calendar
from core.forms import TextField
from issues import announcements

MAX_BYTES = 2 * 1024 * 1024


class AnnouncementForm(forms.Form):
    """A file or lines; `rows` are its days once it is valid."""

    table = forms.FileField(
        label=_("Table with the days"),
        required=False,
        help_text=_("xlsx, xls or csv with the columns 日期, 是否工作日 and 说明."),
        widget=forms.FileInput({"accept": ".xlsx,.xls,.et,.csv"}),
    )
    lines = TextField(
        label=_("Or the announcement in lines"),
        required=False,
        max_length=40_000,
        help_text=_("For example 2027-02-05 至 2027-02-11 休 春节, and 2027-02-20 班 for a make-up day."),
        widget=forms.Textarea({"rows": 6}),
    )

    rows: list[CalendarRow]

    def clean_table(self) -> Any:
        """Raises ValidationError for a file that is no calendar."""
        table = self.cleaned_data["table"]
        if table and table.size > MAX_BYTES:
            raise ValidationError(_("The file is larger than 2 MB. A calendar is much smaller; please check it."))
        self.rows = announcements.from_table(table.name, table.read()) if table else []
        return table

    def clean_lines(self) -> str:
        """Raises ValidationError for a line that is not understood."""
        lines: str = self.cleaned_data["lines"]
        if lines and not self.cleaned_data.get("table"):
            self.rows = announcements.from_lines(lines)
        return lines

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            if not cleaned.get("table") and not cleaned.get("lines"):
                raise ValidationError(_("Please choose a file or type the announcement."), code="empty")
            check_calendar(self.rows)
        return cleaned
