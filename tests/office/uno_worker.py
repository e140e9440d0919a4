"""Works one LibreOffice over UNO: a command a line of JSON in, an answer a line out.

Debian's own Python runs it, which has `uno`; nothing of the project is imported here.
"""

import json
import sys
import time
import traceback

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.table.CellContentType import EMPTY
from com.sun.star.util.NumberFormat import TEXT

FILTERS = {
    "xlsx": "Calc MS Excel 2007 XML",
    "xls": "MS Excel 97",
    "ods": "calc8",
    "pdf": "calc_pdf_Export",
    "html": "HTML (StarCalc)",
}
WAIT = 60


def properties(**values):
    return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())


def connect(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    address = f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext"
    end = time.monotonic() + WAIT
    while True:
        try:
            context = resolver.resolve(address)
            break
        except NoConnectException:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
    return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)


class Worker:
    def __init__(self, pipe):
        self.desktop = connect(pipe)
        self.documents = {}
        self.opened = 0

    def open(self, path):
        self.opened += 1
        url = uno.systemPathToFileUrl(path)
        made = self.desktop.loadComponentFromURL(url, "_blank", 0, properties(Hidden=True))
        if made is None:
            raise ValueError(f"LibreOffice does not open {path}")
        made.calculateAll()
        self.documents[self.opened] = made
        return self.opened

    def sheet(self, document, name):
        return self.documents[document].Sheets.getByName(name)

    def cell(self, document, name, place):
        return self.sheet(document, name).getCellRangeByName(place)

    def sheets(self, document):
        found = self.documents[document].Sheets
        return [[each, found.getByName(each).IsVisible] for each in found.ElementNames]

    def fill(self, document, sheet, cells):
        """As somebody types it: what looks like a number or a date becomes one."""
        made = self.documents[document]
        formats = made.NumberFormats
        own = self.sheet(document, sheet)
        made.lockControllers()
        made.enableAutomaticCalculation(False)
        refused = []
        for place, typed in cells.items():
            cell = own.getCellRangeByName(place)
            if own.isProtected() and cell.CellProtection.IsLocked:
                refused.append(place)
            elif typed == "":
                cell.clearContents(1 | 2 | 4 | 16)
            elif formats.getByKey(cell.NumberFormat).Type & TEXT:
                cell.setString(typed)
            else:
                cell.FormulaLocal = typed
        made.enableAutomaticCalculation(True)
        made.unlockControllers()
        made.calculateAll()
        return refused

    def insert(self, document, sheet, row):
        """A row like the one above it: without a password anybody may lift the protection."""
        own = self.sheet(document, sheet)
        own.unprotect("")
        own.Rows.insertByIndex(row - 1, 1)
        for at in range(30):
            above, made = (own.getCellByPosition(at, each) for each in (row - 2, row - 1))
            made.CellProtection, made.NumberFormat = above.CellProtection, above.NumberFormat
        own.protect("")

    def texts(self, document, sheet, area):
        own = self.cell(document, sheet, area)
        return [
            [own.getCellByPosition(x, y).String for x in range(own.Columns.Count)]
            for y in range(own.Rows.Count)
        ]

    def values(self, document, sheet, area):
        return [list(row) for row in self.cell(document, sheet, area).getDataArray()]

    def text(self, document, sheet, place):
        return self.cell(document, sheet, place).String

    def formula(self, document, sheet, place):
        return self.cell(document, sheet, place).Formula

    def is_blank(self, document, sheet, place):
        return self.cell(document, sheet, place).Type == EMPTY

    def store(self, document, path, kind):
        url = uno.systemPathToFileUrl(path)
        self.documents[document].storeToURL(
            url, properties(FilterName=FILTERS[kind], Overwrite=True)
        )

    def close(self, document):
        self.documents.pop(document).close(True)


def main():
    worker = Worker(sys.argv[1])
    for line in sys.stdin:
        command = json.loads(line)
        try:
            answer = {"answer": getattr(worker, command.pop("do"))(**command)}
        except Exception:
            answer = {"trouble": traceback.format_exc()}
        print(json.dumps(answer), flush=True)


main()
