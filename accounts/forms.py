"""What a person may change about the own account."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class AddressForm(forms.ModelForm[User]):
    """Where the own e-mail goes."""

    class Meta:
        model = User
        fields = ("email",)
        labels = {"email": _("E-mail address")}
        help_texts = {"email": _("Your work address. Empty: no e-mail; the inbox has everything.")}
