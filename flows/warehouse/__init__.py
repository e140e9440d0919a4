"""The only place that opens DuckDB: tables, loading, publishing."""
