"""The catalogue's tables. Files that outgrow their bounds are split by subject."""

from catalog.hall_models import Hall, HallClosure, Window, Zone
from catalog.item_models import (
    BundleItem,
    GuideRevision,
    Prerequisite,
    ProcedureStep,
    RequiredDocument,
    ServiceBundle,
    ServiceItem,
    SimulationPack,
)
from catalog.seam_models import SeamRuling

__all__ = [
    "BundleItem",
    "GuideRevision",
    "Hall",
    "HallClosure",
    "Prerequisite",
    "ProcedureStep",
    "RequiredDocument",
    "SeamRuling",
    "ServiceBundle",
    "ServiceItem",
    "SimulationPack",
    "Window",
    "Zone",
]
