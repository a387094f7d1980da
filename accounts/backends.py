"""Who signs in, and how the signed-in person is read on every request."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User


class PersonBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types
    """allauth's log-in. The person comes with the department, which the frame of every page names: one query."""

    def get_user(self, user_id: Any) -> User | None:
        person = User.objects.select_related("department").filter(pk=user_id).first()
        return person if person is not None and self.user_can_authenticate(person) else None
