"""The figure forms, a module each, in the order of their numbers."""

from schemas.declaring.model import FigureForm
from schemas.forms import (
    child_protection,
    community_governance,
    elderly_care,
    funeral_reform,
    marriage_customs,
    mental_rehabilitation,
    party_building,
    policy_outreach,
    social_assistance,
)

FORMS: tuple[FigureForm, ...] = (
    social_assistance.FORM,
    elderly_care.FORM,
    child_protection.FORM,
    mental_rehabilitation.FORM,
    marriage_customs.FORM,
    funeral_reform.FORM,
    community_governance.FORM,
    policy_outreach.FORM,
    party_building.FORM,
)
