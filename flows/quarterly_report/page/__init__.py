"""The quarter's report as one page that opens from a disk: no server, no network."""

from flows.quarterly_report.page.building import page

__all__ = ["page"]
