"""The addresses of the pages where people work. Rows are named by slug, lineage or uuid, never by primary key.

The names before the colon in `budgets:sub_budget` are those of the address book, which `itsam.urls` puts together; they
say what a page is about and stay when its code moves.
"""

from django.urls import path

from desk.asset_classes import view as assets
from desk.contracts import edit as contract_forms
from desk.contracts import view as contracts
from desk.council_package import edit as package_forms
from desk.council_package import view as packages
from desk.customers import edit as customer_forms
from desk.customers import view as customers
from desk.decisions import edit
from desk.decisions import view as decisions
from desk.devices import view as devices
from desk.equity import view as equity
from desk.federation import view as federation
from desk.figures import view as figures
from desk.frameworks import edit as framework_forms
from desk.frameworks.view import FrameworkView
from desk.grid import change_many, spread
from desk.grid import view as grid
from desk.hardware import view as hardware
from desk.imports import view as imports
from desk.investments.urls import INVESTMENTS
from desk.keys import view as keys
from desk.line import view as line
from desk.line_list.view import LineListView
from desk.loan_register import edit as loan_forms
from desk.loan_register import view as loans
from desk.loan_register.planned import PlannedLoanView, UndoPlannedLoanView
from desk.loans.view import LoansView
from desk.moved import view as moved
from desk.objects import plan
from desk.objects import register as object_register
from desk.objects import view as governance
from desk.people import view as people
from desk.pools import edit as pool_forms
from desk.pools import places as pool_places
from desk.pools import view as pools
from desk.pools.workbook import PoolsWorkbookView
from desk.posts import view as posts
from desk.products import edit as edit_products
from desk.products import proposals
from desk.products import view as products
from desk.products.assumed import AssumedView
from desk.rates import view as rates
from desk.reconciliation import view as reconciliation
from desk.replacements.view import ReplacementsView
from desk.requests import view as requests
from desk.stress.urls import STRESS
from desk.sub_budget.view import StateView, SubBudgetView
from desk.sub_budget_list.view import SubBudgetListView
from desk.teamwork import changes, tasks
from desk.teamwork import view as teamwork
from desk.tokens import view as tokens
from desk.workflow import budget as budget_steps
from desk.workflow import deadlines
from desk.workflow import sub_budget as sub_budget_steps
from desk.year import clock, start
from desk.year.start_log import StartLogView

sub_budget = "budgets/<slug:budget>/sub-budgets/<slug:sub_budget>/"
way = "budgets/<slug:budget>/workflow/"
register = "budgets/<slug:budget>/products/"
published = "budgets/<slug:budget>/published/"
customer = "customers/<uuid:customer>/"
loan = "loans/<uuid:loan>/"
planned_loan = "budgets/<slug:budget>/loans/planned/<uuid:planned>/"
framework = "frameworks/<uuid:framework>/"
package = f"{framework}package/"

pools_way = "budgets/<slug:budget>/pools/"
hardware_way = "budgets/<slug:budget>/hardware/"
moved_way = "budgets/<slug:budget>/moved-cost/"
posts_way = "budgets/<slug:budget>/posts/"
equity_way = "budgets/<slug:budget>/equity/"
equity_part = f"{equity_way}<slug:equity_part>/"
requests_way = "budgets/<slug:budget>/requests/"
request_way = f"{requests_way}<uuid:asked>/"
rests_way = "budgets/<slug:budget>/products/<uuid:product>/rests-on/"

