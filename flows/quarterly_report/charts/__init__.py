"""The charts of a quarter, drawn with a font of their own."""

from flows.quarterly_report.charts.drawing import charts

__all__ = ["charts"]
