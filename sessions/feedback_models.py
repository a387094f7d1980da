"""The feedback form: versioned template, questions, answers."""

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sessions.choices import AnswerKind, Requirement
from sessions.session_models import WindowSession


class FeedbackTemplate(models.Model):
    """One version of the form; a session keeps the version it was opened with."""

    version = models.PositiveIntegerField(_("version"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["-version"]

    def __str__(self) -> str:
        return self.name


class FeedbackQuestion(models.Model):
    """One question. `options` are labels, columns, or a range `a-b`, by kind."""

    template = models.ForeignKey(FeedbackTemplate, models.PROTECT, related_name="questions")
    code = models.CharField(_("question"), max_length=20)
    number = models.PositiveSmallIntegerField(_("order"))
    section = models.CharField(_("part"), max_length=50)
    kind = models.CharField(_("kind"), max_length=20, choices=AnswerKind.choices)
    text = models.CharField(_("question"), max_length=300)
    text_en = models.CharField(_("question in English"), max_length=300, blank=True)
    requirement = models.CharField(_("required"), max_length=20, choices=Requirement.choices)
    options = models.JSONField(_("options"), default=list)
    minimum = models.PositiveIntegerField(null=True, blank=True)
    maximum = models.PositiveIntegerField(null=True, blank=True)
    help = models.CharField(_("help"), max_length=300, blank=True)
    audience = models.JSONField(_("for whom"), default=list)

    class Meta:
        ordering = ["template", "number"]
        constraints = [models.UniqueConstraint(fields=["template", "code"], name="question_once_per_template")]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"

    @property
    def label(self) -> str:
        """The question in the reader's language."""
        english = (get_language() or "").startswith("en")
        return self.text_en if english and self.text_en else self.text


class Feedback(models.Model):
    """The answers of one session: `{question code: answer}`. An unanswered question has no key."""

    window_session = models.OneToOneField(WindowSession, models.PROTECT, related_name="feedback")
    template = models.ForeignKey(FeedbackTemplate, models.PROTECT, related_name="+")
    answers: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        default=dict, encoder=DjangoJSONEncoder
    )
    saved_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    returned_reason = models.CharField(_("why it was returned"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
