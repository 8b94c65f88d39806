"""Keeps the device register: batches are added and changed, some of them retired, sold or written down, and it is undone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engine.depreciation import count_months
from engine.devices import split_batch, worth_at
from engine.money import MAX_ORE
from investments.models import DeviceBatch, DeviceEvent
from investments.selectors.devices import count_left, load_batch
from objects.selectors.registers import Register
from objects.services.registers import hold, open_register, undo_act
from objects.services.rows import save_checked
from records.models import Provenance
from records.reasons import Reason
from records.services.stale import require_fresh
from web.faults import retried
from web.numbers import format_sek, format_whole

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User

Faults = list[tuple[str, str]]
REGISTER = Register(
    (DeviceBatch, DeviceEvent),
    frozenset(
        {
            Reason.ADD_DEVICES, Reason.CHANGE_DEVICES, Reason.REMOVE_DEVICES, Reason.RETIRE_DEVICES,
            Reason.WRITE_DOWN_DEVICES, Reason.UNDO_REGISTER,
        }
    ),
)  # fmt: skip


def find_device_faults(row: DeviceBatch) -> Faults:
    """Return what can't be with a batch of devices, as (field, words): also against what has been retired of it."""
    faults: Faults = []
    if row.number is not None and row.number < 1:
        faults.append(("number", _("A batch has at least one device.")))
    if row.unit_price_ore is not None and row.unit_price_ore <= 0:
        faults.append(("unit_price_ore", _("Write what each cost, more than nothing.")))
    elif row.number and row.unit_price_ore and row.number * row.unit_price_ore > MAX_ORE:
        faults.append(("unit_price_ore", _("All of them together cost more than can be kept. Look at the price.")))
    if row.asset_class_id and row.asset_class.is_device and row.customer_id is None:
        faults.append(("customer", _("Devices have a customer. Choose whose they are.")))
    if row.taken_on and row.state != DeviceBatch.State.ORDERED and row.taken_on > timezone.localdate():
        said = _("%(month)s has not come yet. Write an earlier month, or say that they are ordered.")
        faults.append(("taken_on", said % {"month": f"{row.taken_on:%Y-%m}"}))
    if row.retired_on and row.taken_on and row.retired_on < row.taken_on:
        faults.append(("retired_on", _("They are retired before they were taken into use.")))
    return faults or _find_conflicts(row)


def _find_conflicts(row: DeviceBatch) -> Faults:
    """Return what a batch's number, month or price can't be after what has happened to it."""
    if not row.pk or None in (row.number, row.unit_price_ore, row.taken_on):
        return []
    events = list(DeviceEvent.objects.filter(batch=row.pk))
    gone = sum(event.number or 0 for event in events)
    if events and row.number <= gone:
        said = ngettext("%(count)s of them is retired already.", "%(count)s of them are retired already.", gone)
        return [("number", said % {"count": format_whole(gone)})]
    first = min((event.month_on for event in events), default=None)
    if first is not None and row.taken_on > first:
        return [("taken_on", _("Something happened to them in %(month)s already.") % {"month": f"{first:%Y-%m}"})]
    batch = load_batch(row, events)
    try:
        if batch is not None:
            split_batch(batch)
    except ValueError:
        return [("unit_price_ore", _("They were written down to more than they are worth at this price and month."))]
    return []


@retried
def save_devices(row: DeviceBatch, *, by: User, seen: datetime | None = None) -> DeviceBatch:
    """Add a batch of devices or change one. PermissionDenied, ValidationError by field, StaleError."""
    if row.taken_on:
        row.taken_on = row.taken_on.replace(day=1)
    with open_register(by=by, reason=Reason.CHANGE_DEVICES if row.pk else Reason.ADD_DEVICES, row=row):
        hold(row)
        require_fresh(row, seen)
        if row.pk and row.provenance == Provenance.ASSUMED:
            row.provenance = Provenance.ENTERED
        save_checked(row, find_device_faults(row))
    return row


@retried
def remove_devices(row: DeviceBatch, *, by: User) -> None:
    """Remove a batch with its events; history keeps it. PermissionDenied, ValidationError when it is gone."""
    with open_register(by=by, reason=Reason.REMOVE_DEVICES, row=row):
        hold(row)
        DeviceEvent.objects.filter(batch=row.pk).delete()
        row.delete()


