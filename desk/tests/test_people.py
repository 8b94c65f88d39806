"""Users and roles: invited by mail, closed and opened, and never without an administrator."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from accounts.models import Invitation, User
from desk.people.words import list_place_rows, list_rules
from objects.models import GovernanceObject, Municipality, Role, RoleAssignment
from objects.models.roles import OBJECT_ROLES
from objects.services.people import (
    close_person,
    give_role,
    invite_person,
    open_person,
    resend_invitation,
    take_role,
    withdraw_invitation,
)
from records.models import OutboxMessage
from tests.cast import (
    ADMINISTRATOR,
    AUDITOR,
    ECONOMIST,
    OFFICER,
    OUTSIDER,
    OWN,
    OWNER,
    PEOPLE,
    client_of,
    count_queries,
    get_page,
    get_sub_budget,
    get_user,
)

pytestmark = pytest.mark.django_db
PASSWORD = "en-lang-och-ny-mening-47"


def invite(**given: Any) -> User:
    usual = {"email": "Ny@Example.se", "name": "Nya Ägare", "language": "sv", "role": "object_owner"}
    owned = GovernanceObject.objects.get(slug=OWN)
    return invite_person(**{**usual, "governance_object": owned, "by": get_user(ADMINISTRATOR), **given})


def link() -> str:
    body = OutboxMessage.objects.latest("pk").body
    found = re.search(r"https?://[^/\s]+(/\S+)", body)
    assert found is not None
    return found.group(1)


def choose_password(address: str) -> Any:
    client = Client()
    page = client.get(address, follow=True)
    if not page.redirect_chain:
        return page
    return client.post(page.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD})


def test_invited_owner_chooses_a_password_by_the_mailed_link_and_opens_the_grid() -> None:
    person = invite()
    assert person.email == "ny@example.se" and OutboxMessage.objects.latest("pk").recipient == person
    chosen = choose_password(link())
    client = Client()
    assert 'href="/account/login/"' in client.get(chosen["Location"]).content.decode()
    assert client.login(email="ny@example.se", password=PASSWORD)
    assert client.get(f"/budgets/budget-2027/sub-budgets/{OWN}/").status_code == 200


def test_new_invitation_and_withdrawal_end_the_link_before() -> None:
    person = invite()
    first = link()
    resend_invitation(person, by=get_user(ADMINISTRATOR))
    assert link() != first
    choose_password(first)
    person.refresh_from_db()
    assert not person.has_usable_password()
    second = link()
    withdraw_invitation(person, by=get_user(ADMINISTRATOR))
    choose_password(second)
    person.refresh_from_db()
    assert not person.has_usable_password()
    assert "invitation withdrawn" in get_page(ADMINISTRATOR, f"/people/{person.uuid}/").content.decode().lower()


def test_invitation_that_has_ended_says_so() -> None:
    person = invite()
    Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert "has ended" in get_page(ECONOMIST, f"/people/{person.uuid}/").content.decode()


def test_who_signs_in_already_is_not_invited_again() -> None:
    with pytest.raises(ValidationError):
        resend_invitation(get_user(OWNER), by=get_user(ADMINISTRATOR))
    with override("en"), pytest.raises(ValidationError) as refused:
        invite(email=get_user(OWNER).email.upper())
    assert "give the role there" in refused.value.message_dict["email"][0]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"governance_object": None}, "governance_object"),
        ({"role": "economist"}, "governance_object"),
        ({"role": "municipality_officer", "governance_object": None}, "municipality"),
        ({"email": "x"}, "email"),
        ({"name": ""}, "name"),
    ],
)
def test_what_can_not_be_of_an_invitation_is_said_at_its_field(given: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        invite(**given)
    assert field in refused.value.message_dict
    assert not User.objects.filter(email="ny@example.se").exists()


def test_last_administrator_is_neither_closed_nor_loses_the_role() -> None:
    last = get_user(ADMINISTRATOR)
    role = RoleAssignment.objects.get(user=last)
    acts: list[Callable[[], object]] = [lambda: close_person(last, by=last), lambda: take_role(role, by=last)]
    for act in acts:
        with pytest.raises(ValidationError):
            act()
    assert get_user(ADMINISTRATOR).is_active and RoleAssignment.objects.filter(user=last).exists()
    give_role(get_user(ECONOMIST), role="administrator", by=last)
    assert get_user(ECONOMIST).is_staff
    take_role(RoleAssignment.objects.get(user=last), by=last)
    assert not get_user(ADMINISTRATOR).is_staff


def test_closed_user_can_not_sign_in_until_opened() -> None:
    person, administrator = get_user(OWNER), get_user(ADMINISTRATOR)
    client = client_of(OWNER)
    close_person(person, by=administrator)
    assert client.get("/").status_code == 302
    open_person(person, by=administrator)
    assert client_of(OWNER).get("/").status_code == 200


def test_role_is_not_given_twice() -> None:
    officer, vimmerby = get_user(OFFICER), Municipality.objects.get(code="0884")
    with pytest.raises(ValidationError):
        give_role(officer, role="municipality_officer", municipality=vimmerby, by=get_user(ADMINISTRATOR))


@pytest.mark.parametrize("role", [role for role in Role if role not in OBJECT_ROLES])
def test_economist_invites_to_the_roles_of_an_object_and_to_no_other(role: Role) -> None:
    economist = get_user(ECONOMIST)
    with pytest.raises(PermissionDenied):
        invite(by=economist, role=role.value, governance_object=None)
    person = invite(by=economist)
    assert [row.role for row in person.role_assignments.all()] == [Role.OBJECT_OWNER]
    withdraw_invitation(person, by=economist)
    resend_invitation(person, by=economist)
    give_role(person, role="auditor", by=get_user(ADMINISTRATOR))
    for act in (withdraw_invitation, resend_invitation):
        with pytest.raises(PermissionDenied):
            act(person, by=economist)


def test_economist_invites_in_the_pages_without_seeing_other_roles() -> None:
    client = client_of(ECONOMIST)
    form = client.get("/people/invite/").content.decode()
    assert 'value="object_owner"' in form and 'value="administrator"' not in form
    typed = {"name": "Nya Ägare", "email": "ny@example.se", "language": "sv", "governance_object": OWN}
    assert client.post("/people/invite/", {**typed, "role": "administrator"}).status_code == 422
    assert client.post("/people/invite/", {**typed, "role": "object_owner"}).status_code == 302
    person = User.objects.get(email="ny@example.se")
    page = client.get(f"/people/{person.uuid}/").content.decode()
    assert f"/people/{person.uuid}/resend/" in page and f"/people/{person.uuid}/close/" not in page
    assert client.post(f"/people/{person.uuid}/withdraw/").status_code == 302
    assert client.post(f"/people/{person.uuid}/close/").status_code == 403


@pytest.mark.parametrize("who", sorted(set(PEOPLE) - {ADMINISTRATOR}))
def test_only_the_administrator_looks_after_users(who: str) -> None:
    by, person = get_user(who), get_user(OUTSIDER)
    acts = (
        lambda: invite(by=by, role="board", governance_object=None),
        lambda: give_role(person, role="administrator", by=by),
        lambda: close_person(person, by=by),
        lambda: open_person(person, by=by),
        lambda: take_role(RoleAssignment.objects.earliest("pk"), by=by),
    )
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()


@pytest.mark.parametrize(
    ("who", "reads"), [(ADMINISTRATOR, True), (ECONOMIST, True), (AUDITOR, True), (OWNER, False), (OFFICER, False), (OUTSIDER, False)]
)  # fmt: skip
def test_register_is_for_those_who_may_see_users(who: str, reads: bool) -> None:
    client, person = client_of(who), get_user(OWNER)
    for address in ("/people/", f"/people/{person.uuid}/"):
        assert client.get(address).status_code == (200 if reads else 403)
    assert client.get("/people/invite/").status_code == (200 if who in (ADMINISTRATOR, ECONOMIST) else 403)
    assert client.post(f"/people/{person.uuid}/close/").status_code == (302 if who == ADMINISTRATOR else 403)


def test_what_a_user_may_follows_from_the_rules() -> None:
    places = [get_sub_budget()]
    (own,) = list_place_rows(get_user(OWNER), places)
    assert own.edits and own.proposes and own.steps
    assert not list_place_rows(get_user(AUDITOR), places)
    assert not any(may for _label, may in list_rules(get_user(OUTSIDER)))
    closed = get_user(OWNER)
    closed.is_active = False
    assert not list_place_rows(closed, places)


def test_list_asks_as_many_questions_for_one_user_as_for_all() -> None:
    client = client_of(ADMINISTRATOR)
    assert count_queries(client, "/people/", q="Olivia") == count_queries(client, "/people/")


def test_administrator_invites_in_the_pages() -> None:
    typed = {"name": "Nya Ägare", "email": "ny@example.se", "language": "sv", "role": "object_owner"}
    client = client_of(ADMINISTRATOR)
    assert client.post("/people/invite/", typed).status_code == 422
    assert client.post("/people/invite/", {**typed, "governance_object": OWN}).status_code == 302
    person = User.objects.get(email="ny@example.se")
    assert "Nya Ägare" in get_page(ECONOMIST, "/people/").content.decode()
    role = person.role_assignments.get()
    assert client.post(f"/people/{person.uuid}/roles/{role.uuid}/take/").status_code == 302
    assert not person.role_assignments.exists()
