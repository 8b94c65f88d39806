"""Addresses of the first page and the budget overview."""

from django.urls import include, path

from reports import views
from reports.views.costs import CostsView
from reports.views.dashboard import DashboardView
from reports.views.exports import WorkbookView
from reports.views.house import AccessibilityView, HelpView

app_name = "reports"
urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("accessibility/", AccessibilityView.as_view(), name="accessibility"),
    path("", include("reports.history_urls")),
    path("help/", HelpView.as_view(), name="help"),
    path("budgets/<slug:budget>/", views.OverviewView.as_view(), name="overview"),
    path("budgets/<slug:budget>/figures/", views.FiguresView.as_view(), name="overview_figures"),
    path("budgets/<slug:budget>/workbook/", WorkbookView.as_view(), name="workbook"),
    path("budgets/<slug:budget>/costs/", CostsView.as_view(), name="costs"),
    path("budgets/<slug:budget>/dashboard/", DashboardView.as_view(), name="dashboard"),
]
