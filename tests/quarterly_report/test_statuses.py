"""Every status of growth, worded, in a report that is written and compared."""

import re
from pathlib import Path

from flows.quarterly_report.comparing import compare
from flows.quarterly_report.filling import Filler
from flows.quarterly_report.page import page
from flows.quarterly_report.page.prose import prose_html
from flows.quarterly_report.page.reading_back import numbers_on
from flows.quarterly_report.tables import tables as workbook_of
from flows.quarterly_report.tables.reading_back import numbers_in as numbers_in_tables
from flows.quarterly_report.word.document import word
from flows.quarterly_report.word.reading_back import numbers_in
from flows.quarterly_report.word.template import template_of
from tests.quarterly_report.statuses import SAID, status_contents
from tests.quarterly_report.texts import as_text

WORDED = """
上升数250人，比上年同期增加50人，同比增长25.0%。
下降数180人，比上年同期减少20人，同比下降10.0%。
不变数100人，与上年同期持平，同比持平。
微增数100010人，比上年同期增加10人，同比基本持平。
两期为零数0人，与上年同期持平，同比持平。
由零起数7人，比上年同期增加7人，同比由零增至7人。
未报数暂缺（缺甲、乙镇），本期数据暂缺，不作增减比较，本期数据暂缺，同比暂不计算。
新报数10人，因上年同期无数据，不作增减比较，同比无可比基数。
缺报数90人（缺乙镇），按两期均有数据的1个单位计，比上年同期减少10人，同口径（1个单位）同比下降10.0%，总体同比待报齐后计算。
改口径数40人，因统计口径或区划调整，与上年同期不可比，因统计口径或区划调整，与上年同期不可比。
少数人数（人数较少，不予公布），涉及人数较少，增减情况不予公布，涉及人数较少，同比情况不予公布。
转向数190人，比上年同期减少10人，同比下降5.0%，由升转降。
由正变负数-4人，比上年同期减少16人，同比由正转负。
由负变正数4人，比上年同期增加16人，同比由负转正。
上年为负数-4人，比上年同期增加6人，上年同期为负值，不计算同比增速。
部分占比24.0%，比上年同期提高4.0个百分点，同比提高4.0个百分点。
平均数3.0人，因分母为零，不作增减比较，因分母为零，不作同比比较。
"""


def test_every_status_is_said_naturally(tmp_path: Path) -> None:
    with status_contents(tmp_path) as (contents, tables):
        statuses = {
            growth.status
            for (_, unit, _, comparison), growth in contents.growth.items()
            if (unit, comparison) == ("1", "yoy")
        }
        assert statuses == {
            *("value_missing", "base_missing", "undefined", "not_comparable", "incomplete"),
            *("points", "both_zero", "base_zero", "turned_negative", "turned_positive"),
            *("base_negative", "ok", "suppressed"),
        }
        filler = Filler(contents)
        told = [as_text(filler.fill(each)) for each in contents.report.programmes[0].paragraphs]  # fmt: skip
        assert [each for each in WORDED.split() if each not in told] == []
        # What is said is what the database has, of each of them, and on the page the same.
        document = word(contents, template_of(contents.report))
        html = page(contents, prose_html(contents, document.blocks))
        workbook = workbook_of(contents)
        files = {"page": numbers_on(html), "tables": numbers_in_tables(workbook, contents)}
        compared = compare(contents, tables, numbers_in(document.content), document.notes, files)
        assert compared == 3 * len(SAID) + sum(map(len, files.values()))
        explained = html[html.index('<script type="application/json"') :]
        phrases = [phrase for line in WORDED.split() for phrase in re.findall("同比[^，。]*", line)]
        assert [each for each in phrases if each not in explained] == []
