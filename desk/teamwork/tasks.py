"""My tasks: what waits for the reader in all sub-budgets, and ticking it off."""

from __future__ import annotations

from functools import cached_property

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.selectors.collaboration import can_read, load_my_tasks, page_of
from budgets.services.collaboration import change_task
from desk.teamwork.view import InCollaboration
from pages.form_view import ReaderView
from records.forms import TaskForm
from records.models import Task
from records.selectors.collaboration import can_change_task, find_task, list_mentions
from records.services.comments import handle_mention
from records.services.tasks import end_task, finish_task, reopen_task
from web.views import Context, own_address

SHOWN = (("open", gettext_lazy("Waiting")), ("given", gettext_lazy("Given to others")), ("done", gettext_lazy("Done")))


class MyTasksView(ReaderView):
    """Tasks, mentions and comments to resolve; `show` chooses which tasks."""

    title = gettext_lazy("To do")
    nav_key = "my_tasks"
    help_key = "together"
    template_name = "desk/teamwork/my_tasks.html"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Keep those outside the federation out."""
        if request.user.is_authenticated and not can_read(self.reader):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: object) -> Context:
        """Read what waits."""
        asked = self.request.GET.get("show", "open")
        show = asked if asked in dict(SHOWN) else "open"
        chips = [{"label": label, "url": f"?show={key}", "current": key == show} for key, label in SHOWN]
        return super().get_context_data(mine=load_my_tasks(self.reader, show), show=show, chips=chips, **kwargs)

    def go(self, said: str) -> HttpResponse:
        """Lead back to where the reader ticked it off."""
        messages.success(self.request, said)
        back = own_address(self.request.POST.get("back", ""))
        return HttpResponseRedirect(back or reverse("budgets:my_tasks"))


class FinishTaskView(MyTasksView):
    """Ticks a task off, or takes that back."""

    http_method_names = ["post"]
    finishes = True

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Do it; doing it twice does no harm."""
        task = find_task(self.reader, self.kwargs["task"])
        if task is None:
            raise Http404
        (finish_task if self.finishes else reopen_task)(task, by=self.reader)
        said = _("Done: %(text)s") if self.finishes else _("Not done: %(text)s")
        return self.go(said % {"text": task.text})


class InGivenTask(InCollaboration):
    """A page about a task of the sub-budget that the reader gave."""

    @cached_property
    def task(self) -> Task:
        """The address's task; PermissionDenied for those who did not give it, or when it is done."""
        task = find_task(self.reader, self.kwargs["task"])
        if task is None or task.page != page_of(self.sub_budget):
            raise Http404
        if not can_change_task(task, self.reader):
            raise PermissionDenied
        return task

    def back(self, said: str) -> HttpResponse:
        """Lead back to what the reader gave to others."""
        messages.success(self.request, said)
        return HttpResponseRedirect(f"{reverse('budgets:my_tasks')}?show=given")


class ChangeTaskView(InGivenTask):
    """Changes a task that the reader gave: what, who and until when."""

    template_name = "desk/teamwork/change_task.html"

    def get_title(self) -> str:
        """Return what the form does."""
        return _("Change task")

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show the form."""
        return self.render_to_response(self.get_context_data(form=self.make_form(), task=self.task))

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Save, or say what is to be corrected."""
        form = self.make_form(request.POST)
        if not form.is_valid():
            return self.render_part(self.template_name, self.get_context_data(form=form, task=self.task), status=422)
        change_task(self.sub_budget, self.task, by=self.reader, **form.cleaned_data)
        return self.back(_("The task is saved."))

    def make_form(self, data: QueryDict | None = None) -> TaskForm:
        """Return the form with what the task says now."""
        now = {"text": self.task.text, "to": str(self.task.to.uuid), "due_on": self.task.due_on}
        return TaskForm(data, people=self.people, initial=now)


class EndTaskView(InGivenTask):
    """Asks before ending a task that the reader gave, and ends it."""

    template_name = "desk/teamwork/end_task.html"

    def get_title(self) -> str:
        """Return the question."""
        return _("End the task?")

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Ask."""
        return self.render_to_response(self.get_context_data(task=self.task))

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """End it."""
        end_task(self.task, by=self.reader)
        return self.back(_("The task is ended."))


class HandleMentionView(MyTasksView):
    """Puts a mention away without resolving the comment."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Do it."""
        mention = list_mentions(self.reader).filter(uuid=self.kwargs["mention"]).first()
        if mention is None:
            raise Http404
        handle_mention(mention)
        return self.go(_("The mention is done."))
