"""Personnel of a budget: the table that everybody inside reads, and posts one by one for the economist only."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from desk.posts.base import UnderPosts
from desk.posts.form import PostForm
from desk.posts.rows import list_personnel_rows
from pages.changes import load_changes
from pages.form_view import FormView
from pages.imports import find_import_url
from pages.pools import InPools
from pricing.models import Post
from pricing.selectors.ends import follow_post
from pricing.selectors.personnel import load_personnel_table
from pricing.selectors.posts import list_own_rows, list_parts, list_post_rows
from pricing.selectors.state import load_calculation
from pricing.services.posts import copy_post, remove_post, restore_post, save_post
from records.models import Provenance
from records.selectors.imports import find_origin
from web.numbers import format_decimal
from web.typing import Context


class PostsView(InPools, TemplateView):
    """The personnel table and full-time equivalents; posts only to the economist."""

    title = gettext_lazy("Personnel")
    nav_key = "posts"
    template_name = "desk/posts/posts.html"

    def get_context_data(self, **kwargs: object) -> Context:
        """Add the table, and what the reader may see of posts."""
        table = load_personnel_table(self.budget)
        own = {
            "years": self.budget.years,
            "rows": list_personnel_rows(table),
            "full_time_shown": [_show_equivalents(count) for count in table.full_time],
            "own_rows": list_own_rows(self.budget),
            "posts": list_post_rows(self.budget, self.reader),
            "can_edit": self.can_edit,
            "problem_count": len(load_calculation(self.budget).problems),
            "import_url": find_import_url("staff", self.reader, self.budget.slug),
            "removed": _read_lineage(self.request.GET.get("removed", "")) if self.can_edit else None,
        }
        return super().get_context_data(**{**own, **kwargs})


def _read_lineage(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _show_equivalents(count: Fraction) -> str:
    exact = Decimal(count.numerator) / Decimal(count.denominator)
    return format_decimal(exact, decimals=2)


class NewPostView(UnderPosts, FormView):
    """Adds a post."""

    title = gettext_lazy("New post")
    template_name = "desk/posts/post_form.html"
    submit = gettext_lazy("Add")

    def require(self) -> None:
        """Nobody else gets this far."""

    @cached_property
    def instance(self) -> Post:
        """A new one."""
        return Post(budget=self.budget, pay_from_on=timezone.localdate().replace(month=1, day=1))

    def get_form(self, data: QueryDict | None = None) -> PostForm:
        """Return the form."""
        parts = list_parts(self.instance) if self.instance.pk else []
        return PostForm(data, instance=self.instance, parts=parts)

    def get_return_url(self) -> str:
        """Return the page of all posts."""
        return self.posts_url

    def save(self, form: PostForm) -> str:
        """Save it with its parts."""
        save_post(form.instance, form.list_parts(), by=self.reader, seen=form.cleaned_data["seen"])
        return _("“%(text)s” is saved.") % {"text": form.instance.title}

    def get_context_data(self, **kwargs: object) -> Context:
        """Add the post, where it is there."""
        return super().get_context_data(**{"post": self.instance if self.instance.pk else None, **kwargs})


class EditPostView(NewPostView):
    """Changes a post."""

    title = gettext_lazy("Change the post")
    submit = gettext_lazy("Save")

    @cached_property
    def instance(self) -> Post:
        """The address's post."""
        return self.post_row


class PostView(UnderPosts, TemplateView):
    """A post: what is agreed, who carries it, and where its cost ends up; the economist's, also when it is frozen."""

    template_name = "desk/posts/post.html"
    writes = False

    def get_title(self) -> str:
        """Return its title."""
        return str(self.post_row.title)

    def get_context_data(self, **kwargs: object) -> Context:
        """Add what it costs and where that ends up."""
        row = self.post_row
        is_read_in = row.provenance == Provenance.IMPORTED
        own = {
            "post": row,
            "followed": follow_post(row),
            "origin": find_origin("staff", row.pk) if is_read_in else None,
            "changes": load_changes(self.reader, row),
            "can_edit": self.can_edit,
            "years": self.budget.years,
        }
        return super().get_context_data(**{**kwargs, **own})


class ActView(UnderPosts, TemplateView):
    """Copies, removes or puts back a post."""

    http_method_names = ["post"]


class CopyPostView(ActView):
    """Adds a post that is as this one."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Copy, and lead to the copy."""
        made = copy_post(self.post_row, by=self.reader)
        messages.success(request, _("“%(text)s” is copied. This is the copy.") % {"text": made.title})
        return HttpResponseRedirect(reverse("budgets:edit_post", args=[self.budget.slug, made.lineage]))


class RemovePostView(ActView):
    """Removes a post, which can be put back."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Remove, and offer to put it back."""
        row = self.post_row
        remove_post(row, by=self.reader)
        messages.success(request, _("“%(text)s” is removed.") % {"text": row.title})
        return HttpResponseRedirect(f"{self.posts_url}?removed={row.lineage}")


class RestorePostView(ActView):
    """Puts a removed post back."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Put it back, or say that there is none."""
        try:
            row = restore_post(self.budget, self.kwargs["post"], by=self.reader)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("“%(text)s” is back.") % {"text": row.title})
        return HttpResponseRedirect(self.posts_url)
