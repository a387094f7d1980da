"""The catalogue's tables. Files that outgrow their bounds are split by subject."""

from catalog.hall_models import Hall, HallClosure, Window, Zone
from catalog.import_models import (
    CatalogImport,
    HeadingMeaning,
    ImportFile,
    ImportJournal,
    ImportRow,
    SheetMeaning,
)
from catalog.item_models import (
    BundleItem,
    GuideRevision,
    Prerequisite,
    ProcedureStep,
    RequiredDocument,
    ServiceBundle,
    ServiceItem,
)
from catalog.pack_models import SamplePicture, SimulationPack
from catalog.proposal_models import ChangeProposal
from catalog.seam_models import SeamRuling

__all__ = [
    "BundleItem",
    "CatalogImport",
    "ChangeProposal",
    "GuideRevision",
    "Hall",
    "HallClosure",
    "HeadingMeaning",
    "ImportFile",
    "ImportJournal",
    "ImportRow",
    "Prerequisite",
    "ProcedureStep",
    "RequiredDocument",
    "SamplePicture",
    "SeamRuling",
    "ServiceBundle",
    "ServiceItem",
    "SheetMeaning",
    "SimulationPack",
    "Window",
    "Zone",
]
