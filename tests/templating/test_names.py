"""Names of templates' files and sheets: each its own, as Excel and file systems take it."""

from dataclasses import replace
from pathlib import Path

from flows.templating.files import write_templates
from flows.templating.previous import Previous
from flows.templating.workbook import make_template
from schemas.declaration import DECLARATION
from schemas.declaring.model import FigureForm
from schemas.declaring.periods import parse_month
from tests.homes import OTHER_TOWN, TOWN

MARCH = parse_month("2023-03")


def written(folder: Path, names: dict[str, str], only: tuple[str, ...] = ()) -> list[str]:
    units = tuple(replace(each, name=names.get(each.code, each.name)) for each in DECLARATION.units)
    declaration = replace(DECLARATION, units=units)
    chosen = [declaration.unit_by_code[each] for each in only or names]
    made = write_templates(None, declaration, chosen, MARCH, folder)
    assert sorted(each.file.name for each in made) == sorted(each.name for each in folder.iterdir())
    return [each.file.name for each in made]


def test_units_of_one_name_have_a_file_each(tmp_path: Path) -> None:
    names = dict.fromkeys((TOWN, OTHER_TOWN), "甲镇")
    both = written(tmp_path / "1", names)
    assert both == [f"{TOWN}甲镇2023-03月报.xlsx", f"{OTHER_TOWN}甲镇2023-03月报.xlsx"]
    assert written(tmp_path / "2", names, (OTHER_TOWN,)) == both[1:]


def test_names_that_no_file_may_have(tmp_path: Path) -> None:
    assert written(tmp_path / "1", {TOWN: "甲/乙:镇"}) == ["甲_乙_镇2023-03月报.xlsx"]
    names = {TOWN: "甲/乙", OTHER_TOWN: "甲:乙"}
    assert len(set(written(tmp_path / "2", names))) == 2


def test_sheets_that_differ_only_in_case() -> None:
    form = DECLARATION.by_name["policy_outreach"]
    assert isinstance(form, FigureForm)
    titles = ("Abc", "ABC", "abc", "甲" * 40 + "一", "甲" * 40 + "二")
    forms = [
        replace(
            form,
            name=f"f{number}",
            title_zh=title,
            rules=(),
            figures=tuple(replace(each, name=f"{each.name}{number}") for each in form.figures),
        )
        for number, title in enumerate(titles)
    ]
    declaration = replace(DECLARATION, forms=tuple(forms), ledgers=(), indicators=())
    made = make_template(declaration, declaration.unit_by_code[TOWN], Previous(MARCH))
    names = [each.casefold() for each in made.workbook.sheetnames]
    assert len(set(names)) == len(names) == len(titles) + 2
    assert [made.sheets[f"f{at}"] for at in range(3)] == ["Abc", "QJMZ08 ABC", "QJMZ08 2 abc"]
