"""Forms about users."""

from typing import TYPE_CHECKING

from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth.forms import AdminUserCreationForm

from accounts.models import User, clean_address

if TYPE_CHECKING:
    UserForm = forms.ModelForm[User]
    AddUserForm = AdminUserCreationForm[User]
else:
    UserForm, AddUserForm = forms.ModelForm, AdminUserCreationForm


class SignInForm(LoginForm):
    """The library's form, with the address as the name that browsers keep."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ProfileForm(UserForm):
    """What people may change about themselves."""

    class Meta:
        """The fields."""

        model = User
        fields = ["name", "language"]


class NewUserForm(AddUserForm):
    """A new user in the administration."""

    class Meta:
        """The fields."""

        model = User
        fields = ["email", "name"]

    def clean_email(self) -> str:
        """Return the address as it is stored."""
        return clean_address(self.cleaned_data["email"])
