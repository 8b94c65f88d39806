"""The kinds of things with a history: what they are called, what tells what they are, and who reads of them.

They are named by their models' labels, so that what lies beside this app is told of too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from records.changes import events_of

AMOUNTS = ("amount_1_ore", "amount_2_ore", "amount_3_ore")
REASONS = ("note", "comment")


@dataclass(frozen=True)
class Kind:
    """A kind of thing with a history.

    `shown` are the fields that tell what was added or deleted, `title` the one that names it where it has neither text
    nor name, `place` the one that says where it belongs. Of `inside` ones only the federation reads. The values of `kept`
    are told to nobody: what somebody took back is not to be read here.
    """

    key: str
    label: str | Promise
    of: str
    shown: tuple[str, ...] = ()
    title: str = ""
    place: str = ""
    inside: bool = True
    kept: frozenset[str] = frozenset()

    @cached_property
    def model(self) -> type[Model]:
        """Its model."""
        found: type[Model] = apps.get_model(self.of)
        return found

    @cached_property
    def reason(self) -> str:
        """Its field in which people say why; empty when it has none."""
        names = {field.attname for field in self.model._meta.concrete_fields}
        return next((name for name in REASONS if name in names), "")

    @property
    def events(self) -> QuerySet[Any]:
        """All events of its kind."""
        return events_of(self.model)

    @property
    def table(self) -> str:
        """The table of its events."""
        return str(self.events.model._meta.db_table)

    def relation(self, name: str) -> str:
        """The name of the model that a field points to."""
        field = next(field for field in self.model._meta.concrete_fields if field.attname == name)
        return str(field.related_model._meta.model_name)  # type: ignore[union-attr]


# Those that are spoken of elsewhere have a name.
LINE = Kind("line", _("cost line"), "budgets.CostLine", ("cost_kind", *AMOUNTS), inside=False)
PRODUCT = Kind("product", _("product"), "budgets.BudgetProduct", ("category",), inside=False)
SUB_BUDGET = Kind("sub_budget", _("sub-budget"), "budgets.SubBudget", ("status",), inside=False)
BUDGET = Kind("budget", _("budget"), "budgets.Budget", ("status",), inside=False)
KEY = Kind("key", _("allocation key"), "budgets.AllocationKey", ("basis",), inside=False)
KEY_WEIGHT = Kind("key_weight", _("weight in a key"), "budgets.KeyWeight", ("weight",), "customer_id", "key_id")
STEP = Kind(
    "step", _("step of the workflow"), "budgets.WorkflowStep", ("from_state", "to_state", "on_behalf"), "action"
)
BILLING_RUN = Kind("billing_run", _("month's invoices"), "invoices.BillingRun", ("month",))
INVOICE = Kind(
    "invoice",
    _("invoice"),
    "invoices.Invoice",
    ("customer_id", "invoice_on", "due_on", "net_ore", "vat_ore"),
    "number",
    "billing_run_id",
)
# What people write to each other. What was taken back stays unread, so no text of a comment is told.
COMMENT = Kind("comment", _("comment"), "records.Comment", kept=frozenset({"text"}))
TASK = Kind("task", _("task"), "records.Task", ("to_id", "due_on"))
FILE = Kind("file", pgettext_lazy("history", "file"), "records.StoredFile", ("size",))
OBJECT = Kind("object", _("object"), "objects.GovernanceObject", ("kind",))
PLAN = Kind("plan", _("object plan"), "objects.ObjectPlan", ("from_year", "to_year", "state"), "governance_object_id")
ITEM = Kind(
    "item", _("development item"), "objects.DevelopmentItem", ("state", "year", "effect_ore"), "title", "plan_id"
)
DECISION = Kind("decision", _("decision"), "objects.Decision", ("stage", "body", "meeting_on", "paragraph"))
CONDITION = Kind(
    "condition", _("condition of a decision"), "objects.DecisionCondition", ("municipality_id",), place="decision_id"
)
USER = Kind("user", _("user"), "accounts.User", ("email",))

# What names the budget and belongs to its story; printed figures are loaded, a thousand at a time, and would bury it.
OF_A_BUDGET = (
    LINE,
    PRODUCT,
    SUB_BUDGET,
    KEY,
    Kind("investment", _("investment"), "investments.Investment", AMOUNTS, "asset_class_id", inside=False),
    Kind(
        "planned_loan", _("planned loan"), "investments.PlannedLoan", ("purpose", "year", "principal_ore"), inside=False
    ),
    Kind(
        "repayment", _("planned repayment"), "investments.PlannedRepayment", ("year", "amount_ore"),
        place="planned_loan_id", inside=False,
    ),
    Kind(
        "explanation", _("reason for a difference"), "forecasts.ReconciliationReason", ("table", "row", "column"),
        inside=False,
    ),
    STEP,
    BILLING_RUN,
)  # fmt: skip
ALL = (
    *OF_A_BUDGET,
    BUDGET,
    KEY_WEIGHT,
    Kind("figure", _("published figure"), "budgets.PublishedFigure", ("tkr",), "label"),
    INVOICE,
    Kind("invoice_line", _("invoice line"), "invoices.InvoiceLine", ("net_ore",), place="invoice_id"),
    COMMENT,
    TASK,
    FILE,
    OBJECT,
    PLAN,
    ITEM,
    DECISION,
    CONDITION,
    Kind(
        "council", _("decision of a council"), "investments.CouncilDecision",
        ("decided_on", "announced_on", "legal_force_on"), "municipality_id", "framework_id",
    ),
    Kind("framework", _("borrowing framework"), "investments.BorrowingFramework", ("amount_ore",)),
    Kind(
        "role", _("role"), "objects.RoleAssignment",
        ("role", "governance_object_id", "municipality_id", "customer_id"), "user_id",
    ),
    Kind("token", _("API token"), "objects.ApiToken", ("scopes", "expires_on"), place="customer_id"),
    USER,
    Kind("federation", _("federation"), "objects.Federation"),
    Kind("customer", _("customer"), "objects.Customer", ("kind",)),
    Kind("municipality", _("municipality"), "objects.Municipality", ("member_from_on",)),
    Kind("inhabitants", _("inhabitants"), "objects.Inhabitants", ("counted_on", "count"), "municipality_id"),
    Kind("lasting_product", _("product of all years"), "objects.Product", place="governance_object_id"),
    Kind("index_rate", _("index"), "budgets.IndexRate", ("cost_kind", "year", "valid_from_on", "percent")),
    Kind("asset_class", _("asset class"), "investments.AssetClass", ("useful_life_years",)),
    Kind("loan", _("loan"), "investments.Loan", ("debt_on", "debt_ore")),
    Kind("instalment", _("instalment"), "investments.LoanInstalment", ("year", "amount_ore"), "loan_id"),
    Kind("house_text", _("text of the house"), "reports.HouseText", title="slug"),
    Kind("disposal", _("disposal of history"), "records.HistoryDisposal", ("count",)),
)  # fmt: skip
KINDS = {kind.key: kind for kind in ALL}
