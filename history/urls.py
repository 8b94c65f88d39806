"""Addresses of history; a change is named by its number, which verify_history names too."""

from django.urls import path

from history import restore as history_lines
from history import seal_views as history_seals
from history import views as history

budget = "budgets/<slug:budget>/"
sub_budget = f"{budget}sub-budgets/<slug:sub_budget>/"
line = f"{sub_budget}lines/<uuid:line>/history/"
urlpatterns = [
    path(f"{budget}history/", history.BudgetHistoryView.as_view(), name="budget_history"),
    path(f"{budget}history/compare/", history.BudgetCompareView.as_view(), name="budget_compare"),
    path(f"{sub_budget}history/", history.SubBudgetHistoryView.as_view(), name="sub_budget_history"),
    path(f"{sub_budget}history/compare/", history.SubBudgetCompareView.as_view(), name="sub_budget_compare"),
    path(line, history_lines.LineHistoryView.as_view(), name="line_history"),
    path(f"{line}<int:event>/restore/", history_lines.RestoreValuesView.as_view(), name="restore_values"),
    path("people/<uuid:person>/history/", history.PersonHistoryView.as_view(), name="person_history"),
    path("history/seals/", history_seals.SealsView.as_view(), name="seals"),
    path("history/head/", history_seals.HeadView.as_view(), name="history_head"),
]
