"""Asks the API what its document allows and what it does not, with a real token: every answer is as documented."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.conf import settings
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis.errors import Unsatisfiable
from schemathesis.specs.openapi.checks import ignored_auth, unsupported_method

from invoices.models import Invoice
from invoices.services import run_billing
from itsam.wsgi import application
from objects.models import Municipality
from objects.services.tokens import create_token
from tests.cast import get_budget, get_user

EXAMPLES = hypothesis_settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def asking(committed: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """A token of Vimmerby's, and one of its invoices."""
    monkeypatch.setattr(settings, "API_REQUESTS_PER_MINUTE", 10**6)
    budget, economist = get_budget("budget-2026"), get_user("ekonom")
    for month in (1, 2):
        run_billing(budget, month, by=economist)
    customer = Municipality.objects.get(code="0884").customer
    by, day = get_user("administrator"), timezone.localdate() + timedelta(days=1)
    _token, secret = create_token(by=by, customer=customer, name="Prov", expires_on=day)
    return secret, str(Invoice.objects.filter(customer=customer).earliest("pk").uuid)


def test_no_answer_is_undocumented_and_none_is_a_fault_of_ours(asking: tuple[str, str]) -> None:
    secret, invoice = asking
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    asked = {operation.path: _ask(operation, secret, invoice) for operation in _operations(document)}
    assert set(asked) == {"/invoices", "/invoices/{invoice}", "/api-info"}
    assert {200, 400} <= asked["/invoices"] and {200, 404} <= asked["/invoices/{invoice}"]


def _operations(document: Any) -> list[Any]:
    return [found.ok() for found in document.get_all_operations()]


def _ask(operation: Any, secret: str, invoice: str) -> set[int]:
    """The statuses of the answers to what the document allows, to what it does not, and for an invoice that exists."""
    statuses: set[int] = set()
    headers = {"Authorization": f"Bearer {secret}"}

    def ask(case: Any) -> None:
        response = case.call(headers=headers)
        statuses.add(response.status_code)
        case.validate_response(response, excluded_checks=[ignored_auth, unsupported_method], headers=headers)

    for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
        with suppress(Unsatisfiable):  # an address without parameters has nothing to ask wrongly
            EXAMPLES(given(case=operation.as_strategy(generation_mode=mode))(ask))()
    if "{invoice}" in operation.path:
        ask(operation.Case(path_parameters={"invoice": invoice}))
    return statuses
