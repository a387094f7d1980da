"""Who signs in, and how the signed-in person is read on every request."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User
from core.models import Notice


class PersonBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types
    """allauth's log-in. The person comes with what the frame of every page shows, in one query: department, notices."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Active, and not switched off: asked at the sign-in and at every request after it."""
        return bool(super().user_can_authenticate(user)) and user.disabled_at is None

    def get_user(self, user_id: Any) -> User | None:
        people = User.objects.select_related("department").annotate(unread_notices=Notice.objects.unread_of_person())
        person = people.filter(pk=user_id).first()
        return person if person is not None and self.user_can_authenticate(person) else None
