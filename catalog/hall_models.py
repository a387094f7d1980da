"""Places: hall, zone, window."""

from datetime import time

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import Department
from catalog import weekly
from catalog.choices import Half, WindowKind


class Hall(models.Model):
    """A service hall or branch. Half-days are AM and PM with this hall's hours."""

    code = models.CharField(_("hall code"), max_length=20, unique=True)
    name = models.CharField(_("hall name"), max_length=100)
    address = models.CharField(_("street address"), max_length=200, blank=True)
    km_from_main = models.DecimalField(_("kilometres from the main hall"), max_digits=6, decimal_places=1, default=0)
    open_hours = models.CharField(_("opening hours"), max_length=200, blank=True)
    am_opens = models.TimeField(_("morning from"), default=time(8, 30))
    am_closes = models.TimeField(_("morning until"), default=time(12, 0))
    pm_opens = models.TimeField(_("afternoon from"), default=time(14, 0))
    pm_closes = models.TimeField(_("afternoon until"), default=time(17, 30))
    closed_weekly = models.JSONField(_("closed every week"), default=list, blank=True, validators=[weekly.valid])
    version = models.PositiveIntegerField(default=0, editable=False)
    history = HistoricalRecords()

    class Meta:
        ordering = ["code"]
        verbose_name = _("hall")

    def __str__(self) -> str:
        return self.name

    def hours(self, half: str) -> tuple[time, time]:
        """Opening and closing time of a half-day."""
        if half == Half.AM:
            return self.am_opens, self.am_closes
        return self.pm_opens, self.pm_closes

    @property
    def closed_words(self) -> list[str]:
        """The half-days on which it is closed every week, in words."""
        return weekly.words(self.closed_weekly)


class HallClosure(models.Model):
    """A day or half-day on which a hall is closed although it is a working day."""

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="closures")
    date = models.DateField(_("date"))
    half = models.CharField(_("half-day"), max_length=2, choices=Half.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=200)
    history = HistoricalRecords()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hall", "date", "half"], name="hall_closure_once")]


class Zone(models.Model):
    """A service area of a hall, such as 法人服务区."""

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="zones")
    name = models.CharField(_("zone"), max_length=50)
    sort_order = models.PositiveIntegerField(_("order"), default=0)
    history = HistoricalRecords()

    class Meta:
        ordering = ["hall__code", "sort_order", "name"]
        constraints = [models.UniqueConstraint(fields=["hall", "name"], name="zone_once_per_hall")]

    def __str__(self) -> str:
        return self.name


class Window(models.Model):
    """A window (窗口). Its number is unique within its hall, not over all halls.

    `department` is empty for an integrated window, which belongs to nobody.
    """

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="windows", verbose_name=_("hall"))
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="windows", verbose_name=_("zone"))
    floor = models.CharField(_("floor"), max_length=10, blank=True)
    number = models.CharField(_("window number"), max_length=20)
    name = models.CharField(_("window name"), max_length=100)
    kind = models.CharField(_("kind of window"), max_length=30, choices=WindowKind.choices)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="windows", verbose_name=_("department")
    )
    serves = models.ManyToManyField(Department, related_name="served_at", blank=True, verbose_name=_("serves"))
    is_desk = models.BooleanField(_("may be used as experience window"), default=False)
    desk_am = models.BooleanField(_("mornings"), default=False)
    desk_pm = models.BooleanField(_("afternoons"), default=False)
    active = models.BooleanField(_("in use"), default=True)
    note = models.CharField(_("remark"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    history = HistoricalRecords()

    class Meta:
        ordering = ["hall__code", "zone__sort_order", "number"]
        verbose_name = _("window")
        constraints = [
            models.UniqueConstraint(fields=["hall", "number"], name="window_number_once_per_hall"),
            models.CheckConstraint(
                condition=Q(is_desk=True) | Q(desk_am=False, desk_pm=False), name="window_halves_only_for_desks"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def opens(self, half: str) -> bool:
        """May serve as an experience window in this half-day of the week."""
        return self.active and self.is_desk and (self.desk_am if half == Half.AM else self.desk_pm)
