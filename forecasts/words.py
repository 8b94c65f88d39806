"""What is wrong with the inputs of a stress test, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecasts.selectors.stress_inputs import Fault

FAULTS = {
    "no_object": gettext_lazy("an object is needed, not %(value)s."),
    "no_key": gettext_lazy("there is no key “%(key)s”. The keys are %(keys)s."),
    "no_list": gettext_lazy("a list is needed, not %(value)s."),
    "not_whole": gettext_lazy("a whole number is needed, not %(value)s."),
    "not_between": gettext_lazy("%(value)s is not between %(least)s and %(most)s."),
    "no_fraction": gettext_lazy("a number such as 0.1 for ten per cent is needed, not %(value)s."),
    "fraction_not_between": gettext_lazy("%(value)s is not between %(least)s and %(most)s. Ten per cent is 0.1."),
    "decimals": gettext_lazy("%(value)s has more than %(count)s decimals."),
    "no_year": gettext_lazy("a year from %(year)s on is needed."),
    "no_class": gettext_lazy("there is no asset class “%(key)s”. The classes are %(classes)s."),
    "no_name": gettext_lazy("a name is needed."),
    "needed": gettext_lazy("%(key)s is needed."),
    "before_first": gettext_lazy("%(year)s is before the first year %(first)s."),
    "name_taken": gettext_lazy("“%(name)s” names something else too. Each system and pot needs a name of its own."),
    "same_day": gettext_lazy("two frameworks are in force from %(day)s."),
    "no_day": gettext_lazy("a day such as 2026-06-23 is needed, not %(value)s."),
}


def say_fault(fault: Fault) -> str:
    """Return what is wrong."""
    return str(FAULTS[fault.kind]) % fault.values


def place_fault(fault: Fault) -> str:
    """Return what is wrong with its place."""
    place = fault.place or _("the file")
    return f"{place}: {say_fault(fault)}"
