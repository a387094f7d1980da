"""Routes of the catalogue; all for signed-in staff. What citizens see of it lives in the portal."""

from django.urls import path

from catalog.views import bundles, codes, editing, exchange, hall_editing, halls, importing, items, revisions, seams

app_name = "catalog"

urlpatterns = [
    path("", items.item_list, name="item_list"),
    path("<int:pk>/", items.item_detail, name="item_detail"),
    path("new/", editing.item_create, name="item_create"),
    path("options/", editing.item_options, name="item_options"),
    path("<int:pk>/edit/", editing.item_edit, name="item_edit"),
    path("<int:pk>/retire/", editing.item_retire, name="item_retire"),
    path("<int:pk>/duplicate/", editing.item_duplicate, name="item_duplicate"),
    path("export/", exchange.export, name="export"),
    path("import/", importing.import_start, name="import_start"),
    path("import/<int:pk>/", importing.import_preview, name="import_preview"),
    path("import/<int:pk>/decide/", importing.import_decide, name="import_decide"),
    path("import/<int:pk>/discard/", importing.import_discard, name="import_discard"),
    path("import/<int:pk>/result/", importing.import_result, name="import_result"),
    path("import/<int:pk>/remarks/", importing.import_remarks, name="import_remarks"),
    path("import/<int:pk>/report/", importing.import_report, name="import_report"),
    path("seams/", seams.seam_matrix, name="seam_matrix"),
    path("seams/list/", seams.seam_list, name="seam_list"),
    path("seams/<path:key>/dismiss/", seams.seam_dismiss, name="seam_dismiss"),
    path("seams/<path:key>/confirm/", seams.seam_confirm, name="seam_confirm"),
    path("seams/<path:key>/restore/", seams.seam_restore, name="seam_restore"),
    path("<int:pk>/revisions/", revisions.revision_diff, name="revision_diff"),
    path("revisions/<int:pk>/", revisions.revision_detail, name="revision_detail"),
    path("halls/", halls.hall_list, name="hall_list"),
    path("halls/<int:pk>/edit/", hall_editing.hall_edit, name="hall_edit"),
    path("halls/<int:pk>/close/", hall_editing.hall_close, name="hall_close"),
    path("halls/<int:pk>/zones/", hall_editing.zone_edit, name="zone_edit"),
    path("halls/<int:pk>/window/", halls.window_create, name="window_create"),
    path("closures/<int:pk>/remove/", hall_editing.closure_remove, name="closure_remove"),
    path("halls/<int:pk>/codes/", codes.qr_sheets, name="qr_sheets"),
    path("windows/<int:pk>/edit/", halls.window_edit, name="window_edit"),
    path("bundles/", bundles.bundle_list, name="bundle_list"),
    path("bundles/new/", bundles.bundle_create, name="bundle_create"),
    path("bundles/<int:pk>/", bundles.bundle_detail, name="bundle_detail"),
    path("bundles/<int:pk>/edit/", bundles.bundle_edit, name="bundle_edit"),
]
