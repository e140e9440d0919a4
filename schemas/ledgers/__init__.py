"""The ledgers, a module each, in the order of their numbers."""

from schemas.declaring.model import Ledger
from schemas.ledgers import facilities, living_tombs, rectification, targets

LEDGERS: tuple[Ledger, ...] = (
    facilities.LEDGER,
    living_tombs.LEDGER,
    rectification.LEDGER,
    targets.LEDGER,
)
