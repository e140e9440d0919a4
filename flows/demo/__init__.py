"""A synthetic district for demonstrations, tests and benchmarks: made, not real.

`world` has the true figures, `mistakes` what people get wrong, `arrivals` what
comes in on which day, `workbook` the files themselves.
"""
