# Which of several models is nested in which, by lavaan's lavTestNET(). Run: Rscript nesting.R (lavaan >= 0.7)
suppressMessages({library(lavaan); library(jsonlite)})
out <- commandArgs(TRUE)[1]; if (is.na(out)) out <- "."
hs <- read.csv("data/holzinger.csv")
HS <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
models <- c(factors = HS, covariance = paste0(HS, "\nx7 ~~ x8"), loading = paste0(HS, "\nvisual =~ x9"),
  other_covariance = paste0(HS, "\nx1 ~~ x4"), uncorrelated = paste0(HS, "\nvisual ~~ 0*textual + 0*speed\ntextual ~~ 0*speed"),
  chain = paste0(HS, "\ntextual ~ visual\nspeed ~ textual"), above = paste0(HS, "\ng =~ visual + a*textual + a*speed"),
  one = "g =~ x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9", parallel = "visual =~ x1 + x2 + x3\ntextual =~ x4 + 1*x5 + 1*x6\nspeed =~ x7 + x8 + x9")
fits <- lapply(models, sem, data = hs); names(fits) <- NULL
found <- do.call(lavTestNET, c(fits, list(model_names = names(models))))
nested <- found$nested; order <- colnames(nested)
body <- list(lavaan = as.character(packageVersion("lavaan")), data = "holzinger.csv", models = as.list(models), order = order,
             nested = lapply(seq_along(order), function(i) unname(nested[i, ])), fx = lapply(seq_along(order), function(i) unname(found$fx[i, ])))
writeLines(toJSON(body, auto_unbox = TRUE, digits = NA, na = "null", pretty = TRUE), file.path(out, "nesting.json"))
