"""Who may speak for whom."""

import pytest

from flows.collecting.speaking import Speakers
from schemas.declaration import DECLARATION

ZHUOSHUI, CHENGDONG, SHIHUI = "500114112", "500114001", "500114106"
MAIL = Speakers(
    {"ZS@example.cn": ("濯水镇",), "@office.cn": ("*",), "x@office.cn": ("城东街道", "石会镇")},
    DECLARATION,
    "channels.mail",
)
FOLDERS = Speakers(
    {"濯水镇": ("濯水镇",), "片区/城东/": ("城东街道",), "片区": ("石会镇",)},
    DECLARATION,
    "channels.folder",
)


@pytest.mark.parametrize(
    ("address", "units"),
    [
        ("zs@example.cn", (ZHUOSHUI,)),
        ("zs@EXAMPLE.cn", (ZHUOSHUI,)),
        ("other@office.cn", None),
        ("x@office.cn", (CHENGDONG, SHIHUI)),
        ("zs@example.cn.evil.org", ()),
        ("azs@example.cn", ()),
        ("a@sub.office.cn", ()),
        ("zſ@example.cn", ()),
        ("/zs@example.cn", ()),
        (None, ()),
    ],
)
def test_an_address_speaks_for_its_units(
    address: str | None, units: tuple[str, ...] | None
) -> None:
    assert MAIL.of_address(address) == units


@pytest.mark.parametrize(
    ("path", "units"),
    [
        ("濯水镇/表.xlsx", (ZHUOSHUI,)),
        ("濯水镇/2023/三月/表.xlsx", (ZHUOSHUI,)),
        ("片区/城东/表.xlsx", (CHENGDONG,)),
        ("片区/别处/表.xlsx", (SHIHUI,)),
        ("表.xlsx", ()),
        ("濯水镇的/表.xlsx", ()),
        ("濯水镇/../片区/表.xlsx", ()),
        ("濯水镇/./表.xlsx", ()),
        ("/濯水镇/表.xlsx", ()),
        ("濯水镇//表.xlsx", ()),
        ("濯水镇\x1b/表.xlsx", ()),
        ("濯水镇/\u202e/表.xlsx", ()),
    ],
)
def test_a_folder_speaks_for_its_units(path: str, units: tuple[str, ...]) -> None:
    assert FOLDERS.of_path(path) == units


def test_a_channel_that_is_bound_to_nothing_speaks_for_any() -> None:
    free = Speakers({}, DECLARATION, "x")
    assert not free.restricted
    assert free.of_address(None) is None
    assert free.of_path("../x") is None


def test_who_speaks_for_a_unit_speaks_for_what_went_into_it() -> None:
    ended = [each for each in DECLARATION.units if each.successor]
    assert ended
    for each in ended:
        successor = DECLARATION.unit_by_code[str(each.successor)]
        codes = Speakers({"x": (successor.code,)}, DECLARATION, "x").of_path("x/a")
        assert codes is not None
        assert {each.code, successor.code} <= set(codes)
        assert successor.code not in (
            Speakers({"x": (each.code,)}, DECLARATION, "x").of_path("x/a") or ()
        )
