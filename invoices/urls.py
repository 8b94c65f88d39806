"""Addresses of invoices; an invoice is named by its uuid, a month's billing by budget and month."""

from django.urls import path

from invoices import views

app_name = "invoices"
urlpatterns = [
    path("invoices/", views.InvoiceListView.as_view(), name="invoices"),
    path("invoices/<uuid:invoice>/", views.InvoiceView.as_view(), name="invoice"),
    path("budgets/<slug:budget>/keys/", views.KeysView.as_view(), name="keys"),
    path("budgets/<slug:budget>/invoices/<int:month>/create/", views.CreateInvoicesView.as_view(), name="create"),
]
