"""Jobs as people follow them, and the files they leave; when a person wants mail."""

from __future__ import annotations

import json
import logging
from functools import cached_property
from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from accounts.models import User
from records.filters import JobFilter
from records.forms import MailForm
from records.models import Job, StoredFile
from records.selectors import (
    find_file,
    find_job,
    find_result_file,
    list_jobs,
    list_kinds,
    list_named_jobs,
)
from records.selectors.collaboration import when_to_mail
from records.services.files import path_of
from records.services.jobs import cancel_job
from records.services.mail import choose_mail
from records.tables import JobTable, format_duration, state_of
from records.words import name_of_kind
from web.views import BaseListView, Context, Crumb, PageView

log = logging.getLogger(__name__)

NEWS_AT_MOST = 100
# What is downloaded loads nothing and runs nothing, should a browser show it all the same.
FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


class JobListView(BaseListView[Job]):
    """The reader's jobs, an administrator's view of all; the unfinished ones are followed."""

    title = gettext_lazy("Jobs")
    template_name = "records/jobs.html"
    table_class = JobTable
    request: HttpRequest

    @cached_property
    def kinds(self) -> list[tuple[str, str | Promise]]:
        """The kinds of job there are; none when there are no jobs."""
        return [(code, name_of_kind(code)) for code in list_kinds(cast(User, self.request.user))]

    def get_rows(self, user: User) -> QuerySet[Job]:
        """Return those the reader may see."""
        return list_jobs(user)

    def get_filterset(self, rows: object) -> JobFilter:
        """Filter by the kinds there are."""
        return JobFilter(self.request.GET, queryset=rows, request=self.request, kinds=self.kinds)

    def get_table_kwargs(self) -> dict[str, object]:
        """Leave out who started a job, which is the reader, but for an administrator."""
        return {} if cast(User, self.request.user).is_staff else {"exclude": ["started_by"]}

    def get_context_data(self, **kwargs: object) -> Context:
        """Add the address that tells news of the jobs shown."""
        context = super().get_context_data(**kwargs)
        shown = [row.record for row in context["table"].paginated_rows]
        followed = [job for job in shown if not job.is_finished]
        return {
            **context,
            "has_jobs": bool(self.kinds),
            "days": settings.JOB_RETENTION_DAYS,
            "news_url": news_url(followed),
        }


class JobNewsView(LoginRequiredMixin, View):
    """The states of the unfinished jobs that an open list shows."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show each job's state, to be put in its place; jobs that have finished since are read out."""
        jobs = list(list_named_jobs(cast(User, request.user), _read_uuids(request)))
        rows = [{"job": job, "state": state_of(job)} for job in jobs]
        followed = [job for job in jobs if not job.is_finished]
        response = render(request, "records/_news.html", {"rows": rows, "news_url": news_url(followed)})
        said = " ".join(say_end(job) for job in jobs if job.is_finished)
        return announce(response, said)


class InJob(PageView, TemplateView):
    """A page about a job that the reader may see; any other does not exist."""

    @cached_property
    def job(self) -> Job:
        """The address's job."""
        job = find_job(cast(User, self.request.user), self.kwargs["job"])
        if job is None:
            raise Http404
        return job

    def get_title(self) -> str:
        """Return the job's own."""
        return self.job.title

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the list."""
        return [(_("Jobs"), reverse("records:jobs"))]

    def get_context_data(self, **kwargs: object) -> Context:
        """Add the job."""
        shown = {"job": self.job, "state": state_of(self.job), "kind": name_of_kind(self.job.kind)}
        return super().get_context_data(**{**kwargs, **shown})


class JobView(InJob):
    """A job: how far it is while it runs, then what came of it."""

    template_name = "records/job.html"

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show the page, or for htmx the part that follows the job; its end is read out."""
        is_fragment = request.headers.get("HX-Request") == "true"
        context = self.get_context_data(
            is_fragment=is_fragment,
            file=find_result_file(cast(User, request.user), self.job),
            duration=format_duration(getattr(self.job, "duration", None)),
            days=settings.JOB_RETENTION_DAYS,
        )
        response = render(request, "records/_follow.html" if is_fragment else self.template_name, context)
        patch_vary_headers(response, ["HX-Request"])
        return announce(response, say_end(self.job) if is_fragment and self.job.is_finished else "")


