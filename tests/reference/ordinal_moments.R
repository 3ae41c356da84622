# The moments of ordinal data that lavaan makes, with the data they are made of.
# Usage: Rscript ordinal_moments.R OUT_DIR       (needs lavaan >= 0.7, jsonlite)
# Each case becomes OUT_DIR/ordinal_<case>.json: names and values of wls.obs, and the lower triangle
# of Gamma, row by row, with 15 significant digits. The data go to OUT_DIR/data/.
suppressMessages({library(lavaan); library(jsonlite)})
out <- commandArgs(TRUE)[1]; if (is.na(out)) out <- "."
cut_at <- function(x, th) as.integer(cut(x, c(-Inf, th, Inf)))
draw <- function(n, loading) { f <- rnorm(n); sapply(loading, function(l) l * f + sqrt(1 - l^2) * rnorm(n)) }
write_case <- function(case, frame, ordered, weights = NULL, covariates = NULL, ...) {
  file <- paste0("ordinal_", case, ".csv")
  write.csv(frame, file.path(out, "data", file), row.names = FALSE, na = "")
  frame <- read.csv(file.path(out, "data", file))
  variables <- names(frame)
  explained <- setdiff(variables, covariates)
  model <- paste(apply(combn(explained, 2), 2, paste, collapse = "~~"), collapse = "\n")
  if (!is.null(covariates)) model <- paste(c(model, paste(explained, "~", paste(covariates, collapse = "+"))), collapse = "\n")
  given <- list(...)
  if (!is.null(weights)) { frame$w <- weights; given$sampling.weights <- "w" }
  fit <- suppressWarnings(do.call(lavaan, c(list(model, frame, ordered = ordered, estimator = "WLSMV", auto.var = TRUE,
    auto.th = TRUE, auto.delta = TRUE, int.ov.free = TRUE, do.fit = FALSE), given)))
  obs <- lavInspect(fit, "wls.obs")
  Gamma <- unclass(lavInspect(fit, "gamma"))
  levels <- sapply(variables, function(v) if (v %in% ordered) length(unique(na.omit(frame[[v]]))) else 0L)
  body <- list(lavaan = as.character(packageVersion("lavaan")), data = file, levels = unname(levels),
    names = names(obs), vector = signif(as.numeric(obs), 15), gamma = signif(Gamma[upper.tri(Gamma, diag = TRUE)], 15))
  if (!is.null(weights)) body$weights <- weights
  if (!is.null(covariates)) body$covariates <- as.list(covariates)
  if (!is.null(given$sampling.weights.type)) body$frequencies <- TRUE
  writeLines(toJSON(body, auto_unbox = TRUE, digits = NA), file.path(out, paste0("ordinal_", case, ".json")))
}

set.seed(20250301)
# 2, 3, 5 and 7 categories, skewed
x <- draw(400, c(.8, .7, -.6, .5, .75, .65, .4, .85))
levels <- data.frame(u1 = cut_at(x[, 1], .3), u2 = cut_at(x[, 2], -1.1), u3 = cut_at(x[, 3], c(-.5, .8)),
  u4 = cut_at(x[, 4], c(1.2, 1.6)), u5 = cut_at(x[, 5], c(-1.5, -.5, .4, 1.2)),
  u6 = cut_at(x[, 6], c(-2, -1.6, -1.1, -.4)), u7 = cut_at(x[, 7], c(-1.8, -1, -.4, .1, .7, 1.3)),
  u8 = cut_at(x[, 8], c(.2, .5, .9, 1.2, 1.5, 1.9)))
write_case("levels", levels, names(levels))
# between continuous variables of very different scale, one of them skewed
x <- draw(350, c(.7, .8, .6, .75, -.5, .65))
mixed <- data.frame(m1 = signif(10 + 3 * x[, 1], 8), m2 = cut_at(x[, 2], c(-1, 0, .9)),
  m3 = signif(exp(.5 * x[, 3]), 8), m4 = cut_at(x[, 4], .4), m5 = cut_at(x[, 5], c(-1.4, -.6, .3, 1)),
  m6 = signif(.02 * x[, 6], 8))
write_case("mixed", mixed, c("m2", "m4", "m5"))
# few cases and strong correlations: a 2 x 2 table with an empty cell, and larger ones
x <- draw(60, c(.95, .93, .9, -.92))
zero <- data.frame(z1 = cut_at(x[, 1], -.9), z2 = cut_at(x[, 2], .5), z3 = cut_at(x[, 3], c(-1, -.2, .6)),
  z4 = cut_at(x[, 4], c(-1, 0, 1)))
write_case("zero", zero, names(zero))
# answers with holes, and weights: those of a sample and frequencies
punched <- function(frame, share) { for (v in names(frame)) frame[[v]][runif(nrow(frame)) < share] <- NA; frame }
holes <- punched(levels[1:200, c(1, 3, 5, 7)], .12)
write_case("holes", holes, names(holes), missing = "pairwise")
write_case("mixed_holes", punched(mixed[1:200, ], .1), c("m2", "m4", "m5"), missing = "pairwise")
w <- round(runif(200, .3, 2.5), 3)
write_case("weights", levels[1:200, c(1, 3, 5, 7)], names(holes), w)
write_case("mixed_weights", mixed[1:200, ], c("m2", "m4", "m5"), w)
write_case("mixed_frequencies", mixed[1:200, ], c("m2", "m4", "m5"), rep(c(1, 2, 1, 3), 50), sampling.weights.type = "frequency",
  sampling.weights.normalization = "none")
write_case("weighted_holes", holes, names(holes), w, missing = "pairwise")
# given covariates of very different scale, one of them with two values
set.seed(20260705)
n <- 300; age <- round(rnorm(n, 40, 11)); female <- rbinom(n, 1, .55); income <- round(exp(rnorm(n, 8.5, .4)))
x <- draw(n, c(.7, .8, .6, .75, -.5, .65)) + .03 * (age - 40) + .4 * female * rep(c(1, 0, -1, 1, 0, 1), each = n) + 1e-4 * (income - 5000)
given <- data.frame(g1 = cut_at(x[, 1], c(-1, 0, .9)), age, g2 = cut_at(x[, 2], .4), g3 = signif(20 + 4 * x[, 3], 8),
  g4 = cut_at(x[, 4], c(-.6, .7)), female, g5 = signif(.02 * x[, 5], 8), income)
write_case("given", given, c("g1", "g2", "g4"), covariates = c("age", "female", "income"))
holes <- given
for (v in c("g1", "g2", "g3", "g4", "g5")) holes[[v]][runif(n) < .1] <- NA
write_case("given_holes", holes, c("g1", "g2", "g4"), covariates = c("age", "female", "income"), missing = "pairwise")
write_case("given_weights", given, c("g1", "g2", "g4"), round(runif(n, .3, 2.5), 3), covariates = c("age", "female", "income"))
