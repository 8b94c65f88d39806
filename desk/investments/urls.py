"""The addresses of the investment budget; their names belong to the book of budgets."""

from django.urls import path

from desk.investments import edit as investment_forms
from desk.investments import view as investments

investments_way = "budgets/<slug:budget>/investments/"
INVESTMENTS = [
    path(investments_way, investments.InvestmentsView.as_view(), name="investments"),
    path(f"{investments_way}cells/", investments.CellsView.as_view(), name="investment_cells"),
    path(f"{investments_way}undo/", investments.UndoLastView.as_view(), name="undo_last_purchases"),
    path(f"{investments_way}undo/<uuid:act>/", investments.UndoView.as_view(), name="undo_purchases"),
    path(f"{investments_way}capital/", investments.CountView.as_view(), name="count_capital"),
    path(f"{investments_way}carriers/<slug:asset_class>/", investment_forms.CarriersView.as_view(), name="carriers"),
    path(f"{investments_way}new/", investment_forms.NewItemView.as_view(), name="new_purchase"),
    path(f"{investments_way}classes/new/", investment_forms.NewRowView.as_view(), name="new_investment"),
    path(
        f"{investments_way}classes/<uuid:investment>/", investment_forms.EditRowView.as_view(), name="edit_investment"
    ),
    path(
        f"{investments_way}classes/<uuid:investment>/remove/",
        investment_forms.RemoveRowView.as_view(),
        name="remove_investment",
    ),
    path(f"{investments_way}<uuid:purchase>/", investment_forms.ItemView.as_view(), name="purchase"),
    path(f"{investments_way}<uuid:purchase>/change/", investment_forms.EditItemView.as_view(), name="edit_purchase"),
    path(f"{investments_way}<uuid:purchase>/carry-over/", investment_forms.CarryOverView.as_view(), name="carry_over"),
    path(
        f"{investments_way}<uuid:purchase>/remove/", investment_forms.RemoveItemView.as_view(), name="remove_purchase"
    ),
]
