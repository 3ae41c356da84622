# Time lavaan's bootstrap of one case; called by bootstrap.py.
# Usage: Rscript bootstrap.R FOLDER CASE DRAWS
# Reads model.txt and data.csv. Writes the version, then elapsed seconds in one process
# and on two.
suppressMessages(library(lavaan))
arguments <- commandArgs(TRUE)
folder <- arguments[1]
draws <- as.integer(arguments[3])
model <- paste(readLines(file.path(folder, "model.txt")), collapse = "\n")
data <- read.csv(file.path(folder, "data.csv"))
options <- list(
  ml = list(),
  wlsmv = list(ordered = TRUE),
  fiml = list(missing = "fiml")
)[[arguments[2]]]
fit <- do.call(sem, c(list(model, data), options))

cat(paste("lavaan", packageDescription("lavaan")$Version), "\n")
for (processes in 1:2) {
  start <- proc.time()[["elapsed"]]
  made <- suppressWarnings(bootstrapLavaan(
    fit, R = draws, parallel = "multicore", ncpus = processes, iseed = 1
  ))
  stopifnot(nrow(made) == draws)
  cat(proc.time()[["elapsed"]] - start, "\n")
}
