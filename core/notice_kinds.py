"""The kinds of notices that the table "who gets what" switches: whom each may concern, and what holds by default."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.doors import Text


class Channel(TextChoices):
    INBOX = "inbox", _("Inbox")
    MAIL = "mail", _("E-mail")
    GROUP = "group", _("Group chat")


INBOX, MAIL, GROUP = Channel.INBOX.value, Channel.MAIL.value, Channel.GROUP.value
EVERYBODY = "everybody"
"""Stands where other kinds name a role: a group chat has members, not roles."""

ADMINISTRATOR, GUIDE, DIRECTOR = "hall_administrator", "guide", "director"
LIAISON, OFFICER, OFFICE = "liaison", "experience_officer", "reform_office"


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the table.

    `acts` are the notices that services send under this kind; the inbox always has them. A kind without acts is sent
    by the clock, so its inbox can be switched too. `mailed` are the roles whose e-mail is on by default.
    """

    name: str
    label: Text
    text: Text
    roles: tuple[str, ...]
    acts: tuple[str, ...] = ()
    mailed: tuple[str, ...] = ()
    channels: tuple[str, ...] = (INBOX, MAIL)

    def may_switch(self, channel: str) -> bool:
        """Whether the table can turn this channel on and off."""
        return channel in self.channels and not (self.acts and channel == INBOX)

    def default(self, role: str, channel: str) -> bool:
        """What holds until somebody changes it. A group chat is told nothing unless somebody wants it."""
        if role not in self.roles or channel not in self.channels:
            return False
        return channel == INBOX or (channel == MAIL and role in self.mailed)


_HANDS = ("assign", "transfer", "rule_transfer", "add_task", "return_for_rework", "reopen", "decide_extension")
_DESK = ("register", "send_back", "request_extension", "submit_rectification", "verify")
_SITTERS = (DIRECTOR, OFFICER)
_STAFF = (LIAISON, DIRECTOR, ADMINISTRATOR, GUIDE, OFFICER, OFFICE)

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "digest", _("Morning digest"), _("Once a working morning: all that waits for the person."), _STAFF,
            mailed=_STAFF,
        ),
        Kind(
            "assigned", _("Assigned, transferred, sent back"), _("An issue or a task comes to the department."),
            (LIAISON, DIRECTOR), acts=tuple(f"issue.{act}" for act in _HANDS),
        ),
        Kind(
            "supervised", _("Reminders and supervision notices"), _("The reform office asks, or gets an answer."),
            (LIAISON, DIRECTOR, OFFICE), acts=("issue.remind", "issue.supervise", "issue.answer_supervision"),
            mailed=(LIAISON, DIRECTOR),
        ),
        Kind(
            "desk", _("On the reform office's desk"), _("An issue is registered, handed in, or asks for a decision."),
            (OFFICE,), acts=tuple(f"issue.{act}" for act in _DESK),
        ),
        Kind(
            "progress", _("Other progress"), _("Comments, meetings, closing out, and what else happens to an issue."),
            _STAFF, acts=("issue.",),
        ),
        Kind(
            "sitting", _("Own sittings and rosters"), _("A sitting is planned, moved, cancelled or published."),
            (*_SITTERS, ADMINISTRATOR), acts=("session", "roster"), mailed=_SITTERS,
        ),
        Kind(
            "names", _("Names asked for"), _("A department is asked who sits in a week."), (LIAISON, DIRECTOR),
            acts=("session.ask_names",), mailed=(LIAISON,),
        ),
        Kind(
            "due_soon", _("Due soon"), _("A limit has a fifth or one working day left."), (LIAISON, OFFICE),
        ),
        Kind(
            "overdue", _("Overdue"), _("A limit has passed."), (LIAISON, DIRECTOR, OFFICE),
        ),
        Kind(
            "unanswered", _("Supervision not answered"), _("The day for the answer has passed."),
            (LIAISON, DIRECTOR, OFFICE),
        ),
        Kind(
            "unconfirmed", _("Sitting not confirmed"), _("Names are due and the sitting is still a draft."),
            (DIRECTOR, OFFICER, LIAISON, ADMINISTRATOR),
        ),
        Kind(
            "feedback_due", _("Feedback to be filled in"), _("A sitting is over and its form is still open."), _SITTERS,
        ),
        Kind(
            "look_back_due", _("Look-back due"), _("The day of a look-back has come."), (OFFICE,),
        ),
        Kind(
            "figures", _("Morning figures to the group chat"), _("Counts only: overdue, to verify, sittings."),
            (EVERYBODY,), channels=(GROUP,),
        ),
    )
}  # fmt: skip


def kind_of(act: str) -> str:
    """The kind a service's notice belongs to: the longest match of its acts; "progress" for what nobody names."""
    if act in KINDS:
        return act
    fitting = [(len(one), kind.name) for kind in KINDS.values() for one in kind.acts if act.startswith(one)]
    return max(fitting, default=(0, "progress"))[1]
