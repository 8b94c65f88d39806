"""The API of invoices: what a customer's system gets, and every way in which it may ask wrongly."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from budgets.models import BudgetProduct
from invoices.models import BillingRun, Invoice, InvoiceLine
from objects.models import ApiToken, RoleAssignment
from objects.services.tokens import create_token, revoke_token
from tests.cast import client_of, get_budget, get_customer, get_user
from web.api import ApiView

pytestmark = pytest.mark.django_db
LIST = "/api/v1/invoices"
OTHER = "0512"


def make_token(code: str = "0884") -> tuple[ApiToken, str]:
    by = get_user("administrator")
    day = timezone.localdate() + timedelta(days=30)
    return create_token(by=by, customer=get_customer(code), name="Test", expires_on=day)


def bill(months: range = range(1, 4), codes: tuple[str, ...] = ("0884", OTHER)) -> None:
    """Invoices with two lines each, numbered on; amounts tell month and customer apart."""
    budget = get_budget("budget-2026")
    products = list(BudgetProduct.objects.filter(budget=budget).order_by("pk")[:2])
    by = get_user("ekonom")
    count = Invoice.objects.count()
    for month in months:
        run = BillingRun.objects.create(budget=budget, month=month, started_by=by, seller_name="Itsam", seller_organisation_number="222000-0000")  # fmt: skip
        for code in codes:
            count += 1
            customer = get_customer(code)
            net = (month * 100_000 + int(code), 50)
            vat = sum((ore * 25 * 2 + 100) // 200 for ore in net)
            invoice = Invoice.objects.create(
                billing_run=run, customer=customer, customer_name=customer.name, number=f"2026-{count:04d}", invoice_on=date(2026, month, 1),
                due_on=date(2026, month, 28), net_ore=sum(net), vat_ore=vat,
            )  # fmt: skip
            for position, (product, ore) in enumerate(zip(products, net, strict=True), start=1):
                InvoiceLine.objects.create(invoice=invoice, budget_product=product, position=position, text=product.name, category=product.category, net_ore=ore, vat_percent=25)  # fmt: skip


def ask(address: str = LIST, secret: str | None = None, method: str = "get", **headers: str) -> Any:
    if secret is not None:
        headers = {"Authorization": f"Bearer {secret}", **headers}
    return getattr(Client(raise_request_exception=False), method)(address, headers={"Accept-Language": "en", **headers})


def problem_of(response: Any, status: int) -> dict[str, Any]:
    """The problem, once it is known to be a whole one."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = json.loads(response.content)
    assert set(body) >= {"type", "title", "status", "detail", "instance"} and body["status"] == status
    assert all(body[name] for name in ("type", "title", "detail", "instance"))
    return body


@pytest.fixture
def secret() -> str:
    return make_token()[1]


def test_list_gives_the_customers_own_invoices_newest_first(secret: str) -> None:
    bill()
    body = ask(secret=secret).json()
    assert [row["month"] for row in body["invoices"]] == [3, 2, 1]
    assert {row["customerName"] for row in body["invoices"]} == {get_customer("0884").name}
    assert (body["page"], body["limit"], body["pageCount"], body["totalCount"]) == (1, 20, 1, 3)


def test_amounts_are_decimal_strings_and_moments_in_utc(secret: str) -> None:
    bill(range(1, 2))
    row = ask(secret=secret).json()["invoices"][0]
    assert (row["netAmount"], row["vatAmount"], row["totalAmount"]) == ("1009.34", "252.34", "1261.68")
    assert row["createdAt"].endswith("Z") and row["invoiceDate"] == "2026-01-01"


def test_invoice_has_its_lines_and_they_add_up(secret: str) -> None:
    bill(range(1, 2))
    row = ask(secret=secret).json()["invoices"][0]
    whole = ask(f"{LIST}/{row['id']}", secret).json()
    assert {name: whole[name] for name in row} == row
    assert [line["netAmount"] for line in whole["lines"]] == ["1008.84", "0.50"]


def test_two_members_never_see_each_others_anything() -> None:
    bill()
    seen: dict[str, set[str]] = {}
    tokens = {code: make_token(code)[1] for code in ("0884", OTHER)}
    for code, secret in tokens.items():
        body = ask(f"{LIST}?limit=200", secret)
        seen[code] = {row["id"] for row in body.json()["invoices"]}
        assert get_customer(OTHER if code == "0884" else "0884").name not in body.content.decode()
    assert len(seen["0884"]) == 3 and not seen["0884"] & seen[OTHER]
    for code, other in (("0884", OTHER), (OTHER, "0884")):
        found = {ask(f"{LIST}/{invoice}", tokens[code]).status_code for invoice in seen[other]}
        assert found == {404}


