"""The list of jobs."""

from __future__ import annotations

from datetime import timedelta

import django_tables2 as tables
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from records.models import Job
from records.words import name_of_kind
from web.tables import BaseTable

STATES = {
    Job.Status.WAITING: "draft",
    Job.Status.RUNNING: "submitted",
    Job.Status.DONE: "approved",
    Job.Status.FAILED: "bad",
    Job.Status.CANCELLED: "returned",
}

# Left out on a phone.
OPTIONAL = {"th": {"class": "opt"}, "td": {"class": "opt nowrap"}}


class JobTable(BaseTable):
    """Jobs with how far they are and what came of them."""

    caption = gettext_lazy("Jobs")
    caption_hidden = True
    title = tables.Column(verbose_name=gettext_lazy("Job"))
    status = tables.Column(verbose_name=gettext_lazy("Status"))
    kind = tables.Column(verbose_name=pgettext_lazy("of a job", "Kind"), attrs=OPTIONAL)
    started_by = tables.Column(verbose_name=gettext_lazy("Started by"), order_by="started_by__name")
    created_at = tables.Column(verbose_name=gettext_lazy("Started"), attrs={"td": {"class": "nowrap"}})
    duration = tables.Column(verbose_name=gettext_lazy("Duration"), attrs=OPTIONAL)

    class Meta:
        empty_text = gettext_lazy("No job matches.")

    def render_title(self, record: Job) -> SafeString:
        """Return a link to the job."""
        return format_html('<a href="{}">{}</a>', reverse("records:job", args=[record.uuid]), record.title)

    def render_status(self, record: Job) -> str:
        """Draw state, progress and result: the same part that an open page asks for again."""
        return render_to_string("records/_status.html", {"job": record, "state": state_of(record)})

    def render_kind(self, value: str) -> str | Promise:
        """Return what people call it."""
        return name_of_kind(value)

    def render_created_at(self, record: Job) -> str:
        """Return day and time."""
        return date_format(localtime(record.created_at), "Y-m-d H:i")

    def render_duration(self, value: timedelta) -> str:
        """Return how long it has run."""
        return format_duration(value)


def state_of(job: Job) -> str:
    """Return the sheet's state for a job's status."""
    return STATES[Job.Status(job.status)]


def format_duration(duration: timedelta | None) -> str:
    """Return a duration as people say it: seconds, or minutes and seconds."""
    if duration is None:
        return ""
    minutes, seconds = divmod(max(0, round(duration.total_seconds())), 60)
    if minutes:
        return _("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": seconds}
    return _("%(seconds)s s") % {"seconds": seconds}
