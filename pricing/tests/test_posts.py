"""Posts: kept with their parts, and seen one by one by the economist only."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import TestCase
from django.urls import reverse

from accounts.models import User
from objects.models import Role, RoleAssignment
from pricing.models import Post, PostPart
from pricing.services.posts import Part, copy_post, remove_post, restore_post, save_post
from pricing.tests.test_calculating import Cast, make_cast
from pricing.tests.test_weights import make_economist


class Posts(TestCase):
    cast: Cast
    economist: User
    post: Post

    @classmethod
    def setUpTestData(cls) -> None:
        cls.cast = make_cast()
        cls.economist = make_economist()
        post = Post(budget=cls.cast.budget, title="Tekniker", monthly_pay_ore=4_850_031, pay_from_on=date(2026, 1, 1))
        parts: list[Part] = [(cls.cast.team, Decimal(60)), (cls.cast.products["director"], Decimal(40))]
        cls.post = save_post(post, parts, by=cls.economist)

    def _parts(self, post: Post) -> list[tuple[int | None, int | None, Decimal]]:
        return list(
            PostPart.objects.filter(post=post).order_by("pk").values_list("pool_id", "budget_product_id", "weight")
        )

    def test_a_copy_has_the_same_parts(self) -> None:
        made = copy_post(self.post, by=self.economist)
        assert (made.pk != self.post.pk, self._parts(made)) == (True, self._parts(self.post))

    def test_a_removed_post_comes_back_as_it_was(self) -> None:
        before, lineage = self._parts(self.post), self.post.lineage
        remove_post(Post.objects.get(pk=self.post.pk), by=self.economist)
        post = restore_post(self.cast.budget, lineage, by=self.economist)
        assert (post.title, post.monthly_pay_ore, self._parts(post)) == ("Tekniker", 4_850_031, before)

    def test_a_carrier_is_named_once(self) -> None:
        with pytest.raises(ValidationError):
            save_post(self.post, [(self.cast.team, Decimal(1)), (self.cast.team, Decimal(2))], by=self.economist)

    def test_products_outside_the_base_grant_carry_no_post(self) -> None:
        with pytest.raises(ValidationError):
            save_post(self.post, [(self.cast.products["phones"], Decimal(1))], by=self.economist)

    def test_form_says_at_each_field_what_cannot_be_and_never_the_name_of_a_rule(self) -> None:
        self.client.force_login(self.economist)
        page = reverse("budgets:edit_post", args=[self.cast.budget.slug, self.post.lineage])
        typed = {
            "title": "Tekniker 850312-1234", "unit": "Anna Svensson", "kind": "post", "employment_percent": "120",
            "monthly_pay_ore": "-5", "pay_from_on": "2026-01-01", "from_on": "2026-10-01", "to_on": "2026-03-01",
        }  # fmt: skip
        answer = self.client.post(page, typed)
        assert answer.status_code == 422
        wrong = {"title", "unit", "employment_percent", "monthly_pay_ore", "to_on"}
        assert set(answer.context["form"].errors) == wrong
        for name in ("employment_is_a_percentage", "monthly_pay_in_range", "post_ends_after_it_begins"):
            assert name not in answer.content.decode()

    def test_service_refuses_who_has_a_post(self) -> None:
        self.post.note = "Anna Svensson"
        with pytest.raises(ValidationError):
            save_post(self.post, [(self.cast.team, Decimal(1))], by=self.economist)

    def test_pages_tell_pay_to_the_economist_only(self) -> None:
        slug, pool = self.cast.budget.slug, self.cast.team.lineage
        product = self.cast.products["director"].lineage
        pages = [
            reverse("budgets:posts", args=[slug]),
            reverse("budgets:pools", args=[slug]),
            reverse("budgets:pool", args=[slug, pool]),
            reverse("budgets:product_rests_on", args=[slug, product]),
        ]
        other = User.objects.create_user(email="revisor@pools.example", password="x")
        RoleAssignment.objects.create(user=other, role=Role.AUDITOR)
        self.client.force_login(other)
        for page in pages:
            answer = self.client.get(page)
            assert answer.status_code == 200
            assert "Tekniker" not in answer.content.decode()
        assert self.client.get(reverse("budgets:edit_post", args=[slug, self.post.lineage])).status_code == 403
        self.client.force_login(self.economist)
        assert "48\u202f500,31" in self.client.get(pages[0], headers={"accept-language": "sv"}).content.decode()
