"""What every page has besides its own content: the side bar and the budget switcher.

The trick: nothing is looked up until the template asks (`page.nav`, `page.switcher`), so sign-in, e-mails and fragments
cost no query. The kit knows no app; the setting PAGE_CONTEXT names functions that each take the request and return a
dict. Known keys: `switcher`, `roles`, `nav_kwargs`, `nav_counts`; anything else is reached as `page.extra.key`.
"""

from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from web.navigation import NavLink, Reader, list_groups
from web.typing import Context


class PageContext:
    """The shell's data for one request, looked up when first asked for."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def extra(self) -> Context:
        """Return what the apps add, for someone signed in."""
        added: Context = {}
        if self.request.user.is_authenticated:
            for path in settings.PAGE_CONTEXT:
                added.update(import_string(path)(self.request))
        return added

    @property
    def switcher(self) -> Context | None:
        """Return the current budget and those to change to: {"current", "groups": [(label, [budget dict])]}."""
        return self.extra.get("switcher")

    @cached_property
    def nav(self) -> list[tuple[str, list[NavLink]]]:
        """Return the side bar's groups."""
        if not self.request.user.is_authenticated:
            return []
        return list_groups(
            Reader(
                roles=frozenset(self.extra.get("roles", ())),
                url_parts=self.extra.get("nav_kwargs", {}),
                counts=self.extra.get("nav_counts", {}),
            ),
            import_string(settings.NAVIGATION),
        )

    @property
    def help_parts(self) -> frozenset[str]:
        """Return the keys of the parts that the help has."""
        parts: frozenset[str] = import_string(settings.HELP_PARTS)
        return parts


def page(request: HttpRequest) -> dict[str, PageContext]:
    """Context processor: `page`."""
    return {"page": PageContext(request)}
