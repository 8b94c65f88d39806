"""The side bar: groups of pages. An item is shown when the reader has one of its roles and its address's parts are known.

Which pages there are is the wiring's to say: the setting NAVIGATION names the groups.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.functional import Promise


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


def list_groups(reader: Reader, groups: tuple[NavGroup, ...]) -> list[tuple[str, list[NavLink]]]:
    """Return the groups with the links this reader has; groups without any are left out."""
    shown = [(str(group.label), [link for item in group.items if (link := _link(item, reader))]) for group in groups]
    return [(label, links) for label, links in shown if links]


def _link(item: NavItem, reader: Reader) -> NavLink | None:
    if item.roles and not item.roles & reader.roles:
        return None
    if not reader.url_parts.keys() >= set(item.takes):
        return None
    url = reverse(item.url_name, kwargs={name: reader.url_parts[name] for name in item.takes})
    return NavLink(item.key, item.label, url, reader.counts.get(item.key))