def test_anothers_invoice_answers_exactly_as_one_that_does_not_exist(secret: str) -> None:
    bill()
    other = Invoice.objects.filter(customer=get_customer(OTHER)).earliest("pk").uuid
    texts = []
    for invoice in (other, uuid.uuid4()):
        body = problem_of(ask(f"{LIST}/{invoice}", secret), 404)
        texts.append({name: value for name, value in body.items() if name != "instance"})
    assert texts[0] == texts[1]


def test_pages_follow_each_other_without_overlap(secret: str) -> None:
    bill(range(1, 8))
    pages = [
        [row["month"] for row in ask(f"{LIST}?limit=3&page={page}", secret).json()["invoices"]] for page in (1, 2, 3)
    ]
    assert pages == [[7, 6, 5], [4, 3, 2], [1]]


def test_page_beyond_the_end_says_which_there_are(secret: str) -> None:
    bill(range(1, 8))
    assert "1 to 3" in problem_of(ask(f"{LIST}?limit=3&page=4", secret), 404)["detail"]
    assert "one page" in problem_of(ask(f"{LIST}?page=999999999", secret), 404)["detail"]


def test_customer_without_invoices_gets_an_empty_page(secret: str) -> None:
    body = ask(f"{LIST}?year=2030", secret).json()
    assert (body["invoices"], body["pageCount"], body["totalCount"]) == ([], 1, 0)


def test_year_and_month_choose(secret: str) -> None:
    bill()
    assert [row["month"] for row in ask(f"{LIST}?year=2026&month=2", secret).json()["invoices"]] == [2]
    assert ask(f"{LIST}?year=2025", secret).json()["totalCount"] == 0


@pytest.mark.parametrize("query", ["month=13", "month=0", "month=maj", "month=", "year=26", "limit=0", "limit=201", "page=0", "page=-1", "page=1.5", "limit=%C2%B2", "page=%EF%BC%91"])  # fmt: skip
def test_bad_parameter_is_named_with_its_value_and_remedy(secret: str, query: str) -> None:
    body = problem_of(ask(f"{LIST}?{query}", secret), 400)
    assert body["code"] == "bad-parameter" and body["type"].endswith("#bad-parameter")
    assert [error["parameter"] for error in body["errors"]] == [query.split("=")[0]]
    assert "Write a whole number" in body["detail"]


def test_unknown_parameter_is_refused_with_those_there_are(secret: str) -> None:
    body = problem_of(ask(f"{LIST}?m%C3%A5nad=5", secret), 400)
    assert body["errors"][0]["parameter"] == "månad" and "limit, month, page, year" in body["detail"]


def test_without_token_the_answer_says_which_header_to_send() -> None:
    response = ask()
    assert "Authorization: Bearer" in problem_of(response, 401)["detail"]
    assert response["WWW-Authenticate"] == 'Bearer realm="itsam"'


@pytest.mark.parametrize(
    "header", ["Bearer itsam_unknown", "Bearer ", "Bearer a b", "Basic dXNlcjpwYXNz", "itsam_x", "Bearer åäö"]
)
def test_wrong_header_is_401(header: str) -> None:
    response = ask(Authorization=header)
    problem_of(response, 401)
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_revoked_and_unknown_tokens_get_the_same_words(secret: str) -> None:
    revoke_token(ApiToken.objects.get(), by=get_user("administrator"))
    assert problem_of(ask(secret=secret), 401) == problem_of(ask(secret="itsam_aldrig-funnits"), 401)


def test_expired_token_tells_its_holder_when() -> None:
    token, secret = make_token()
    yesterday = timezone.localdate() - timedelta(days=1)
    ApiToken.objects.filter(pk=token.pk).update(expires_on=yesterday)
    assert yesterday.isoformat() in problem_of(ask(secret=secret), 401)["detail"]


def test_token_is_valid_through_its_last_day() -> None:
    token, secret = make_token()
    ApiToken.objects.filter(pk=token.pk).update(expires_on=timezone.localdate())
    assert ask(secret=secret).status_code == 200


@pytest.mark.parametrize("name", ["token", "access_token", "api_key", "Token", "whatever"])
@pytest.mark.parametrize("address", [LIST, "/api/v1/api-info", "/api/v1/nothing"])
def test_token_in_the_address_is_refused_and_must_be_revoked(secret: str, name: str, address: str) -> None:
    for headers in ({}, {"Authorization": f"Bearer {secret}"}):
        response = ask(f"{address}?{name}={secret}", **headers)
        body = problem_of(response, 400)
        assert body["code"] == "token-in-address" and "Revoke it now" in body["detail"]
        assert secret not in response.content.decode()


