"""Addresses of forecasts."""

from django.urls import path

from forecasts import views

app_name = "forecasts"
urlpatterns = [
    path("budgets/<slug:budget>/loans/", views.LoansView.as_view(), name="loans"),
    path("budgets/<slug:budget>/reconciliation/", views.ReconciliationView.as_view(), name="reconciliation"),
    path("budgets/<slug:budget>/reconciliation/reason/", views.ReasonView.as_view(), name="reason"),
    path("budgets/<slug:budget>/reconciliation/reason/remove/", views.RemoveReasonView.as_view(), name="remove_reason"),
    path("budgets/<slug:budget>/reconciliation/reason/undo/", views.UndoReasonView.as_view(), name="undo_reason"),
]
