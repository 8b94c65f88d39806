"""Addresses of forecasts."""

from django.urls import path

from forecasts import views

app_name = "forecasts"
urlpatterns = [path("budgets/<slug:budget>/loans/", views.LoansView.as_view(), name="loans")]
