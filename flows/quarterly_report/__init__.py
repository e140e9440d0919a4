"""The quarter's report: its contents after suppression, as Word, web page, tables and charts."""