def find_retirement_faults(row: DeviceBatch, *, number: int | None, month_on: date | None, price: int | None) -> Faults:
    """Return what can't be with retiring some of a batch, as (field, words)."""
    faults = _find_month_faults(row, month_on)
    left = count_left(row)
    if not left:
        return faults
    if number is not None and not 1 <= number <= left:
        said = ngettext(
            "%(count)s device is left. Write a number from 1 to that.",
            "%(count)s devices are left. Write a number from 1 to that.",
            left,
        )
        faults.append(("number", said % {"count": format_whole(left)}))
    if price is not None and not 0 <= price <= MAX_ORE:
        faults.append(("price_ore", _("Write what they were sold for, 0 when they were scrapped.")))
    if faults or month_on is None or number != left:
        return faults
    later = DeviceEvent.objects.filter(batch=row.pk, month_on__gt=month_on).order_by("-month_on").first()
    if later is not None:
        said = _("Something happened to them in %(month)s. Write that month or a later one.")
        faults.append(("month_on", said % {"month": f"{later.month_on:%Y-%m}"}))
    return faults


def _find_month_faults(row: DeviceBatch, month_on: date | None) -> Faults:
    if row.state in (DeviceBatch.State.RETIRED, DeviceBatch.State.ORDERED):
        words = {
            DeviceBatch.State.RETIRED: _("They are retired already."),
            DeviceBatch.State.ORDERED: _("They are ordered and not yet in use."),
        }
        return [("", words[DeviceBatch.State(row.state)])]
    if month_on is None:
        return []
    if month_on < row.taken_on:
        said = _("They were taken into use in %(month)s. Write that month or a later one.")
        return [("month_on", said % {"month": f"{row.taken_on:%Y-%m}"})]
    if month_on > timezone.localdate():
        return [("month_on", _("%(month)s has not come yet.") % {"month": f"{month_on:%Y-%m}"})]
    return []


@retried
def retire_devices(row: DeviceBatch, *, number: int, month_on: date, price: int, by: User) -> DeviceBatch:
    """Retire some of a batch, or all that is left of it; `price` is what they were sold for together, öre.

    PermissionDenied, ValidationError by field.
    """
    month_on = month_on.replace(day=1)
    with open_register(by=by, reason=Reason.RETIRE_DEVICES, row=row):
        hold(row)
        saved: DeviceBatch = DeviceBatch.objects.select_related("asset_class").get(pk=row.pk)
        faults = find_retirement_faults(saved, number=number, month_on=month_on, price=price)
        _refuse(faults)
        if number == count_left(saved):
            saved.state, saved.retired_on, saved.sale_price_ore = DeviceBatch.State.RETIRED, month_on, price
            _refuse(_check_worth(saved, []))
            saved.save()
        else:
            event = DeviceEvent(batch=saved, kind="retired", month_on=month_on, number=number, price_ore=price)
            _refuse(_check_worth(saved, [event]))
            event.save()
    return saved


def _check_worth(row: DeviceBatch, more: list[DeviceEvent]) -> Faults:
    """Return that what was written down later would be more than is left by then."""
    batch = load_batch(row, [*DeviceEvent.objects.filter(batch=row.pk), *more])
    try:
        if batch is not None:
            split_batch(batch)
    except ValueError:
        return [("month_on", _("Later they were written down to more than would be left by then."))]
    return []


@retried
def write_down_devices(row: DeviceBatch, *, month_on: date, value: int, by: User) -> DeviceEvent:
    """Record what those left of a batch are found to be worth at a month's end, öre.

    PermissionDenied, ValidationError by field: also where they are worth less already.
    """
    month_on = month_on.replace(day=1)
    with open_register(by=by, reason=Reason.WRITE_DOWN_DEVICES, row=row):
        hold(row)
        saved: DeviceBatch = DeviceBatch.objects.select_related("asset_class").get(pk=row.pk)
        _refuse(_find_month_faults(saved, month_on) or _find_value_faults(saved, month_on, value))
        event = DeviceEvent(batch=saved, kind="impaired", month_on=month_on, value_ore=value)
        event.save()
    return event


def _find_value_faults(row: DeviceBatch, month_on: date, value: int) -> Faults:
    events = list(DeviceEvent.objects.filter(batch=row.pk))
    if any(event.kind == "impaired" and event.month_on >= month_on for event in events):
        return [("month_on", _("They are written down that month or later already. Undo that first."))]
    batch = load_batch(row, events)
    if batch is None:
        return [("", _("Their asset class has no life, so they are not depreciated. Give it one first."))]
    month = count_months(month_on.year, month_on.month)
    worth = sum(worth_at(asset, month) for asset in split_batch(batch))
    if not 0 <= value < worth:
        said = _("They are worth %(worth)s kr at the end of that month. Write less than that, or 0.")
        return [("value_ore", said % {"worth": format_sek(worth)})]
    return []


def undo_devices_act(act: UUID, *, by: User) -> None:
    """Take back a change of the device register. Errors as of `undo_act`."""
    undo_act(REGISTER, act, by=by)


def _refuse(faults: Faults) -> None:
    if faults:
        raise ValidationError({field or "__all__": said for field, said in faults})