budgets = [
    path("budgets/<slug:budget>/year/", clock.ClockView.as_view(), name="year"),
    path("budgets/<slug:budget>/year/change/", clock.ChangeClockView.as_view(), name="change_year"),
    path("budgets/<slug:budget>/year/calendar/", clock.CalendarView.as_view(), name="calendar"),
    path("budgets/<slug:budget>/start/", start.StartView.as_view(), name="start"),
    path("budgets/<slug:budget>/started/", StartLogView.as_view(), name="start_log"),
    path("budgets/<slug:budget>/started/undo/", start.UndoStartView.as_view(), name="undo_start"),
    path(pools_way, pools.PoolsView.as_view(), name="pools"),
    path(f"{pools_way}matrix/", pools.MatrixView.as_view(), name="matrix"),
    path(f"{pools_way}undo/", pools.StepView.as_view(direction="undo"), name="undo_weights"),
    path(f"{pools_way}redo/", pools.StepView.as_view(direction="redo"), name="redo_weights"),
    path(f"{pools_way}calculate/", pools.CalculateView.as_view(), name="calculate_pools"),
    path(f"{pools_way}workbook/", PoolsWorkbookView.as_view(), name="pools_workbook"),
    path(f"{pools_way}new/", pool_forms.NewPoolView.as_view(), name="new_pool"),
    path(f"{pools_way}<uuid:pool>/", pool_places.PoolView.as_view(), name="pool"),
    path(f"{pools_way}<uuid:pool>/change/", pool_forms.EditPoolView.as_view(), name="edit_pool"),
    path(f"{pools_way}<uuid:pool>/remove/", pool_forms.RemovePoolView.as_view(), name="remove_pool"),
    path(hardware_way, hardware.HardwareView.as_view(), name="hardware"),
    path(f"{hardware_way}new/", hardware.NewStrategyView.as_view(), name="new_strategy"),
    path(f"{hardware_way}<uuid:strategy>/change/", hardware.EditStrategyView.as_view(), name="edit_strategy"),
    path(f"{hardware_way}<uuid:strategy>/take/", hardware.TakeStrategyView.as_view(), name="take_strategy"),
    path(f"{hardware_way}<uuid:strategy>/remove/", hardware.RemoveStrategyView.as_view(), name="remove_strategy"),
    *INVESTMENTS,
    path(moved_way, moved.MovedListView.as_view(), name="moved"),
    path(f"{moved_way}new/", moved.NewMovedView.as_view(), name="new_moved_cost"),
    path(f"{moved_way}<uuid:moved>/", moved.MovedCostView.as_view(), name="moved_cost"),
    path(f"{moved_way}<uuid:moved>/change/", moved.EditMovedView.as_view(), name="edit_moved_cost"),
    path(f"{moved_way}<uuid:moved>/remove/", moved.RemoveMovedView.as_view(), name="remove_moved_cost"),
    path(f"{moved_way}<uuid:moved>/restore/", moved.RestoreMovedView.as_view(), name="restore_moved_cost"),
    path(posts_way, posts.PostsView.as_view(), name="posts"),
    path(f"{posts_way}new/", posts.NewPostView.as_view(), name="new_post"),
    path(f"{posts_way}<uuid:post>/", posts.PostView.as_view(), name="post"),
    path(f"{posts_way}<uuid:post>/change/", posts.EditPostView.as_view(), name="edit_post"),
    path(f"{posts_way}<uuid:post>/copy/", posts.CopyPostView.as_view(), name="copy_post"),
    path(f"{posts_way}<uuid:post>/remove/", posts.RemovePostView.as_view(), name="remove_post"),
    path(f"{posts_way}<uuid:post>/restore/", posts.RestorePostView.as_view(), name="restore_post"),
    path(rests_way, pool_places.RestsOnView.as_view(), name="product_rests_on"),
    path(f"{rests_way}<slug:calculated_kind>/", pool_places.SwitchView.as_view(), name="switch_kind"),
    path("budgets/<slug:budget>/lines/", LineListView.as_view(), name="lines"),
    path("budgets/<slug:budget>/sub-budgets/", SubBudgetListView.as_view(), name="sub_budgets"),
    path(sub_budget, SubBudgetView.as_view(), name="sub_budget"),
    path(f"{sub_budget}state/", StateView.as_view(), name="sub_budget_state"),
    path(f"{sub_budget}steps/<slug:action>/", sub_budget_steps.SubBudgetStepView.as_view(), name="step"),
    path(f"{sub_budget}read/", sub_budget_steps.ReadView.as_view(), name="mark_as_read"),
    path(f"{sub_budget}grid/", grid.GridView.as_view(), name="grid"),
    path(f"{sub_budget}grid/undo/", grid.UndoRedoView.as_view(direction="undo"), name="undo_step"),
    path(f"{sub_budget}grid/redo/", grid.UndoRedoView.as_view(direction="redo"), name="redo_step"),
    path(f"{sub_budget}grid/change/", change_many.ChangeManyView.as_view(), name="change_many"),
    path(f"{sub_budget}grid/spread/", spread.SpreadView.as_view(), name="spread"),
    path(f"{sub_budget}products/<uuid:product>/add/", line.AddLineView.as_view(), name="add_line"),
    path(f"{sub_budget}lines/<uuid:line>/", line.EditLineView.as_view(), name="edit_line"),
    path(f"{sub_budget}lines/<uuid:line>/delete/", line.DeleteLineView.as_view(), name="delete_line"),
    path(f"{sub_budget}lines/<uuid:line>/place/", line.PlaceLineView.as_view(), name="place_line"),
    path(f"{sub_budget}lines/<uuid:line>/restore/", line.RestoreLineView.as_view(), name="restore_line"),
    path(f"{sub_budget}comments/", teamwork.CommentsView.as_view(), name="comments"),
    path(f"{sub_budget}comments/<uuid:comment>/", teamwork.ChangeCommentView.as_view(), name="change_comment"),
    path(f"{sub_budget}comments/<uuid:comment>/reply/", teamwork.ReplyView.as_view(), name="reply"),
    path(f"{sub_budget}comments/<uuid:comment>/resolve/", teamwork.ResolveView.as_view(), name="resolve_comment"),
    path(
        f"{sub_budget}comments/<uuid:comment>/reopen/",
        teamwork.ResolveView.as_view(resolves=False),
        name="reopen_comment",
    ),
    path(f"{sub_budget}comments/<uuid:comment>/remove/", teamwork.RemoveCommentView.as_view(), name="remove_comment"),
    path(f"{sub_budget}files/", teamwork.FilesView.as_view(), name="files"),
    path(f"{sub_budget}files/<uuid:file>/", teamwork.FileView.as_view(), name="file"),
    path(f"{sub_budget}files/<uuid:file>/remove/", teamwork.RemoveFileView.as_view(), name="remove_file"),
    path(f"{sub_budget}changes/", changes.EssentialChangesView.as_view(), name="changes"),
    path(f"{sub_budget}tasks/", teamwork.GiveTaskView.as_view(), name="give_task"),
    path(f"{sub_budget}tasks/<uuid:task>/", tasks.ChangeTaskView.as_view(), name="change_task"),
    path(f"{sub_budget}tasks/<uuid:task>/end/", tasks.EndTaskView.as_view(), name="end_task"),
    path("budgets/<slug:budget>/keys/new/", keys.NewKeyView.as_view(), name="new_key"),
    path("budgets/<slug:budget>/keys/<slug:allocation_key>/change/", keys.EditKeyView.as_view(), name="edit_key"),
    path(register, products.ProductListView.as_view(), name="products"),
    path(f"{register}new/", edit_products.NewProductView.as_view(), name="new_product"),
    path(f"{register}assumed/", AssumedView.as_view(), name="assumed_categories"),
    path(f"{register}confirm/", products.ConfirmCategoryView.as_view(), name="confirm_category"),
    path(f"{register}acts/<uuid:act>/undo/", products.UndoView.as_view(), name="undo_product_act"),
    path(f"{register}propose/", proposals.ProposeView.as_view(), name="propose_product"),
    path(f"{register}proposals/<uuid:proposal>/", proposals.AnswerView.as_view(), name="answer_proposal"),
    path(f"{register}proposals/<uuid:proposal>/withdraw/", proposals.WithdrawView.as_view(), name="withdraw_proposal"),
    path(f"{register}<uuid:product>/propose/", proposals.ProposeChangeView.as_view(), name="propose_change"),
    path(f"{register}<uuid:product>/", products.ProductView.as_view(), name="product"),
    path(f"{register}<uuid:product>/change/", edit_products.EditProductView.as_view(), name="edit_product"),
    path(f"{register}<uuid:product>/end/", edit_products.EndProductView.as_view(), name="end_product"),
    path(f"{register}<uuid:product>/merge/", edit_products.MergeProductView.as_view(), name="merge_product"),
    path(f"{register}<uuid:product>/split/", edit_products.SplitProductView.as_view(), name="split_product"),
    path(published, figures.FigureListView.as_view(), name="figures"),
    path(f"{published}new/", figures.NewFigureView.as_view(), name="new_figure"),
    path(f"{published}change/", figures.EditFigureView.as_view(), name="edit_figure"),
    path(f"{published}remove/", figures.RemoveFigureView.as_view(), name="remove_figure"),
    path(f"{published}acts/<uuid:act>/undo/", figures.UndoFigureView.as_view(), name="undo_figure_act"),
    path("rates/", rates.RateListView.as_view(), name="rates"),
    path("rates/new/", rates.NewRateView.as_view(), name="new_rate"),
    path("rates/<uuid:rate>/", rates.RateView.as_view(), name="rate"),
    path("rates/<uuid:rate>/change/", rates.EditRateView.as_view(), name="edit_rate"),
    path("rates/indexes/new/", rates.NewIndexView.as_view(), name="new_index"),
    path("rates/indexes/<slug:cost_kind>/<int:year>/<slug:day>/", rates.IndexView.as_view(), name="index"),
    path(
        "rates/indexes/<slug:cost_kind>/<int:year>/<slug:day>/change/",
        rates.EditIndexView.as_view(),
        name="edit_index",
    ),
    path("tasks/", tasks.MyTasksView.as_view(), name="my_tasks"),
    path("tasks/<uuid:task>/done/", tasks.FinishTaskView.as_view(), name="finish_task"),
    path("tasks/<uuid:task>/undo/", tasks.FinishTaskView.as_view(finishes=False), name="reopen_task"),
    path("tasks/mentions/<uuid:mention>/done/", tasks.HandleMentionView.as_view(), name="handle_mention"),
]