def test_signed_in_session_gives_no_entry() -> None:
    client = client_of("administrator")
    assert client.get(LIST).status_code == 401


def test_token_without_the_scope_is_not_allowed(secret: str) -> None:
    ApiToken.objects.update(scopes=["something:else"])
    assert problem_of(ask(secret=secret), 403)["status"] == 403


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize("address", [LIST, f"{LIST}/5f0c1f5e-2c43-4c51-9b0a-3d5d7a1a6b10", "/api/v1/api-info"])
def test_other_methods_are_refused_with_those_allowed(secret: str, method: str, address: str) -> None:
    response = ask(address, secret, method)
    problem_of(response, 405)
    assert response["Allow"] == "GET, HEAD"


def test_head_answers_as_get_without_body(secret: str) -> None:
    response = ask(LIST, secret, "head")
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/png"])
def test_other_formats_are_not_acceptable(secret: str, accept: str) -> None:
    assert accept in problem_of(ask(secret=secret, Accept=accept), 406)["detail"]


def test_body_is_refused(secret: str) -> None:
    client, headers = Client(), {"Authorization": f"Bearer {secret}"}
    sent = [(b"<a/>", "application/xml", 415), (b"{}", "application/json", 400)]
    for body, kind, status in sent:
        answer = client.generic("GET", LIST, body, kind, headers=headers)
        assert problem_of(answer, status)["status"] == status


@pytest.mark.parametrize(
    "address", [f"{LIST}/", f"{LIST}/1", f"{LIST}/not-a-uuid", "/api/v1/", "/api/v1/budgets", "/api/v1/Invoices"]
)
def test_unknown_addresses_are_problems_too(secret: str, address: str) -> None:
    assert problem_of(ask(address, secret), 404)["instance"] == address


def test_too_many_requests_are_told_how_long_to_wait(secret: str, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    assert [ask(secret=secret).status_code for _ in range(2)] == [200, 200]
    response = ask(secret=secret)
    problem_of(response, 429)
    assert 1 <= int(response["Retry-After"]) <= 60
    assert ask(secret=make_token()[1]).status_code == 200


def test_a_fault_of_ours_is_a_problem_without_details(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("hemligt")

    monkeypatch.setattr(ApiView, "read_parameters", fail)
    response = ask(secret=secret)
    problem_of(response, 500)
    assert "hemligt" not in response.content.decode()


def test_problems_are_in_the_readers_language(secret: str) -> None:
    swedish = ask(f"{LIST}?page=4", secret, **{"Accept-Language": "sv"})
    assert swedish["Content-Language"] == "sv" and ask(f"{LIST}?page=4", secret)["Content-Language"] == "en"


def test_use_is_remembered_and_answers_are_kept_by_nobody_else_and_asked_about_each_time(secret: str) -> None:
    answer = ask(secret=secret)
    assert answer["Cache-Control"] == "private, no-cache" and "Authorization" in answer["Vary"]
    assert ApiToken.objects.get().use.last_used_at is not None


def test_list_and_invoice_cost_a_constant_number_of_queries(secret: str) -> None:
    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert ask(address, secret).status_code == 200
        return len(caught)

    bill(range(1, 2))
    few = count(LIST)
    bill(range(2, 13))
    assert count(LIST) == few == 5
    invoice = Invoice.objects.filter(customer=get_customer("0884")).earliest("pk")
    assert count(f"{LIST}/{invoice.uuid}") == 5


def close_account(token: ApiToken) -> None:
    User.objects.filter(pk=token.created_by_id).update(is_active=False)


def take_role_away(token: ApiToken) -> None:
    RoleAssignment.objects.filter(user=token.created_by_id).delete()


@pytest.mark.parametrize("end", [close_account, take_role_away])
def test_a_token_ends_with_its_makers_account_or_role(end: Callable[[ApiToken], None]) -> None:
    token, secret = make_token()
    assert ask(secret=secret).status_code == 200
    end(token)
    problem_of(ask(secret=secret), 401)


@pytest.mark.parametrize("query", ["?month=99999999999999999999", "?cursor=%00", "?year=9223372036854775808"])
def test_a_parameter_beyond_its_type_is_a_bad_request(query: str) -> None:
    _token, secret = make_token()
    assert ask(f"{LIST}{query}", secret).status_code == 400
