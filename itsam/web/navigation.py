"""The side bar: five groups of pages. An item is shown when its page exists and the reader has one of its roles.

The trick: addresses are looked up when shown, so a page appears in the menu when its address is added to `urls` and
nothing here has to change.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class NavItem:
    """A page: `takes` names the address parts it needs (from `nav_kwargs`); no roles means everyone."""

    key: str
    label: str | Promise
    url_name: str
    roles: frozenset[str] = frozenset()
    takes: tuple[str, ...] = ()


@dataclass(frozen=True)
class NavGroup:
    """A heading with its pages."""

    label: str | Promise
    items: tuple[NavItem, ...]


@dataclass(frozen=True)
class NavLink:
    """An item as shown: with its address and the number of things that wait there."""

    key: str
    label: str | Promise
    url: str
    count: int | None = None


@dataclass(frozen=True)
class Reader:
    """What decides the menu: the roles, the parts of addresses (the current budget), and numbers by item key."""

    roles: frozenset[str] = frozenset()
    url_parts: Mapping[str, object] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)


NAVIGATION: tuple[NavGroup, ...] = (
    NavGroup(
        _("Plan"),
        (
            NavItem("overview", _("Budget overview"), "reports:overview", takes=("budget",)),
            NavItem("sub_budgets", _("Sub-budgets"), "budgets:sub_budgets", takes=("budget",)),
            NavItem("objects", _("Objects and plans"), "reports:objects"),
            NavItem("personnel", _("Personnel"), "budgets:personnel", takes=("budget",)),
            NavItem("pools", _("Cost pools"), "budgets:pools", takes=("budget",)),
            NavItem("products", _("Products and prices"), "budgets:products", takes=("budget",)),
        ),
    ),
    NavGroup(
        _("Invest"),
        (
            NavItem("investments", _("Investments"), "investments:investments", takes=("budget",)),
            NavItem("life_cycle", _("Life cycle"), "investments:life_cycle", takes=("budget",)),
            NavItem("loans", _("Loans and framework"), "forecasts:loans", takes=("budget",)),
            NavItem("stress", _("Stress test"), "forecasts:stress", takes=("budget",)),
        ),
    ),
    NavGroup(
        _("Follow up"),
        (
            NavItem("actuals", _("Actuals and variance"), "forecasts:actuals", takes=("budget",)),
            NavItem("goals", _("Goals"), "forecasts:goals", takes=("budget",)),
        ),
    ),
    NavGroup(
        _("Decide"),
        (
            NavItem("dashboard", _("Dashboard for the board"), "reports:dashboard", takes=("budget",)),
            NavItem("requests", _("Supplementary requests"), "budgets:requests", takes=("budget",)),
            NavItem("decisions", _("Decisions"), "reports:decisions"),
            NavItem("document", _("Budget document"), "reports:document", takes=("budget",)),
            NavItem("reconciliation", _("Reconciliation"), "forecasts:reconciliation", takes=("budget",)),
        ),
    ),
    NavGroup(
        _("Members"),
        (
            NavItem("costs", pgettext_lazy("of a member", "Costs"), "reports:costs", takes=("budget",)),
            NavItem("keys", _("Keys and membership"), "reports:keys", takes=("budget",)),
            NavItem("invoices", _("Invoices"), "invoices:invoices"),
        ),
    ),
)


def list_groups(reader: Reader, groups: tuple[NavGroup, ...] = NAVIGATION) -> list[tuple[str, list[NavLink]]]:
    """Return the groups with the links this reader has; groups without any are left out."""
    shown = [(str(group.label), [link for item in group.items if (link := _link(item, reader))]) for group in groups]
    return [(label, links) for label, links in shown if links]


def _link(item: NavItem, reader: Reader) -> NavLink | None:
    if item.roles and not item.roles & reader.roles:
        return None
    try:
        url = reverse(item.url_name, kwargs={name: reader.url_parts[name] for name in item.takes})
    except (NoReverseMatch, KeyError):
        return None
    return NavLink(item.key, item.label, url, reader.counts.get(item.key))
