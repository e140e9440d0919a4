"""How large things are in a rural township: made up, and plausible."""

from flows.demo.chance import stream

SIZES = {"街道": (1.1, 1.7, 0.45), "镇": (0.6, 1.2, 0.2), "乡": (0.35, 0.7, 0.1)}
"""By kind: the smallest and largest size, and the urban share of dibao recipients."""
FLOWS = {
    "six_deliveries_attendance": 260,
    "bathing_service_visits": 42,
    "home_service_visits": 130,
    "five_child_attendance": 190,
    "handbooks_distributed": 420,
    "households_visited": 210,
}
"""Flows a month in a township of size 1."""
SMALL_FLOWS = {
    "six_deliveries_sessions": 6,
    "five_child_sessions": 7,
    "home_harmony_sessions": 5,
    "salon_sessions": 3,
    "village_meetings": 9,
    "temporary_aid_cases": 15,
}
CARE = (
    "six_deliveries_attendance",
    "six_deliveries_sessions",
    "bathing_service_visits",
    "home_service_visits",
)
"""All flows of one form, none of them tied to other figures."""
STOCKS = {
    "urban_destitute_recipients": 22,
    "rural_destitute_recipients": 110,
    "orphans": 4,
    "de_facto_unsupported_children": 7,
    "disabled_living_allowance_recipients": 270,
    "disabled_nursing_allowance_recipients": 330,
    "monitored_low_income_people": 390,
    "visited_older_people": 270,
    "severely_disabled_in_care": 8,
}
GROWING = {"elderly_service_volunteers": 70, "patients_surveyed": 52}
SCHEMES = (
    "urban_dibao_recipients",
    "rural_dibao_recipients",
    "urban_destitute_recipients",
    "rural_destitute_recipients",
    "orphans",
    "de_facto_unsupported_children",
    "disabled_living_allowance_recipients",
    "disabled_nursing_allowance_recipients",
)
"""Whose people are supported; some of them by more than one."""
FIRST = ("青", "金", "白", "龙", "凤", "石", "马", "云", "兴", "黄", "新", "桥", "官", "高")
SECOND = ("山", "塘", "河", "坝", "泉", "梁", "池", "潭", "花")


def villages(key: str, count: int) -> tuple[str, ...]:
    """Made-up villages and communities of one township."""
    random = stream(key, "villages")
    names = random.sample([a + b for a in FIRST for b in SECOND], count)
    return tuple(name + random.choice(("村", "村", "社区")) for name in names)
