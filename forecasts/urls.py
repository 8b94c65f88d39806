"""Addresses of forecasts."""

from django.urls import path

from forecasts import views
from forecasts.views import workflow

app_name = "forecasts"
way = "budgets/<slug:budget>/workflow/"
urlpatterns = [
    path("budgets/<slug:budget>/loans/", views.LoansView.as_view(), name="loans"),
    path("budgets/<slug:budget>/reconciliation/", views.ReconciliationView.as_view(), name="reconciliation"),
    path("budgets/<slug:budget>/reconciliation/reason/", views.ReasonView.as_view(), name="reason"),
    path("budgets/<slug:budget>/reconciliation/reason/remove/", views.RemoveReasonView.as_view(), name="remove_reason"),
    path("budgets/<slug:budget>/reconciliation/reason/undo/", views.UndoReasonView.as_view(), name="undo_reason"),
    path(way, workflow.WorkflowView.as_view(), name="workflow"),
    path(f"{way}deadlines/", workflow.DeadlinesView.as_view(), name="deadlines"),
    path(f"{way}compile/", workflow.CompileView.as_view(), name="compile"),
    path(f"{way}propose/", workflow.ProposeView.as_view(), name="propose"),
    path(f"{way}reopen/", workflow.ReopenView.as_view(), name="reopen"),
    path(f"{way}adopt/", workflow.AdoptView.as_view(), name="adopt"),
    path(f"{way}revise/", workflow.ReviseView.as_view(), name="revise"),
]