objects = [
    path("federation/", federation.FederationView.as_view(), name="federation"),
    path("federation/change/", federation.EditFederationView.as_view(), name="edit_federation"),
    path("federation/acts/<uuid:act>/undo/", federation.UndoFederationView.as_view(), name="undo_federation_act"),
    path("customers/", customers.CustomerListView.as_view(), name="customers"),
    path("customers/new/", customer_forms.NewCustomerView.as_view(), name="new_customer"),
    path("customers/inhabitants/", customers.CountListView.as_view(), name="inhabitants"),
    path("customers/acts/<uuid:act>/undo/", customer_forms.UndoCustomerView.as_view(), name="undo_customer_act"),
    path(f"{customer}", customers.CustomerView.as_view(), name="customer"),
    path(f"{customer}change/", customer_forms.EditCustomerView.as_view(), name="edit_customer"),
    path(f"{customer}remove/", customer_forms.RemoveCustomerView.as_view(), name="remove_customer"),
    path(f"{customer}inhabitants/new/", customer_forms.NewCountView.as_view(), name="new_count"),
    path(f"{customer}inhabitants/<slug:counted_on>/", customer_forms.EditCountView.as_view(), name="edit_count"),
    path(
        f"{customer}inhabitants/<slug:counted_on>/remove/",
        customer_forms.RemoveCountView.as_view(),
        name="remove_count",
    ),
    path("asset-classes/", assets.AssetClassListView.as_view(), name="asset_classes"),
    path("asset-classes/new/", assets.NewAssetClassView.as_view(), name="new_asset_class"),
    path("asset-classes/move/", assets.MoveAssetClassView.as_view(), name="move_asset_class"),
    path("asset-classes/acts/<uuid:act>/undo/", assets.UndoAssetClassView.as_view(), name="undo_asset_class_act"),
    path("asset-classes/<slug:asset_class>/change/", assets.EditAssetClassView.as_view(), name="edit_asset_class"),
    path("asset-classes/<slug:asset_class>/remove/", assets.RemoveAssetClassView.as_view(), name="remove_asset_class"),
    path("loans/", loans.LoanListView.as_view(), name="loan_list"),
    path("loans/new/", loan_forms.NewLoanView.as_view(), name="new_loan"),
    path("loans/new-sum/", loan_forms.NewSumView.as_view(), name="new_loan_sum"),
    path("loans/acts/<uuid:act>/undo/", loan_forms.UndoLoanView.as_view(), name="undo_loan_act"),
    path(f"{loan}", loans.LoanView.as_view(), name="loan"),
    path(f"{loan}change/", loan_forms.EditLoanView.as_view(), name="edit_loan"),
    path(f"{loan}remove/", loan_forms.RemoveLoanView.as_view(), name="remove_loan"),
    path(f"{loan}statements/new/", loan_forms.NewStatementView.as_view(), name="new_loan_statement"),
    path(f"{loan}statements/<uuid:statement>/", loan_forms.EditStatementView.as_view(), name="edit_loan_statement"),
    path(
        f"{loan}statements/<uuid:statement>/remove/",
        loan_forms.RemoveStatementView.as_view(),
        name="remove_loan_statement",
    ),
    path("devices/", devices.DeviceListView.as_view(), name="devices"),
    path("devices/new/", devices.NewDeviceView.as_view(), name="new_device"),
    path("devices/acts/<uuid:act>/undo/", devices.UndoDevicesView.as_view(), name="undo_devices_act"),
    path("devices/<uuid:device>/", devices.DeviceView.as_view(), name="device"),
    path("devices/<uuid:device>/change/", devices.EditDeviceView.as_view(), name="edit_device"),
    path("devices/<uuid:device>/retire/", devices.RetireView.as_view(), name="retire_device"),
    path("devices/<uuid:device>/write-down/", devices.WriteDownView.as_view(), name="write_down_device"),
    path("devices/<uuid:device>/remove/", devices.RemoveDeviceView.as_view(), name="remove_device"),
    path("governance-objects/", object_register.ObjectRegisterView.as_view(), name="object_register"),
    path("governance-objects/new/", object_register.NewObjectView.as_view(), name="new_object"),
    path("governance-objects/move/", object_register.MoveObjectView.as_view(), name="move_object"),
    path("governance-objects/acts/<uuid:act>/undo/", object_register.UndoObjectView.as_view(), name="undo_object_act"),
    path("objects/<slug:governance_object>/change/", object_register.EditObjectView.as_view(), name="edit_object"),
    path("objects/<slug:governance_object>/remove/", object_register.RemoveObjectView.as_view(), name="remove_object"),
    path("objects/<slug:governance_object>/people/new/", object_register.AppointView.as_view(), name="appoint"),
    path(
        "objects/<slug:governance_object>/sub-budgets/new/",
        object_register.AddSubBudgetView.as_view(),
        name="add_sub_budget",
    ),
    path(
        "objects/<slug:governance_object>/sub-budgets/remove/",
        object_register.RemoveSubBudgetView.as_view(),
        name="remove_sub_budget",
    ),
    path("people/", people.PeopleView.as_view(), name="people"),
    path("people/invite/", people.InviteView.as_view(), name="invite"),
    path("people/<uuid:person>/", people.PersonView.as_view(), name="person"),
    path("people/<uuid:person>/roles/new/", people.GiveRoleView.as_view(), name="give_role"),
    path("people/<uuid:person>/roles/<uuid:role>/take/", people.TakeRoleView.as_view(), name="take_role"),
    path("people/<uuid:person>/<slug:action>/", people.PersonActionView.as_view(), name="person_action"),
    path("contracts/", contracts.ContractListView.as_view(), name="contracts"),
    path("contracts/new/", contract_forms.NewContractView.as_view(), name="new_contract"),
    path("contracts/<uuid:contract>/", contracts.ContractView.as_view(), name="contract"),
    path("contracts/<uuid:contract>/change/", contract_forms.EditContractView.as_view(), name="edit_contract"),
    path("contracts/<uuid:contract>/remove/", contract_forms.RemoveContractView.as_view(), name="remove_contract"),
    path("contracts/<uuid:contract>/line/", contract_forms.ContractLineView.as_view(), name="contract_line"),
    path("api-access/", tokens.TokenListView.as_view(), name="tokens"),
    path("api-access/new/", tokens.NewTokenView.as_view(), name="new_token"),
    path("api-access/reference/", tokens.ReferenceView.as_view(), name="api_reference"),
    path("api-access/<uuid:token>/revoke/", tokens.RevokeTokenView.as_view(), name="revoke_token"),
    path("decisions/new/", edit.NewDecisionView.as_view(), name="new_decision"),
    path("decisions/<uuid:decision>/change/", edit.EditDecisionView.as_view(), name="edit_decision"),
    path("decisions/<uuid:decision>/remove/", edit.RemoveDecisionView.as_view(), name="remove_decision"),
    path("decisions/<uuid:decision>/conditions/new/", edit.NewConditionView.as_view(), name="new_condition"),
    path("decisions/<uuid:decision>/documents/new/", edit.NewDocumentView.as_view(), name="new_document"),
    path("decisions/<uuid:decision>/documents/<uuid:file>/", edit.DocumentView.as_view(), name="document"),
    path(
        "decisions/<uuid:decision>/documents/<uuid:file>/remove/",
        edit.RemoveDocumentView.as_view(),
        name="remove_document",
    ),
    path("decisions/conditions/<uuid:condition>/", edit.MeetConditionView.as_view(), name="meet_condition"),
    path(
        "decisions/conditions/<uuid:condition>/remove/",
        edit.RemoveConditionView.as_view(),
        name="remove_condition",
    ),
    path("frameworks/new/", framework_forms.NewFrameworkView.as_view(), name="new_framework"),
    path(f"{framework}change/", framework_forms.EditFrameworkView.as_view(), name="edit_framework"),
    path(f"{framework}recourse/", framework_forms.RecourseView.as_view(), name="recourse"),
    path(f"{framework}recourse/<slug:council>/", framework_forms.SignView.as_view(), name="sign_recourse"),
    path(f"{package}begin/", package_forms.StartPackageView.as_view(), name="start_package"),
    path(f"{package}text/", package_forms.TextView.as_view(), name="edit_package"),
    path(f"{package}send/", package_forms.SendView.as_view(), name="send_package"),
    path(f"{package}remind/", package_forms.RemindView.as_view(), name="remind_councils"),
    path(f"{package}councils/<slug:council>/", package_forms.PlanView.as_view(), name="plan_council"),
    path(f"{package}documents/new/", package_forms.NewPackageDocumentView.as_view(), name="new_package_document"),
    path(f"{package}documents/<uuid:file>/", packages.PackageDocumentView.as_view(), name="package_document"),
    path(
        f"{package}documents/<uuid:file>/remove/",
        package_forms.RemovePackageDocumentView.as_view(),
        name="remove_package_document",
    ),
    path("objects/<slug:governance_object>/texts/", plan.TextsView.as_view(), name="edit_texts"),
    path("objects/<slug:governance_object>/plans/new/", plan.NewPlanView.as_view(), name="new_plan"),
    path("objects/plans/<uuid:plan>/", plan.EditPlanView.as_view(), name="edit_plan"),
    path("objects/plans/<uuid:plan>/items/new/", plan.NewItemView.as_view(), name="new_item"),
    path("objects/items/<uuid:item>/", plan.EditItemView.as_view(), name="edit_item"),
    path("objects/items/<uuid:item>/move/", plan.MoveItemView.as_view(), name="move_item"),
    path("objects/items/<uuid:item>/lines/", plan.ItemLinesView.as_view(), name="item_lines"),
    path("objects/items/<uuid:item>/remove/", plan.RemoveItemView.as_view(), name="remove_item"),
]

