"""Comments, attachments and tasks of a sub-budget. Each is a page, and a part of a page for htmx."""

from __future__ import annotations

from functools import cached_property
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from budgets.selectors.collaboration import (
    Subject,
    can_read,
    can_remove_attachment,
    can_write,
    find_subject,
    list_people,
    page_of,
)
from budgets.services import collaboration as services
from desk.teamwork.parts import comments_context, files_context, tasks_context
from desk.teamwork.words import list_subjects
from pages.base import InSubBudget
from records.forms import AttachmentForm, CommentForm, ReplyForm, TaskForm
from records.models import Comment, StoredFile
from records.selectors.collaboration import can_change_comment, can_remove_comment, find_attachment, find_comment
from records.services.attachments import FileError
from records.views import send_file
from web.names import name_of
from web.views import Crumb


class InCollaboration(InSubBudget):
    """What is internal to the federation on a sub-budget. `?about=` names a product or line."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Answer 404 for another budget's pages, and keep those outside the federation out."""
        if request.user.is_authenticated and self.sub_budget and not can_read(self.reader):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def people(self) -> list[User]:
        """Those who may be mentioned and given tasks."""
        return list(list_people())

    @cached_property
    def subject(self) -> Subject | None:
        """What the address's `about` names, or None for the whole page."""
        text = self.request.GET.get("about", "")
        if not text:
            return None
        try:
            subject = find_subject(self.sub_budget, UUID(text))
        except ValueError:
            subject = None
        if subject is None:
            raise Http404
        return subject

    @property
    def about(self) -> UUID:
        """What is written about."""
        return self.subject.about if self.subject else self.sub_budget.lineage

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to the sub-budget."""
        return [*super().get_crumbs(), (name_of(self.sub_budget), self.page_url())]

    def require_write(self) -> None:
        """Stop those who only read."""
        if not can_write(self.reader):
            raise PermissionDenied

    def go(self, part: str, said: str = "", hint: str = "") -> HttpResponse:
        """Lead back to where the reader was, at a `part` of the page; a `hint` is what went otherwise than meant."""
        if said:
            messages.success(self.request, said)
        if hint:
            messages.warning(self.request, hint)
        if self.subject:
            address = reverse("budgets:comments", args=self.address)
            return HttpResponseRedirect(f"{address}?about={self.subject.about}#{part}")
        return HttpResponseRedirect(f"{self.page_url()}#{part}")


class CommentsView(InCollaboration):
    """The comments and attachments of a sub-budget, product or line; a new comment."""

    template_name = "desk/teamwork/comments.html"

    def get_title(self) -> str:
        """Return what is commented on."""
        if self.subject is None:
            return _("Comments on %(name)s") % {"name": name_of(self.sub_budget)}
        name = self.subject.full_name or _("a deleted line")
        return _("Comments on %(name)s") % {"name": name}

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show the page."""
        return self.show()

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Write a comment, or say what is to be corrected."""
        self.require_write()
        form = CommentForm(request.POST, people=self.people, key=f"{self.beside}new")
        if not form.is_valid():
            return self.show(status=422, comment_form=form, fresh="new")
        comment = services.add_comment(
            self.sub_budget, about=self.about, text=form.cleaned_data["text"], by=self.reader, mentioned=form.mentioned
        )
        return self.answer(_("Your comment is saved."), comment, fresh="new", hint=form.say_unknown())

    @property
    def beside(self) -> str:
        """What the ids of the comments beside the table begin with: those of the page below have the same names."""
        return "beside-" if "beside" in self.request.GET else ""

    def answer(self, said: str, comment: Comment, *, fresh: str = "", hint: str = "") -> HttpResponse:
        """Answer a change: for htmx with the comments, else by leading back to the page."""
        if self.is_fragment:
            return self.show(said=f"{said} {hint}".strip(), fresh=fresh, hint=hint)
        return self.go(f"comment-{comment.uuid}", said, hint)

    def show(self, *, status: int = 200, said: str = "", fresh: str = "", **shown: object) -> HttpResponse:
        """Show the page, or the comments alone for htmx. `fresh` names the form that must not keep what was typed."""
        own = comments_context(
            self.sub_budget, self.reader, self.people, subject=self.subject, fresh=fresh, beside=self.beside
        )
        context = {**own, **shown, "is_fragment": self.is_fragment, "can_read_comments": True}
        if self.is_fragment:
            return self.render_part(
                "desk/teamwork/_comments.html", self.get_context_data(**context), announce=said, status=status
            )
        files = files_context(self.sub_budget, self.reader, self.subject)
        subjects = [] if self.subject else list_subjects(self.sub_budget)
        whole = self.get_context_data(**context, **files, subjects=subjects)
        return self.render_part(self.template_name, whole, status=status)


class InComment(CommentsView):
    """A page about one comment of the sub-budget."""

    @cached_property
    def comment(self) -> Comment:
        """The address's comment."""
        comment = find_comment(page_of(self.sub_budget), self.kwargs["comment"])
        if comment is None:
            raise Http404
        return comment

    @property
    def start(self) -> Comment:
        """The comment that began the thread."""
        return self.comment.parent or self.comment


class ReplyView(InComment):
    """Answers a comment."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Write the reply, or say what is to be corrected in the thread's own form."""
        start = self.start
        self.require_write()
        key = f"reply-{start.uuid}"
        form = ReplyForm(request.POST, people=self.people, key=f"{self.beside}{start.uuid}")
        if not form.is_valid():
            return self.show(status=422, reply_form=form, reply_to=start.pk, fresh=key)
        reply = services.add_comment(
            self.sub_budget,
            about=start.about,
            text=form.cleaned_data["text"],
            by=self.reader,
            mentioned=form.mentioned,
            parent=start,
        )
        return self.answer(_("Your reply is saved."), reply, fresh=key, hint=form.say_unknown())


