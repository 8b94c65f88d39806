"""Addresses of the first page, the budget overview, the dashboard, costs, workbooks and help."""

from django.urls import path

from reports.balance.view import BalanceView, BalanceWorkbookView
from reports.costs.view import CostsView
from reports.dashboard.view import DashboardView
from reports.essential_changes.view import EssentialChangesView
from reports.home.view import HomeView
from reports.house.view import AccessibilityReportView, AccessibilityView, HelpView
from reports.lists.view import ListFileView
from reports.overview.view import FiguresView, OverviewView
from reports.why.view import WhyView
from reports.workbook.view import SubBudgetWorkbookView, WorkbookView

urlpatterns = [
    path("", HomeView.as_view(), name="home"),
    path("accessibility/", AccessibilityView.as_view(), name="accessibility"),
    path("accessibility/report/", AccessibilityReportView.as_view(), name="report_accessibility"),
    path("lists/file/", ListFileView.as_view(), name="list_file"),
    path("help/", HelpView.as_view(), name="help"),
    path("budgets/<slug:budget>/", OverviewView.as_view(), name="overview"),
    path("budgets/<slug:budget>/figures/", FiguresView.as_view(), name="overview_figures"),
    path("budgets/<slug:budget>/export/workbook/", WorkbookView.as_view(), name="workbook"),
    path(
        "budgets/<slug:budget>/sub-budgets/<slug:sub_budget>/export/workbook/",
        SubBudgetWorkbookView.as_view(),
        name="sub_budget_workbook",
    ),
    path("budgets/<slug:budget>/essential-changes/", EssentialChangesView.as_view(), name="essential_changes"),
    path("budgets/<slug:budget>/balance/", BalanceView.as_view(), name="balance"),
    path("budgets/<slug:budget>/balance/workbook/", BalanceWorkbookView.as_view(), name="balance_workbook"),
    path("budgets/<slug:budget>/costs/", CostsView.as_view(), name="costs"),
    path("budgets/<slug:budget>/costs/why/", WhyView.as_view(), name="why"),
    path("budgets/<slug:budget>/dashboard/", DashboardView.as_view(), name="dashboard"),
]
