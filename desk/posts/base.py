"""What the pages of posts start from: who reads them, and the address's post."""

from __future__ import annotations

from functools import cached_property

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from pages.pools import InPools
from pricing.models import Post
from pricing.selectors.posts import find_post
from web.views import Crumb


class UnderPosts(InPools):
    """A page of one post, or of a new one: the economist's."""

    nav_key = "posts"
    writes = True

    @property
    def posts_url(self) -> str:
        """The page of all posts."""
        return reverse("budgets:posts", args=[self.budget.slug])

    @cached_property
    def post_row(self) -> Post:
        """The address's post; to who may not see it there is none."""
        post = find_post(self.budget, self.kwargs["post"], self.reader)
        if post is None:
            raise Http404
        return post

    def get_crumbs(self) -> list[Crumb]:
        """Lead up to all posts."""
        return [*super().get_crumbs(), (_("Personnel"), self.posts_url)]