class ResolveView(InComment):
    """Marks a thread as resolved, or takes that back."""

    http_method_names = ["post"]
    resolves = True

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Do it; doing it twice does no harm."""
        start = self.start
        (services.resolve_comment if self.resolves else services.reopen_comment)(start, by=self.reader)
        return self.answer(_("The comment is resolved.") if self.resolves else _("The comment is open again."), start)


class ChangeCommentView(InComment):
    """Changes an own comment."""

    template_name = "desk/teamwork/comment_form.html"

    def get_title(self) -> str:
        """Return what the form does."""
        return _("Change comment")

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show the form."""
        self.require_change()
        form = ReplyForm(people=self.people, key="change", initial={"text": self.comment.text})
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Save, or say what is to be corrected."""
        self.require_change()
        form = ReplyForm(request.POST, people=self.people, key="change")
        if not form.is_valid():
            return self.render_part(self.template_name, self.get_context_data(form=form), status=422)
        text = form.cleaned_data["text"]
        services.change_comment(self.sub_budget, self.comment, text=text, by=self.reader, mentioned=form.mentioned)
        return self.go(f"comment-{self.comment.uuid}", _("Your comment is saved."), form.say_unknown())

    def require_change(self) -> None:
        """Stop everybody but the author, and the author after a day."""
        if not can_change_comment(self.comment, self.reader):
            raise PermissionDenied


class RemoveCommentView(InComment):
    """Asks before removing an own comment, and removes it."""

    template_name = "desk/teamwork/comment_remove.html"

    def get_title(self) -> str:
        """Return the question."""
        return _("Remove the comment?")

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Ask."""
        if not can_remove_comment(self.comment, self.reader):
            raise PermissionDenied
        return self.render_to_response(self.get_context_data(comment=self.comment))

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Remove it."""
        services.remove_comment(self.comment, by=self.reader)
        return self.go("comments", _("The comment is removed."))


class FilesView(InCollaboration):
    """The attachments of a sub-budget, product or line; a new one."""

    template_name = "desk/teamwork/files.html"

    def get_title(self) -> str:
        """Return where they are attached."""
        name = self.subject.full_name if self.subject and self.subject.name else name_of(self.sub_budget)
        return _("Attachments of %(name)s") % {"name": name}

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show the page."""
        return self.show()

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Keep the file, or say why not."""
        self.require_write()
        form = AttachmentForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                file = services.attach_file(self.sub_budget, form.upload, about=self.about, by=self.reader)
            except FileError as error:
                form.add_error("file", str(error))
        if form.errors:
            return self.show(status=422, file_form=form)
        said = _("“%(name)s” is attached.") % {"name": file.name}
        return self.show(said=said) if self.is_fragment else self.go("attachments", said)

    def show(self, *, status: int = 200, said: str = "", **shown: object) -> HttpResponse:
        """Show the page, or the attachments alone for htmx."""
        own = files_context(self.sub_budget, self.reader, self.subject, **shown)
        template = "desk/teamwork/_files.html" if self.is_fragment else self.template_name
        return self.render_part(template, self.get_context_data(**own), announce=said, status=status)


class InFile(InCollaboration):
    """A page about one attachment of the sub-budget."""

    @cached_property
    def file(self) -> StoredFile:
        """The address's attachment."""
        file = find_attachment(page_of(self.sub_budget), self.kwargs["file"])
        if file is None:
            raise Http404
        return file


class FileView(InFile):
    """An attachment as a download."""

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:  # type: ignore[override]
        """Send the file."""
        return send_file(request, self.file)


class RemoveFileView(InFile):
    """Asks before removing an attachment, and removes it."""

    template_name = "desk/teamwork/file_remove.html"

    def get_title(self) -> str:
        """Return the question."""
        return _("Remove “%(name)s”?") % {"name": self.file.name}

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Ask."""
        if not can_remove_attachment(self.reader, self.file):
            raise PermissionDenied
        return self.render_to_response(self.get_context_data(file=self.file))

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Remove it."""
        name = self.file.name
        services.remove_attachment(self.file, by=self.reader)
        return self.go("attachments", _("“%(name)s” is removed.") % {"name": name})


class GiveTaskView(InCollaboration):
    """Asks somebody to do something about the sub-budget."""

    template_name = "desk/teamwork/task_form.html"

    def get_title(self) -> str:
        """Return what the form does."""
        name = (self.subject.full_name if self.subject else "") or name_of(self.sub_budget)
        return _("New task about %(name)s") % {"name": name}

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show the form."""
        self.require_write()
        return self.show()

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Give the task, or say what is to be corrected."""
        self.require_write()
        form = TaskForm(request.POST, people=self.people)
        if not form.is_valid():
            return self.show(status=422, task_form=form)
        task = services.give_task(self.sub_budget, by=self.reader, about=self.about, **form.cleaned_data)
        said = _("%(name)s has the task.") % {"name": task.to.get_full_name()}
        return self.show(said=said) if self.is_fragment else self.go("tasks", said)

    def show(self, *, status: int = 200, said: str = "", **shown: object) -> HttpResponse:
        """Show the page, or the tasks alone for htmx."""
        own = tasks_context(self.sub_budget, self.reader, self.people, self.subject, **shown)
        template = "desk/teamwork/_page_tasks.html" if self.is_fragment else self.template_name
        return self.render_part(template, self.get_context_data(**own), announce=said, status=status)
