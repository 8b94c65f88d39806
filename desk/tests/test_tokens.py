"""API tokens: who makes and revokes them, what is kept of the secret, and what the history says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from objects.models import ApiToken, ApiTokenUse, Customer, Role, RoleAssignment
from objects.selectors.tokens import list_tokens
from objects.services.tokens import count_request, create_token, digest_of, revoke_token
from tests.cast import client_of, get_customer, get_user

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def other_customer() -> Customer:
    customer: Customer = Customer.objects.exclude(pk=get_customer("0884").pk).earliest("pk")
    return customer


def make(by: str = "vimmerby", *, customer: Customer | None = None, days: int = 30) -> tuple[ApiToken, str]:
    day = TODAY() + timedelta(days=days)
    return create_token(
        by=get_user(by), customer=customer or get_customer("0884"), name="Ekonomisystem", expires_on=day
    )


def form(**values: str) -> dict[str, str]:
    day = TODAY() + timedelta(days=30)
    return {"name": "Raindance", "scopes": "invoices:read", "expires_on": day.isoformat(), **values}


def test_secret_is_kept_only_as_a_digest() -> None:
    token, secret = make()
    assert secret.startswith(token.prefix) and len(secret) > 40
    assert token.digest == digest_of(secret)
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text || e::text FROM objects_apitoken t JOIN objects_apitokenevent e ON e.id = t.id")
        assert secret not in cursor.fetchone()[0]


def test_history_names_who_made_and_who_revoked_and_use_adds_nothing() -> None:
    token: Any = make()[0]
    assert revoke_token(token, by=get_user("administrator"))
    assert not revoke_token(token, by=get_user("administrator"))
    count_request(token)
    events = token.events.order_by("pgh_id").values_list("pgh_label", "pgh_context__by")
    assert list(events) == [("insert", "vimmerby@demo.example"), ("update", "administrator@demo.example")]


def test_officer_makes_tokens_for_the_own_municipality_only() -> None:
    with pytest.raises(PermissionDenied):
        make(customer=other_customer())
    token, _secret = make("administrator", customer=other_customer())
    with pytest.raises(PermissionDenied):
        revoke_token(token, by=get_user("vimmerby"))


@pytest.mark.parametrize("name", ["ekonom", "revisor", "direktion", "objektagare", "utan.roll"])
def test_nobody_else_makes_tokens(name: str) -> None:
    with pytest.raises(PermissionDenied):
        make(name)


def test_officer_who_also_has_a_federation_role_still_serves_only_the_own_municipality() -> None:
    RoleAssignment.objects.create(user=get_user("vimmerby"), role=Role.BOARD)
    with pytest.raises(PermissionDenied):
        make(customer=other_customer())
    make("administrator", customer=other_customer())
    assert not list_tokens(get_user("vimmerby")).exists()


@pytest.mark.parametrize("days", [-1, 366])
def test_last_day_is_within_a_year(days: int) -> None:
    with pytest.raises(ValidationError, match=str((TODAY() + timedelta(days=365)).year)):
        make(days=days)


def test_tokens_are_seen_by_those_they_concern() -> None:
    token, _secret = make()
    make("administrator", customer=other_customer())
    seen = {name: list_tokens(get_user(name)).count() for name in ("vimmerby", "administrator", "ekonom", "revisor", "direktion", "utan.roll")}  # fmt: skip
    assert seen == {"vimmerby": 1, "administrator": 2, "ekonom": 2, "revisor": 2, "direktion": 0, "utan.roll": 0}
    assert list_tokens(get_user("vimmerby")).get() == token


def test_states_follow_the_days() -> None:
    states = [make(days=days)[0].state for days in (0, 30, 31, 365)]
    assert states == ["expiring", "expiring", "active", "active"]
    token, _secret = make()
    ApiToken.objects.filter(pk=token.pk).update(expires_on=TODAY() - timedelta(days=1))
    token.refresh_from_db()
    assert token.state == "expired"
    revoke_token(token, by=get_user("vimmerby"))
    token.refresh_from_db()
    assert token.state == "revoked"


def test_token_whose_maker_has_left_is_shown_as_ended() -> None:
    make()
    make("administrator")
    ended = "avslutad med skaparens konto eller roll"
    assert ended not in client_of("administrator").get("/api-access/").content.decode().lower()
    RoleAssignment.objects.filter(user=get_user("vimmerby")).delete()
    assert client_of("administrator").get("/api-access/").content.decode().lower().count(ended) == 1


def test_database_refuses_a_revocation_by_nobody() -> None:
    token, _secret = make()
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.filter(pk=token.pk).update(revoked_at=timezone.now())


def test_use_is_counted_by_the_minute_and_kept_to_the_hour() -> None:
    token, _secret = make()
    assert [count_request(token)[0] for _ in range(3)] == [1, 2, 3]
    use = ApiTokenUse.objects.get(token=token)
    earlier = timezone.now() - timedelta(minutes=50)
    ApiTokenUse.objects.filter(pk=use.pk).update(last_used_at=earlier, minute_started_at=earlier)
    assert count_request(token)[0] == 1
    use.refresh_from_db()
    assert use.last_used_at == earlier


def test_page_shows_the_secret_once() -> None:
    client = client_of("vimmerby")
    page = client.post("/api-access/new/", form(customer=str(get_customer("0884").pk)))
    token = ApiToken.objects.get(name="Raindance")
    text = page.content.decode()
    assert page.status_code == 200 and "no-store" in page["Cache-Control"]
    assert f'value="{token.prefix}' in text and "curl" in text
    assert "itsam_" + text.split('value="itsam_')[1][:43] not in client.get("/api-access/").content.decode()
    assert token.prefix in client.get("/api-access/").content.decode()


def test_form_keeps_what_was_typed_and_says_what_to_write() -> None:
    client = client_of("vimmerby")
    page = client.post(
        "/api-access/new/", form(customer=str(other_customer().pk), name="Behålls", expires_on="2020-01-01")
    )
    assert page.status_code == 422 and "Behålls" in page.content.decode()
    assert set(page.context["form"].errors) == {"customer", "expires_on"}
    assert not ApiToken.objects.exists()


def test_revoking_asks_first() -> None:
    token, _secret = make()
    client = client_of("vimmerby")
    address = f"/api-access/{token.uuid}/revoke/"
    assert token.name in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    token.refresh_from_db()
    assert token.revoked_by == get_user("vimmerby")


def test_revoking_anothers_token_finds_nothing() -> None:
    token, _secret = make("administrator", customer=other_customer())
    assert client_of("vimmerby").post(f"/api-access/{token.uuid}/revoke/").status_code == 404
    assert client_of("ekonom").post(f"/api-access/{token.uuid}/revoke/").status_code == 403


def test_pages_are_closed_to_others() -> None:
    assert {name: client_of(name).get("/api-access/").status_code for name in ("vimmerby", "administrator", "ekonom", "revisor", "direktion", "utan.roll")} == {
        "vimmerby": 200, "administrator": 200, "ekonom": 200, "revisor": 200, "direktion": 403, "utan.roll": 403,
    }  # fmt: skip
    assert client_of("ekonom").get("/api-access/new/").status_code == 403
    assert Client().get("/api-access/").status_code == 302
    assert Client().get("/api-access/reference/").status_code == 200


def test_list_costs_the_same_however_many_tokens() -> None:
    client = client_of("vimmerby")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            client.get("/api-access/")
        return len(caught)

    make()
    first = queries()
    for _ in range(5):
        make()
    assert queries() == first