records = [
    path("imports/", imports.ImportListView.as_view(), name="imports"),
    path("imports/new/<slug:kind>/", imports.NewImportView.as_view(), name="new_import"),
    path("imports/<uuid:import_>/", imports.ImportView.as_view(), name="import"),
    path("imports/<uuid:import_>/read/", imports.MapView.as_view(), name="map_import"),
    path("imports/<uuid:import_>/save/", imports.SaveView.as_view(), name="save_import"),
    path("imports/<uuid:import_>/undo/", imports.UndoView.as_view(), name="undo_import"),
    path("imports/<uuid:import_>/discard/", imports.DiscardView.as_view(), name="discard_import"),
    path("imports/<uuid:import_>/file/", imports.FileView.as_view(), name="import_file"),
    path("imports/<uuid:import_>/to-correct/", imports.CorrectedView.as_view(), name="corrected_import"),
]

forecasts = [
    path("budgets/<slug:budget>/loans/", LoansView.as_view(), name="loans"),
    path(planned_loan, PlannedLoanView.as_view(), name="planned_loan"),
    path(f"{planned_loan}acts/<uuid:act>/undo/", UndoPlannedLoanView.as_view(), name="undo_planned_loan"),
    path("budgets/<slug:budget>/replacements/", ReplacementsView.as_view(), name="replacements"),
    *STRESS,
    path(equity_way, equity.EquityView.as_view(), name="equity"),
    path(f"{equity_way}acts/<uuid:act>/undo/", equity.UndoEquityView.as_view(), name="undo_equity_act"),
    path(f"{equity_part}new/", equity.NewEquityRowView.as_view(), name="new_equity_row"),
    path(f"{equity_part}<uuid:equity_row>/change/", equity.EditEquityRowView.as_view(), name="edit_equity_row"),
    path(f"{equity_part}<uuid:equity_row>/remove/", equity.RemoveEquityRowView.as_view(), name="remove_equity_row"),
    path(requests_way, requests.RequestListView.as_view(), name="requests"),
    path(f"{requests_way}new/", requests.NewRequestView.as_view(), name="new_request"),
    path(f"{requests_way}gather/", requests.GatherView.as_view(), name="gather_requests"),
    path(request_way, requests.RequestView.as_view(), name="request"),
    path(f"{request_way}change/", requests.EditRequestView.as_view(), name="edit_request"),
    path(f"{request_way}answer/", requests.AnswerView.as_view(), name="answer_request"),
    path(f"{request_way}submit/", requests.StepView.as_view(step="submit"), name="submit_request"),
    path(f"{request_way}take-back/", requests.StepView.as_view(step="take_back"), name="take_back_request"),
    path(f"{request_way}remove/", requests.StepView.as_view(step="remove"), name="remove_request"),
    path(f"{request_way}reopen/", requests.StepView.as_view(step="reopen"), name="reopen_request"),
    path(f"{request_way}take-out/", requests.StepView.as_view(step="take_out"), name="take_out_request"),
    path("budgets/<slug:budget>/reconciliation/", reconciliation.ReconciliationView.as_view(), name="reconciliation"),
    path("budgets/<slug:budget>/reconciliation/reason/", reconciliation.ReasonView.as_view(), name="reason"),
    path(
        "budgets/<slug:budget>/reconciliation/reason/remove/",
        reconciliation.RemoveReasonView.as_view(),
        name="remove_reason",
    ),
    path(
        "budgets/<slug:budget>/reconciliation/reason/undo/", reconciliation.UndoReasonView.as_view(), name="undo_reason"
    ),
    path(way, budget_steps.WorkflowView.as_view(), name="workflow"),
    path(f"{way}deadlines/", deadlines.DeadlinesView.as_view(), name="deadlines"),
    path(f"{way}deadlines/own/", deadlines.OwnDeadlinesView.as_view(), name="own_deadlines"),
    path(f"{way}compile/", budget_steps.CompileView.as_view(), name="compile"),
    path(f"{way}propose/", budget_steps.ProposeView.as_view(), name="propose"),
    path(f"{way}reopen/", budget_steps.ReopenView.as_view(), name="reopen"),
    path(f"{way}adopt/", budget_steps.AdoptView.as_view(), name="adopt"),
    path(f"{way}revise/", budget_steps.ReviseView.as_view(), name="revise"),
]

reports = [
    path(framework, FrameworkView.as_view(), name="framework"),
    path(package, packages.PackageView.as_view(), name="council_package"),
    path(f"{package}whole/", packages.WholePackageView.as_view(), name="whole_package"),
    path(f"{package}papers/<slug:paper>/", packages.PaperView.as_view(), name="package_paper"),
    path("decisions/", decisions.DecisionListView.as_view(), name="decisions"),
    path("decisions/next-meeting/", decisions.NextMeetingView.as_view(), name="next_meeting"),
    path("decisions/<uuid:decision>/", decisions.DecisionView.as_view(), name="decision"),
    path(
        "decisions/<uuid:decision>/councils/<slug:council>/", decisions.CouncilView.as_view(), name="council_decision"
    ),
    path("objects/", governance.ObjectListView.as_view(), name="objects"),
    path("objects/<slug:governance_object>/", governance.ObjectView.as_view(), name="object"),
]
