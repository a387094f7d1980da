"""The in-app inbox: what happened that this person should know. Outside channels only repeat it."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import clock
from core.words import long_date


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """A notice is its recipient's alone, whatever the role."""
        if not user.is_authenticated or user.pk is None:
            return self.none()
        return self.filter(recipient_id=user.pk)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def unread_of_person(self) -> Coalesce:
        """The figure on the bell as an expression on a query of people."""
        mine = self.unread().filter(recipient=OuterRef("pk")).order_by().values("recipient")
        return Coalesce(Subquery(mine.annotate(n=Count("pk")).values("n")), 0)

    def unread_count(self, user: AbstractBaseUser | AnonymousUser) -> int:
        """The figure on the bell: one query, none for an anonymous visitor."""
        return self.visible_to(user).unread().count()


class Notice(models.Model):
    """One line in one person's inbox. Written by `core.notices.notify` only.

    The title is kept as English msgid and parameters, so that each reader gets it in the language of the page.
    A notice that the clock sends has a key: the same person is told of the same subject at the same stage once.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices", verbose_name=_("recipient")
    )
    kind = models.CharField(_("kind"), max_length=40)
    msgid = models.CharField(_("title"), max_length=200)
    params = models.JSONField(_("parameters"), default=dict, blank=True)
    text = models.TextField(_("text"), blank=True)
    url = models.CharField(_("address"), max_length=300)
    created_at = models.DateTimeField(_("created at"), default=clock.now)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    once_key = models.CharField(max_length=100, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notice_inbox"),
            models.Index(fields=["recipient"], condition=models.Q(read_at=None), name="notice_unread"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "once_key"], condition=~models.Q(once_key=""), name="notice_once"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the language of the page."""
        try:
            return str(gettext(self.msgid) % self._words())
        except (KeyError, TypeError, ValueError):
            # A translation whose placeholders do not match must not take the whole inbox down.
            return self.msgid

    def _words(self) -> dict[str, Any]:
        """The parameters as this page writes them: a `day` with its `half` in the reader's language."""
        given = dict(self.params)
        if "day" in given:
            given["day"] = long_date(date.fromisoformat(given["day"]), given.get("half", ""))
        return given

    @property
    def is_read(self) -> bool:
        return self.read_at is not None
