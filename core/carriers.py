"""How a message leaves the house: e-mail, or bots of a group chat (WeCom, DingTalk, Feishu) where they are set up.

Both raise OSError (SMTPException is one) when the message did not go out.
"""

import hashlib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string

from core.outbox_models import OutgoingMessage


class NotDelivered(OSError):
    """The group chat's server refused the message or did not answer."""


def send_by_mail(message: OutgoingMessage, address: str) -> None:
    """One mail. A repeat carries the same Message-ID, by which mail servers recognise it."""
    sender = settings.DEFAULT_FROM_EMAIL
    name = hashlib.sha256(message.key.encode()).hexdigest()[:32]
    host = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    headers = {"Message-ID": f"<{name}@{host}>", "Auto-Submitted": "auto-generated"}
    EmailMessage(message.subject, message.body, sender, [address], headers=headers).send()


def send_to_group(message: OutgoingMessage) -> None:
    """One message to every bot named in NOTIFY_URLS, by the extra `notify`."""
    bots = import_string("apprise.Apprise")()
    bots.add(settings.NOTIFY_URLS)
    if not bots.notify(title=message.subject, body=message.body):
        raise NotDelivered("the group chat did not take the message")
