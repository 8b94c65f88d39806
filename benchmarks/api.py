"""The API's list of invoices, 50 a page, against a hand-written JsonResponse over the same rows through the same site."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, JsonResponse
from django.test import Client, override_settings
from django.urls import include, path
from django.utils import timezone

from accounts.models import User
from benchmarks import servers
from benchmarks.measuring import Figure, Sizes, in_ms, medians, ratio_of, seconds_of
from budgets.models import Budget
from invoices.models import Invoice
from invoices.selectors.api import FIELDS
from objects.models import Customer
from objects.services.tokens import create_token

YEARS, LIMIT, REQUESTS, ROUNDS = 5, 50, 20, 9
CUSTOMER = "0884"
# Many years of invoices at once; the triggers would ask for adopted budgets and lines.
MAKE = (
    "SET session_replication_role = replica",
    """INSERT INTO invoices_billingrun (uuid, budget_id, month, started_by_id, created_at, seller_name,
            seller_organisation_number, seller_bankgiro)
        SELECT gen_random_uuid(), b.id, m, (SELECT min(id) FROM accounts_user), now(), 'Seller', '', ''
        FROM budgets_budget AS b, generate_series(1, 12) AS m WHERE b.slug LIKE 'year-%'""",
    """INSERT INTO invoices_invoice (uuid, billing_run_id, customer_id, customer_name, customer_organisation_number, number,
            invoice_on, due_on, net_ore, vat_ore)
        SELECT gen_random_uuid(), r.id, m.customer_id, m.name, '', '2030-' || lpad((row_number() OVER ())::text, 4, '0'),
            current_date, current_date + 30, 123456789, 30864197
        FROM invoices_billingrun AS r, objects_municipality AS m""",
    "RESET session_replication_role",
    "VACUUM ANALYZE",
)


def list_by_hand(request: HttpRequest) -> JsonResponse:
    """The floor: one query and its rows as JSON, without token, count or pages."""
    invoices = Invoice.objects.filter(customer__municipality__code=CUSTOMER).order_by("-invoice_on", "-number")
    return JsonResponse({"invoices": [list(row) for row in invoices.values_list(*FIELDS)[:LIMIT]]})


urlpatterns = [path("by-hand", list_by_hand), path("", include("itsam.urls"))]


def measure(sizes: Sizes) -> list[Figure]:
    """How many times as long the API takes; twice is half the rate."""
    servers.use(servers.with_demo())
    for year in range(YEARS):
        Budget.objects.create(slug=f"year-{year}", name=f"Year {year}", fiscal_year=2031 + year)
    servers.as_admin("demo", *MAKE)
    token = {"Authorization": f"Bearer {_make_token()}"}
    with override_settings(ROOT_URLCONF=__name__, API_REQUESTS_PER_MINUTE=10**6):
        rounds = [_measure_round(Client(SERVER_NAME="localhost"), token) for _round in range(ROUNDS + 1)][1:]
    details = {"rows": LIMIT, "rounds": ROUNDS, **in_ms({k: v / REQUESTS for k, v in medians(rounds).items()})}
    return [Figure("API's list of 50 invoices", ratio_of(rounds, "api", "hand"), "× by hand", 2, details)]


def _make_token() -> str:
    customer = Customer.objects.get(municipality__code=CUSTOMER)
    by = User.objects.get(email="administrator@demo.example")
    last_day = timezone.localdate() + timedelta(days=30)
    return create_token(by=by, customer=customer, name="Benchmarks", expires_on=last_day)[1]


def _measure_round(client: Client, headers: dict[str, str]) -> dict[str, float]:
    def ask(address: str) -> None:
        for _request in range(REQUESTS):
            answer = client.get(address, headers=headers)
            if answer.status_code != 200 or answer.content.count(b"Vimmerby") != LIMIT:
                raise AssertionError(f"{address} answered {answer.status_code}: {answer.content[:200]!r}")

    return {
        "hand": seconds_of(lambda: ask("/by-hand")),
        "api": seconds_of(lambda: ask(f"/api/v1/invoices?limit={LIMIT}")),
    }
