"""QJMZ06 殡葬改革月报表."""

from schemas.declaring.balances import at_most, carried_forward
from schemas.declaring.lines import flow, stock
from schemas.declaring.model import FigureForm
from schemas.declaring.periods import parse_month

FORM = FigureForm(
    name="funeral_reform",
    number="06",
    form_no="QJMZ06",
    title_zh="殡葬改革月报表",
    reporters=("township",),
    due_from=("township",),
    valid_from=parse_month("2022-01"),
    figures=(
        stock(
            "0601",
            "living_tombs_registered",
            "在册“活人墓”数",
            "座",
            "tombs built for the living on the clean-up register at month end",
            definition_zh="月末登记在册、尚未拆除的“活人墓”（为健在人员修建的坟墓）座数。",
        ),
        flow(
            "0602",
            "living_tombs_found",
            "新排查“活人墓”数",
            "座",
            "tombs newly put on the register in the month",
            definition_zh="本月新排查发现并登记入册的“活人墓”座数。",
        ),
        flow(
            "0603",
            "living_tombs_removed",
            "拆除“活人墓”数",
            "座",
            "tombs removed in the month",
            definition_zh="本月拆除的“活人墓”座数，含自行拆除和组织拆除的。",
        ),
        flow(
            "0604",
            "living_tombs_self_removed",
            "其中：自行拆除数",
            "座",
            "of those: removed by the owners themselves",
            definition_zh="本月拆除的“活人墓”中，由墓主自行拆除的座数。",
        ),
        stock(
            "0605",
            "burial_sites_planned",
            "公益性安葬（放）设施选址布点数",
            "个",
            "sites planned for public burial or columbarium facilities at month end",
            definition_zh="月末已选址布点的公益性安葬（放）设施数，含在建、建成和已运行的，不含停用的。",
        ),
    ),
    rules=(
        *at_most(
            "B0601",
            "living_tombs_self_removed",
            "living_tombs_removed",
            ("其中：自行拆除数", "拆除“活人墓”数"),
        ),
        *at_most(
            "B0601C",
            "living_tombs_self_removed",
            "living_tombs_removed",
            ("其中：自行拆除数", "拆除“活人墓”数"),
            cumulative=True,
        ),
    ),
    carried=(
        carried_forward(
            "T0601",
            ("living_tombs_registered",),
            ("living_tombs_found",),
            ("living_tombs_removed",),
            ("在册“活人墓”数", "本月新排查", "拆除"),
        ),
    ),
)
