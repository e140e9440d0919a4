"""What may be typed into a cell: validations with their Chinese prompts and error messages."""

from __future__ import annotations

import datetime as dt

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from flows.templating.typed import is_any_mark
from schemas.declaring.general import LARGEST
from schemas.declaring.model import Figure, LedgerColumn

_TITLE, _TEXT = 32, 250
"""Excel takes no longer ones."""
_INLINE = 250
_DAYS = dt.date(1950, 1, 1), dt.date(2100, 12, 31)
_DAY_0 = dt.date(1899, 12, 30)


def amount_entry(sheet: Worksheet, place: str, figure: Figure, heading: str) -> None:
    """An amount of a figure with its decimals, or that it does not apply."""
    kind = f"最多{figure.places}位小数" if figure.places else "整数"
    number = f"AND({place}>=0,{place}<{LARGEST},ROUND({place},{figure.places})={place})"
    # Not all in one OR: where a text is to be rounded, it would be an error, and that refuses.
    formula = f"IF(ISNUMBER({place}),{number},{is_any_mark(place)})"
    _add(
        sheet,
        place,
        DataValidation(type="custom", formula1=formula),
        prompt=(
            f"{figure.name_zh}{heading}",
            f"以“{figure.asked_in}”为单位填写，{kind}，不小于0。没有发生填0，不适用填“—”。",
        ),
        error=("不能这样填", f"应填不小于0的数（{kind}）；不适用填“—”，没有发生填0。"),
    )


def ledger_entry(
    sheet: Worksheet, places: str, column: LedgerColumn, choices: str | None = None
) -> None:
    """What a ledger's column takes; `choices` are the cells with its values, if they need any."""
    title = column.name_zh
    must = "必须填写。" if column.required else "没有的可以不填。"
    if column.type == "choice":
        listed = choices or '"' + ",".join(column.values) + '"'
        _add(
            sheet,
            places,
            DataValidation(type="list", formula1=listed),
            prompt=(title, f"请从下拉列表中选择。{must}"),
            error=("不能这样填", f"“{title}”应从下拉列表中选择，不要填写其他内容。"),
        )
    elif column.type == "date":
        first, last = ((day - _DAY_0).days for day in _DAYS)
        _add(
            sheet,
            places,
            DataValidation(
                type="date", operator="between", formula1=str(first), formula2=str(last)
            ),
            prompt=(title, f"填日期，写成2023-03-31的样子。{must}"),
            error=("不能这样填", f"“{title}”应填日期，写成2023-03-31的样子。"),
        )
    elif column.type == "count":
        _add(
            sheet,
            places,
            DataValidation(
                type="whole", operator="between", formula1="0", formula2=str(LARGEST - 1)
            ),
            prompt=(title, f"填不小于0的整数。{must}"),
            error=("不能这样填", f"“{title}”应填不小于0的整数。"),
        )
    elif column.type == "decimal":
        _add(
            sheet,
            places,
            DataValidation(
                type="decimal",
                operator="between",
                formula1=str(1 - LARGEST),
                formula2=str(LARGEST - 1),
            ),
            prompt=(title, f"填数字。{must}"),
            error=("不能这样填", f"“{title}”应填数字。"),
        )


def fits_inline(values: tuple[str, ...]) -> bool:
    """Whether a list of choices can stand in the validation itself."""
    return len(",".join(values)) <= _INLINE and not any(
        "," in each or '"' in each for each in values
    )


def _add(
    sheet: Worksheet,
    places: str,
    validation: DataValidation,
    prompt: tuple[str, str],
    error: tuple[str, str],
) -> None:
    validation.allow_blank = True
    validation.errorStyle = "stop"
    validation.showErrorMessage = validation.showInputMessage = True
    validation.promptTitle, validation.prompt = prompt[0][:_TITLE], prompt[1][:_TEXT]
    validation.errorTitle, validation.error = error[0][:_TITLE], error[1][:_TEXT]
    validation.add(places)
    sheet.add_data_validation(validation)
