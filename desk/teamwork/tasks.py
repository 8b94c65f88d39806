"""My tasks: what waits for the reader in all sub-budgets, and ticking it off."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.selectors.collaboration import can_read, load_my_tasks
from pages.form_view import ReaderView
from records.selectors.collaboration import find_task, list_mentions
from records.services.comments import handle_mention
from records.services.tasks import finish_task, reopen_task
from web.views import Context, own_address

SHOWN = (("open", gettext_lazy("Waiting")), ("given", gettext_lazy("Given to others")), ("done", gettext_lazy("Done")))


class MyTasksView(ReaderView):
    """Tasks, mentions and comments to resolve; `show` chooses which tasks."""

    title = gettext_lazy("To do")
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
