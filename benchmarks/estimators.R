# Time lavaan on one case; called by estimators.py.
# Usage: Rscript estimators.R FOLDER CASE RUNS
# Reads model.txt and data.csv. Writes versions and the statistic, then CPU and elapsed
# seconds of every run, after one that is not counted.
suppressMessages(library(lavaan))
arguments <- commandArgs(TRUE)
folder <- arguments[1]
runs <- as.integer(arguments[3])
model <- paste(readLines(file.path(folder, "model.txt")), collapse = "\n")
data <- read.csv(file.path(folder, "data.csv"))

fit <- function(...) {
  found <- sem(model, data, ...)
  list(found, fitMeasures(found))
}
ladder <- function() {
  steps <- lapply(
    list("", "loadings", c("loadings", "intercepts")),
    function(equal) fit(estimator = "MLR", group = "GEN", group.equal = equal)
  )
  lavTestLRT(steps[[1]][[1]], steps[[2]][[1]], steps[[3]][[1]])
  steps[[3]]
}
job <- list(
  ml = function() fit(),
  mlr = function() fit(estimator = "MLR"),
  wlsmv = function() fit(ordered = TRUE),
  fiml = function() fit(missing = "fiml"),
  ladder = ladder
)[[arguments[2]]]

measures <- job()[[2]]
scaled <- if ("chisq.scaled" %in% names(measures)) "chisq.scaled" else "chisq"
cat(
  paste("lavaan", packageDescription("lavaan")$Version),
  sub(" \\(.*", "", R.version.string),
  basename(extSoftVersion()[["BLAS"]]),
  measures[[scaled]],
  sep = "\t"
)
cat("\n")
for (run in seq_len(runs)) {
  start <- proc.time()
  job()
  used <- proc.time() - start
  cat(used[["user.self"]] + used[["sys.self"]], used[["elapsed"]], "\n")
}
