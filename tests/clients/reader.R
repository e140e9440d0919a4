# A reader of the published file, run by R: `reader.R FILE FOLDER`. For each statement in
# FOLDER/*.sql a table of the same name, .csv; a null is \N.
given <- commandArgs(trailingOnly = TRUE)
for (path in list.files(given[2], pattern = "[.]sql$", full.names = TRUE)) {
  sql <- paste(readLines(path, encoding = "UTF-8"), collapse = "\n")
  command <- paste("duckdb -readonly -csv -nullvalue '\\N'", shQuote(given[1]), "-c", shQuote(sql))
  rows <- read.csv(pipe(command, encoding = "UTF-8"), colClasses = "character",
                   na.strings = "\\N", check.names = FALSE)
  write.csv(rows, sub("sql$", "csv", path), na = "\\N", row.names = FALSE, fileEncoding = "UTF-8")
}