class CancelJobView(InJob):
    """Asks whether to cancel, then does it."""

    template_name = "records/cancel.html"

    def get_title(self) -> str:
        """Return the question."""
        return _("Cancel %(title)s?") % {"title": self.job.title}

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the job."""
        return [*super().get_crumbs(), (self.job.title, reverse("records:job", args=[self.job.uuid]))]

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Cancel the job, and go back to it."""
        if self.job.is_finished:
            messages.info(request, _("The job had already finished, so there was nothing to cancel."))
        else:
            cancel_job(self.job, by=cast(User, request.user))
        return HttpResponseRedirect(reverse("records:job", args=[self.job.uuid]))


class FileView(LoginRequiredMixin, View):
    """A stored file as a download, for those who may see it."""

    def get(self, request: HttpRequest, file: UUID) -> HttpResponseBase:
        """Show the file, always as an attachment and never kept by a proxy; a page that says so when it is gone."""
        stored = find_file(cast(User, request.user), file)
        if stored is None:
            raise Http404
        return send_file(request, stored)


class MailView(PageView, TemplateView):
    """When the reader wants mail."""

    title = gettext_lazy("Mail to me")
    template_name = "records/mail.html"

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the account."""
        return [(_("My account"), reverse("account_profile"))]

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show the choice as it is."""
        user = cast(User, request.user)
        form = MailForm(initial={"when": when_to_mail([user])[user.pk]})
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Keep it."""
        form = MailForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        choose_mail(cast(User, request.user), when=form.cleaned_data["when"])
        messages.success(request, _("Your choice is saved."))
        return HttpResponseRedirect(reverse("records:mail"))


def send_file(request: HttpRequest, stored: StoredFile) -> HttpResponseBase:
    """Return a stored file as a download that no browser shows or runs; a page that says so when it is gone."""
    try:
        content = path_of(stored.path).open("rb")
    except OSError:
        log.exception("The stored file %s (%s) can't be read.", stored.uuid, stored.path)
        return render(
            request, "records/file_missing.html", {"title": _("The file is gone"), "file": stored}, status=404
        )
    response = FileResponse(content, as_attachment=True, filename=stored.name, content_type=stored.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = FILE_POLICY
    response["Cache-Control"] = "private, no-store"
    return response


def news_url(jobs: list[Job]) -> str:
    """Return the address that tells news of these jobs; empty when there are none."""
    query = "&".join(f"job={job.uuid}" for job in jobs)
    return f"{reverse('records:job_news')}?{query}" if jobs else ""


def say_end(job: Job) -> str:
    """Return how a finished job ended, for a screen reader."""
    said = {
        Job.Status.DONE: _("%(title)s is done."),
        Job.Status.FAILED: _("%(title)s failed."),
        Job.Status.CANCELLED: _("%(title)s is cancelled."),
    }
    return said[Job.Status(job.status)] % {"title": job.title}


def announce(response: HttpResponse, text: str) -> HttpResponse:
    """Have the page that asks read a text out."""
    if text:
        response["HX-Trigger"] = json.dumps({"announce": text})
    return response


def _read_uuids(request: HttpRequest) -> list[UUID]:
    """Return the jobs asked for; what is no uuid is left out."""
    uuids = []
    for text in request.GET.getlist("job")[:NEWS_AT_MOST]:
        try:
            uuids.append(UUID(text))
        except ValueError:
            log.info("News was asked for of %r, which is no job.", text)
    return uuids
