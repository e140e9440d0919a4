"""The pipeline: collecting, reading, checking, the warehouse, computing, reporting."""
