# The models below inherit the first one.
from . import property_scoped

# isort: split
from . import property_approval

# isort: split
from . import (
    base,
    hr_employee,
    hr_job,
    hr_version,
    property_audit,
    property_building,
    property_cipher,
    property_import,
    property_import_engine,
    property_import_issue,
    property_import_people,
    property_import_progress,
    property_import_report,
    property_import_sheet,
    property_import_sheet_building,
    property_import_sheet_building_hc,
    property_import_sheet_hc_history,
    property_import_sheet_hc_person,
    property_import_sheet_occupancy,
    property_import_sheet_parking,
    property_import_sheet_parking_hc,
    property_import_sheet_unit,
    property_import_sheet_unit_hc,
    property_import_sheet_unit_hc_asset,
    property_import_template,
    property_import_undo,
    property_occupancy,
    property_site,
    property_unit,
    property_unit_portal,
    property_unit_search,
    property_unit_type,
    property_vehicle,
    res_config_settings,
    res_groups,
    res_partner,
    res_partner_personal_data,
    res_partner_portal,
    res_users,
    resource_resource,
)
