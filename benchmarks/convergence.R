# Fit every study of a folder with lavaan and its own defaults; called by convergence.py.
# Usage: Rscript convergence.R FOLDER FIRST STEP
# Reads <number>.txt (the model) and <number>.csv (the data); writes lavaan-<FIRST>.json.
suppressMessages({library(lavaan); library(jsonlite)})
arguments <- commandArgs(TRUE)
folder <- arguments[1]; first <- as.integer(arguments[2]); step <- as.integer(arguments[3])
numbers <- sort(as.integer(sub("\\.txt$", "", list.files(folder, pattern = "^[0-9]+\\.txt$"))))
one <- function(number) {
  model <- readChar(file.path(folder, paste0(number, ".txt")), 1e6)
  data <- read.csv(file.path(folder, paste0(number, ".csv")))
  fit <- tryCatch(suppressMessages(suppressWarnings(sem(model, data))), error = conditionMessage)
  if (is.character(fit)) return(list(number = number, error = fit))
  table <- parTable(fit)
  list(number = number, converged = lavInspect(fit, "converged"),
       admissible = suppressWarnings(lavInspect(fit, "post.check")),
       discrepancy = 2 * as.numeric(lavTech(fit, "optim")$fx),
       lhs = table$lhs, op = table$op, rhs = table$rhs, est = table$est)
}
found <- lapply(numbers[seq(first, length(numbers), by = step)], one)
writeLines(toJSON(found, auto_unbox = TRUE, digits = NA, na = "null"), file.path(folder, sprintf("lavaan-%d.json", first)))
cat(as.character(packageVersion("lavaan")), "\n")
