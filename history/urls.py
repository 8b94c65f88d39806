"""Addresses of history; a change is named by its number, which verify_history names too."""

from django.urls import path

from history import compare, reasons, seals, views

budget = "budgets/<slug:budget>/"
sub_budget = f"{budget}sub-budgets/<slug:sub_budget>/"
line = f"{sub_budget}lines/<uuid:line>/history/"
urlpatterns = [
    path(f"{budget}history/", views.BudgetHistoryView.as_view(), name="budget_history"),
    path(f"{budget}compare/", compare.CompareView.as_view(), name="compare"),
    path(f"{budget}history/compare/", compare.MomentsView.as_view(), name="budget_compare"),
    path(f"{sub_budget}history/", views.SubBudgetHistoryView.as_view(), name="sub_budget_history"),
    path(f"{sub_budget}history/compare/", compare.SubBudgetMomentsView.as_view(), name="sub_budget_compare"),
    path(line, views.LineHistoryView.as_view(), name="line_history"),
    path(f"{line}<int:event>/restore/", views.RestoreValuesView.as_view(), name="restore_values"),
    path("history/", views.WholeHistoryView.as_view(), name="history"),
    path("people/<uuid:person>/history/", views.PersonHistoryView.as_view(), name="person_history"),
    path("history/acts/<uuid:act>/reason/", reasons.ReasonView.as_view(), name="act_reason"),
    path("history/seals/", seals.SealsView.as_view(), name="seals"),
    path("history/head/", seals.HeadView.as_view(), name="history_head"),
]
