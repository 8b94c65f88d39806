"""The device register: the list with its ages, a batch with what has become of it, the forms, and taking back."""

from __future__ import annotations

from functools import cached_property
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from desk.devices.ages import AgeTable, tell_ages
from desk.devices.form import DeviceForm, RetireForm, WriteDownForm
from desk.devices.table import DeviceFilter, DeviceTable
from desk.devices.words import MARKS, say_event
from investments.models import DeviceBatch, DeviceEvent
from investments.selectors.devices import count_left, find_device, list_devices, list_events, load_ages
from investments.services.devices import (
    REGISTER,
    remove_devices,
    retire_devices,
    save_devices,
    undo_devices_act,
    write_down_devices,
)
from objects.models.roles import roles_of
from objects.selectors.registers import can_keep, list_register_acts
from pages.acts import tell_acts
from pages.changes import load_changes
from pages.form_view import FormView, ReaderView
from pages.imports import find_import_url
from pages.registers import InRegister, KeepView, RemoveRowView, UndoActView
from records.selectors.uses import Use
from web.views import BaseListView, Context, Crumb

TITLE = gettext_lazy("Device register")


class DeviceListView(BaseListView[DeviceBatch]):
    """All batches that the reader may see, with their ages by class and member."""

    title = TITLE
    nav_key = "devices"
    template_name = "desk/devices/devices.html"
    table_class = DeviceTable
    filterset_class = DeviceFilter
    object_list: QuerySet[DeviceBatch]

    def get_rows(self, user: User) -> QuerySet[DeviceBatch]:
        """Return those the reader may see."""
        if not roles_of(user):
            raise PermissionDenied
        return list_devices(user)

    def get_context_data(self, **kwargs: object) -> Context:
        """Add ages, what the reader may do, and what has been done."""
        keeps = can_keep(self.reader)
        shown = {
            "ages": self.ages,
            "can_keep": keeps,
            "import_url": find_import_url("devices", self.reader) if keeps else "",
            "acts": tell_acts(list_register_acts(REGISTER, self.reader), _undo_url),
            "has_rows": DeviceBatch.objects.visible_to(self.reader).exists(),
        }
        return super().get_context_data(**shown, **kwargs)

    @cached_property
    def ages(self) -> AgeTable:
        """How old the devices are."""
        today = timezone.localdate()
        return tell_ages(load_ages(self.reader, today), today)


def _undo_url(act: UUID) -> str:
    return reverse("objects:undo_devices_act", args=[act])


class InDevices(InRegister):
    """A page below the register."""

    nav_key = "devices"
    list_label = TITLE

    @property
    def list_url(self) -> str:
        """The list's address."""
        return reverse("objects:devices")

    @cached_property
    def row(self) -> DeviceBatch:
        """The address's batch; to who may not see it there is none."""
        row = find_device(self.reader, self.kwargs["device"])
        if row is None:
            raise Http404
        return row

    @property
    def row_url(self) -> str:
        """The batch's page."""
        return reverse("objects:device", args=[self.row.uuid])


class DeviceView(InDevices, ReaderView):
    """A batch: what it is, what has become of it, and its history."""

    template_name = "desk/devices/device.html"

    def get_title(self) -> str:
        """Return its name."""
        return str(self.row)

    def get_context_data(self, **kwargs: object) -> Context:
        """Add its events."""
        row = self.row
        events = [(event, say_event(event)) for event in list_events(row)]
        shown = {
            "row": row,
            "state": (MARKS[row.state], row.get_state_display()),
            "events": events,
            "can_keep": can_keep(self.reader),
            "is_held": row.state in (DeviceBatch.State.IN_USE, DeviceBatch.State.IN_STORAGE),
            "changes": load_changes(self.reader, row, DeviceEvent),
        }
        return super().get_context_data(**shown, **kwargs)


class NewDeviceView(InDevices, KeepView):
    """Adds a batch."""

    title = gettext_lazy("Add devices")
    submit = gettext_lazy("Save")

    @cached_property
    def row(self) -> DeviceBatch:
        """A new one."""
        return DeviceBatch()

    def get_form(self, data: QueryDict | None = None) -> DeviceForm:
        """Return the form."""
        return DeviceForm(data, instance=self.row)

    def save(self, form: DeviceForm) -> str:
        """Save it."""
        row = save_devices(form.instance, by=self.reader, seen=form.cleaned_data["seen"])
        return _("“%(name)s” is saved.") % {"name": row}


class EditDeviceView(NewDeviceView):
    """Changes a batch."""

    title = gettext_lazy("Change devices")

    # Of one that is there, not of a new one.
    row = InDevices.row

    def get_return_url(self) -> str:
        """Return its page."""
        return self.row_url

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to it."""
        return [*super().get_crumbs(), (str(self.row), self.row_url)]


class OfDeviceView(InDevices, FormView):
    """A form of what becomes of a batch, which leads back to it."""

    submit = gettext_lazy("Save")

    def get_return_url(self) -> str:
        """Return its page."""
        return self.row_url

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to it."""
        return [*super().get_crumbs(), (str(self.row), self.row_url)]


class RetireView(OfDeviceView):
    """Retires or sells some of a batch, or all of it."""

    title = gettext_lazy("Retire or sell devices")

    def get_form(self, data: QueryDict | None = None) -> RetireForm:
        """Return the form, with all that are left filled in."""
        return RetireForm(data, row=self.row, left=count_left(self.row))

    def save(self, form: RetireForm) -> str:
        """Retire them."""
        typed = form.cleaned_data
        retire_devices(
            self.row,
            number=typed["number"],
            month_on=typed["month_on"],
            price=typed["price_ore"] or 0,
            by=self.reader,
        )
        return _("They are retired. It can be undone below the register.")


class WriteDownView(OfDeviceView):
    """Records that those left of a batch are worth less."""

    title = gettext_lazy("Write down devices")

    def get_form(self, data: QueryDict | None = None) -> WriteDownForm:
        """Return the form."""
        return WriteDownForm(data)

    def save(self, form: WriteDownForm) -> str:
        """Write them down."""
        typed = form.cleaned_data
        write_down_devices(self.row, month_on=typed["month_on"], value=typed["value_ore"], by=self.reader)
        return _("They are written down. It can be undone below the register.")


class RemoveDeviceView(InDevices, RemoveRowView):
    """Removes a batch that was entered by mistake."""

    title = gettext_lazy("Remove the devices?")
    goes_with = gettext_lazy(
        "What has been retired or written down of them goes too. What is sold or scrapped is retired instead."
    )

    def find_row(self) -> DeviceBatch:
        """Return it."""
        return self.row

    def list_uses(self) -> list[Use]:
        """Nothing points to it but its own events."""
        return []

    def remove(self) -> None:
        """Remove it."""
        remove_devices(self.row, by=self.reader)

    def get_return_url(self) -> str:
        """Return its page."""
        return self.row_url

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to it."""
        return [*super().get_crumbs(), (str(self.row), self.row_url)]


class UndoDevicesView(InDevices, UndoActView):
    """Takes back a change of the register."""

    def undo(self) -> None:
        """Take it back."""
        undo_devices_act(self.kwargs["act"], by=self.reader)
