"""Users: one address is one user, and people see themselves only."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.selectors import find_by_email, get_user, visible_to
from accounts.services import choose_language, create_user, update_profile

pytestmark = pytest.mark.django_db


def test_an_address_is_one_user_in_any_case() -> None:
    user = create_user(email=" Owner@Example.org ", name="Object owner")
    assert user.email == "owner@example.org"
    assert find_by_email("OWNER@example.ORG") == user
    assert get_user(user.uuid) == user
    with pytest.raises(ValidationError):
        create_user(email="owner@EXAMPLE.org", name="Another")
    with pytest.raises(IntegrityError):
        User.objects.bulk_create([User(email="OWNER@example.org", name="Another")])


def test_a_user_without_a_password_cannot_sign_in_with_one() -> None:
    assert not create_user(email="a@example.org", name="A").has_usable_password()


def test_administrators_see_everyone_and_others_themselves() -> None:
    administrator = create_user(email="admin@example.org", name="Administrator", is_staff=True)
    owner = create_user(email="owner@example.org", name="Object owner")
    former = create_user(email="former@example.org", name="Former", is_active=False, is_staff=True)
    assert set(visible_to(administrator)) == set(User.objects.all()) >= {administrator, owner, former}
    assert set(visible_to(owner)) == {owner}
    assert not visible_to(former).exists()
    assert not visible_to(AnonymousUser()).exists()


def test_people_change_their_own_name_and_language() -> None:
    user = create_user(email="a@example.org", name="A")
    update_profile(user, name="Anna", language="en")
    user.refresh_from_db()
    assert (user.name, user.language) == ("Anna", "en")
    with pytest.raises(ValidationError):
        choose_language(user, language="de")
    with pytest.raises(ValidationError):
        update_profile(user, name="", language="sv")


def test_the_chosen_language_is_remembered_with_the_user(client: Client) -> None:
    user = create_user(email="a@example.org", name="A")
    client.force_login(user)
    client.post(reverse("set_language"), {"language": "en", "next": "/"})
    user.refresh_from_db()
    assert user.language == "en"
    assert '<html lang="en">' in client.get(reverse("account_profile")).content.decode()
