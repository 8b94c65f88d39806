"""The words and marks of the device register."""

from __future__ import annotations

from django.utils.translation import gettext as _

from investments.models import DeviceEvent
from web.numbers import format_sek, format_whole

# By state: the mark.
MARKS = {"ordered": "submitted", "in_use": "approved", "in_storage": "draft", "retired": "locked"}


def say_event(event: DeviceEvent) -> str:
    """Return what happened to some of a batch, in words."""
    if event.kind == DeviceEvent.Kind.IMPAIRED:
        return _("written down: those left were worth %(worth)s kr") % {"worth": format_sek(event.value_ore)}
    number = format_whole(event.number or 0)
    if not event.price_ore:
        return _("%(number)s scrapped") % {"number": number}
    return _("%(number)s sold for %(price)s kr") % {"number": number, "price": format_sek(event.price_ore)}
