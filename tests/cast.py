"""The cast of the tests: the demo's people and what they work with, found or built by plain functions.

Most tests are about the draft of 2027 and the object of its owner, so that is what every function means by itself.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pghistory
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.models import User
from budgets.models import Action, Budget, BudgetProduct, CostLine, SubBudget, WorkflowStep
from budgets.selectors.sheets import CALCULATED_KINDS
from budgets.services.compiling import compile_budget, propose_budget
from budgets.services.workflow import take_step
from engine.result import sign_of
from itsam.platform.embedded import CHECKOUT
from objects.models import Customer, Decision, Municipality

# People, by the name they sign in with

OWNER, MANAGER, GROUP, ECONOMIST = "objektagare", "objektledare", "styrgrupp", "ekonom"
BOARD, DIRECTOR, ADMINISTRATOR, AUDITOR = "direktion", "kommundirektor", "administrator", "revisor"
OFFICER, OUTSIDER = "vimmerby", "utan.roll"
INSIDE = (OWNER, MANAGER, GROUP, ECONOMIST, BOARD, DIRECTOR, ADMINISTRATOR, AUDITOR)
OUTSIDE = (OFFICER, OUTSIDER)
PEOPLE = (*INSIDE, *OUTSIDE)

# Places and values

DRAFT, ADOPTED, REVISED = "budget-2027", "budget-2026", "budget-2026-reviderad"
OWN, OTHER, GRANT = "socialtjanst", "klient", "grundanslag"
MAY_EDIT = {(OWNER, OWN), (MANAGER, OTHER), (ECONOMIST, OWN), (ECONOMIST, OTHER), (ECONOMIST, GRANT)}
MAY_NOT_EDIT = sorted({(name, slug) for name in PEOPLE for slug in (OWN, OTHER, GRANT)} - MAY_EDIT)
NEW = {"text": "Licenser", "cost_kind": "direct_cost", "amount_1_ore": 100, "amount_2_ore": 200, "amount_3_ore": 300}


def email_of(name: str) -> str:
    return f"{name}@demo.example"


def get_user(name: str) -> User:
    user: User = User.objects.get(email=email_of(name))
    return user


def client_of(name: str, language: str = "sv") -> Client:
    """A browser in which a person is signed in.

    The session is put where a sign-in would leave it; with all that Django does besides it takes six times as long.
    """
    client, user, key = Client(headers={"accept-language": language}), get_user(name), get_random_string(32)
    content = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    }
    ends = timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    Session(key, SessionStore().encode(content), ends).save(force_insert=True)
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    return client


def get_page(name: str, address: str, language: str = "en", **query: str) -> Any:
    """The answer a person gets."""
    return client_of(name, language).get(address, query)


def count_queries(client: Client, address: str, **query: str) -> int:
    """The queries of a page, asked a second time, when what is read once a process or a session is there."""
    client.get(address, query)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address, query).status_code in (200, 204)
    return len(queries)


def get_customer(code: str = "0884") -> Customer:
    """The customer that a member municipality is, Vimmerby unless another code is given."""
    return Municipality.objects.get(code=code).customer


def get_budget(slug: str = DRAFT) -> Budget:
    return Budget.objects.get(slug=slug)


def forget_revision() -> None:
    """The adopted budget is as if nobody had begun to revise it: the demo's revision stands by itself."""
    Budget.objects.filter(slug=REVISED).update(replaces=None, name="Tidigare revidering", kind=Budget.Kind.SCENARIO)


def get_sub_budget(slug: str = OWN, budget: str = DRAFT) -> SubBudget:
    sub_budget: SubBudget = SubBudget.objects.select_related("budget").get(slug=slug, budget__slug=budget)
    return sub_budget


def put_sub_budget(status: str, slug: str = OWN) -> SubBudget:
    """The draft's sub-budget, put into a status without any step."""
    SubBudget.objects.filter(slug=slug, budget__slug=DRAFT).update(status=status)
    return get_sub_budget(slug)


def list_lines(slug: str = OWN, budget: str = DRAFT) -> list[CostLine]:
    """The lines in the order the grid shows them."""
    lines = CostLine.objects.filter(budget__slug=budget, budget_product__sub_budget__slug=slug)
    lines = lines.select_related("budget_product__sub_budget__budget")
    return list(lines.order_by("budget_product__position", "position", "pk"))


def list_open(slug: str = OWN, budget: str = DRAFT) -> list[CostLine]:
    """The lines that everybody who may edit types in: those of the kinds that are not calculated."""
    return [line for line in list_lines(slug, budget) if line.cost_kind not in CALCULATED_KINDS]


def list_copies(slug: str = OWN) -> list[CostLine]:
    """The lines of the kinds that are calculated, but are not yet: copies, for the economist only."""
    return [line for line in list_lines(slug) if line.cost_kind in CALCULATED_KINDS and not line.is_calculated]


def signed(kind: str, ore: int) -> int:
    """An amount with the sign that its kind of line has."""
    return sign_of(kind) * abs(ore) or ore


def get_line(slug: str = OWN, budget: str = DRAFT) -> CostLine:
    """The line that was written first of those that everybody types in."""
    return min(list_open(slug, budget), key=lambda line: line.pk)


def again(line: CostLine) -> CostLine:
    """The line as it is stored now."""
    return CostLine.objects.get(pk=line.pk)


def take(action: Action, by: str, comment: str = "because", slug: str = OWN) -> WorkflowStep:
    return take_step(get_sub_budget(slug), action, by=get_user(by), comment=comment)


def read_demo_file(name: str) -> list[dict[str, str]]:
    """The rows of one of the demo's files."""
    with (CHECKOUT / "itsam" / "demo" / "data" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


# A whole budget's way


def approve_all() -> None:
    SubBudget.objects.filter(budget__slug=DRAFT).update(status="approved")


def propose() -> None:
    approve_all()
    compile_budget(get_budget(), by=get_user(ECONOMIST))
    propose_budget(get_budget(), by=get_user(ECONOMIST))


def decide(**values: Any) -> Decision:
    given = {"body": "board", "kind": "adopt_budget", "text": "Budget 2027", "meeting_on": date(2026, 12, 20)}
    return Decision.objects.create(**{**given, "announced_on": date(2026, 12, 10), **values})


def make_negative() -> None:
    """The result of the draft falls below zero, by use of equity."""
    products = BudgetProduct.objects.filter(budget__slug=DRAFT, sub_budget__slug=GRANT)
    direct = products.filter(cost_lines__cost_kind="direct_cost").order_by("cost_lines__pk").first()
    CostLine.objects.create(
        budget=get_budget(), budget_product=direct or products.earliest("pk"), text="Eget kapital",
        cost_kind="use_of_equity", amount_1_ore=-500_00, amount_2_ore=0, amount_3_ore=0,
    )  # fmt: skip


@contextmanager
def change_as_before(*, by: str, reason: str) -> Iterator[None]:
    """Write events as installed databases hold them: their reason is a sentence."""
    with pghistory.context(by=by, reason=reason):
        yield
