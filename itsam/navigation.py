"""The side bar's pages, and the parts that the help has. A page that is built gets its item here."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from objects.models.roles import FEDERATION_ROLES, Role
from objects.selectors.people import PEOPLE_READERS
from objects.selectors.registers import KEEPERS
from pages.authors import PERSON_READERS
from web.navigation import NavGroup, NavItem

# What somebody with any role reads; who has none has no menu.
ANY = frozenset(Role)

NAVIGATION: tuple[NavGroup, ...] = (
    NavGroup(
        _("My work"),
        (
            NavItem("my_tasks", _("To do"), "budgets:my_tasks", FEDERATION_ROLES),
            NavItem("workflow", _("Workflow"), "forecasts:workflow", FEDERATION_ROLES, ("budget",)),
            NavItem("history", _("History"), "reports:history", PERSON_READERS),
            NavItem("imports", _("Imports"), "records:imports", KEEPERS),
        ),
    ),
    NavGroup(
        _("Plan"),
        (
            NavItem("overview", _("Budget overview"), "reports:overview", takes=("budget",)),
            NavItem("year", _("Year clock"), "budgets:year", FEDERATION_ROLES, ("budget",)),
            NavItem("sub_budgets", _("Sub-budgets"), "budgets:sub_budgets", takes=("budget",)),
            NavItem("products", _("Products"), "budgets:products", takes=("budget",)),
            NavItem("posts", _("Personnel"), "budgets:posts", FEDERATION_ROLES, ("budget",)),
            NavItem("pools", _("Cost pools"), "budgets:pools", FEDERATION_ROLES, ("budget",)),
            NavItem("moved", _("Moved cost"), "budgets:moved", takes=("budget",)),
            NavItem("objects", _("Objects and plans"), "reports:objects", ANY),
            NavItem("contracts", _("Contracts"), "objects:contracts", FEDERATION_ROLES),
            NavItem("rates", _("Planning rates"), "budgets:rates", FEDERATION_ROLES),
        ),
    ),
    NavGroup(
        _("Invest"),
        (
            NavItem("investments", _("Investments"), "budgets:investments", takes=("budget",)),
            NavItem("replacements", _("Life cycle"), "forecasts:replacements", FEDERATION_ROLES, ("budget",)),
            NavItem("hardware", _("Choice of hardware"), "budgets:hardware", FEDERATION_ROLES, ("budget",)),
            NavItem("loans", _("Loans and framework"), "forecasts:loans", takes=("budget",)),
            NavItem("loan_list", _("Loan list"), "objects:loan_list", FEDERATION_ROLES),
            NavItem("devices", _("Device register"), "objects:devices", ANY),
            NavItem("stress", _("Stress test"), "forecasts:stress", takes=("budget",)),
            NavItem("equity", _("Equity"), "forecasts:equity", takes=("budget",)),
            NavItem("balance", _("Balance budget"), "reports:balance", takes=("budget",)),
            NavItem("asset_classes", _("Asset classes"), "objects:asset_classes", ANY),
        ),
    ),
    NavGroup(
        _("Decide"),
        (
            NavItem("dashboard", _("Dashboard for the board"), "reports:dashboard", takes=("budget",)),
            NavItem("requests", _("Supplementary requests"), "forecasts:requests", FEDERATION_ROLES, ("budget",)),
            NavItem("decisions", _("Decisions"), "reports:decisions", ANY),
            NavItem("figures", _("Published figures"), "budgets:figures", takes=("budget",)),
            NavItem("reconciliation", _("Reconciliation"), "forecasts:reconciliation", takes=("budget",)),
        ),
    ),
    NavGroup(
        _("Members"),
        (
            NavItem("costs", pgettext_lazy("of a member", "Costs"), "reports:costs", takes=("budget",)),
            NavItem("keys", _("Allocation keys"), "invoices:keys", takes=("budget",)),
            NavItem("customers", _("Customers"), "objects:customers", FEDERATION_ROLES),
            NavItem("federation", _("The federation"), "objects:federation", FEDERATION_ROLES),
            NavItem("invoices", _("Invoices"), "invoices:invoices", ANY),
            NavItem("people", _("Users and roles"), "objects:people", PEOPLE_READERS),
        ),
    ),
)


# The parts of the help, by the key of a menu item or of a page of its own.
HELP_PARTS = frozenset(
    {
        "overview", "sub_budgets", "workflow", "loans", "reconciliation", "dashboard", "costs", "invoices", "objects", "decisions",
        "together", "products", "people", "keys", "imports", "rates", "contracts", "year", "posts", "pools",
        "customers", "figures", "asset_classes", "moved", "investments", "stress", "devices", "replacements",
        "equity", "balance", "requests",
    }
)  # fmt: skip
