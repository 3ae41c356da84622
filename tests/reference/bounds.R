# Bounded estimates: lavaan's bounds for every set that it knows, and its estimates within them.
# Usage: Rscript bounds.R .        (simulates data/heywood.csv, writes bounds.json)
suppressMessages({library(lavaan); library(jsonlite)})
out <- commandArgs(TRUE)[1]; if (is.na(out)) out <- "."
num <- function(x) signif(as.numeric(x), 12)
# --- data: two groups, two factors, a loading near 1 beside weak ones, a covariate, an outcome
draw <- function(n, seed, strong) {
  set.seed(seed)
  z <- rnorm(n); f <- .3 * z + rnorm(n, 0, .95); g <- .5 * f + rnorm(n, 0, .85); y <- .5 * g + rnorm(n)
  l <- c(strong, .4, .4, .6, .6, .6)
  items <- sapply(1:6, function(i) l[i] * (if (i < 4) f else g) + rnorm(n, 0, sqrt(1 - l[i]^2)) + i / 5)
  colnames(items) <- paste0("x", 1:6)
  round(data.frame(items, y, z), 3)
}
d <- rbind(cbind(draw(80, 6, .98), where = "a"), cbind(draw(90, 2, .95), where = "b"))
write.csv(d, file.path(out, "data", "heywood.csv"), row.names = FALSE)
# --- models: the text, the options in lavaan's names, the rows
A <- d[d$where == "a", ]
CFA <- "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6"
PATHS <- paste0(CFA, "\ng ~ f + z\ny ~ g\nx2 ~~ x5")
SECOND <- "f =~ x1 + x2 + x3\ng =~ x4 + x5\nh =~ x6 + y\ntop =~ f + g + h"
LABELS <- "f =~ x1 + a*x2 + a*x3\ng =~ x4 + b*x5 + x6\nx4 ~~ v*x4\nx5 ~~ v*x5"
SCALES <- "f =~ 2*x1 + x2 + x3\ng =~ NA*x4 + 1*x5 + x6\nh =~ NA*y + z\nh ~~ 1*h\nz ~~ 0.2*z"
case <- function(model, data = A, fixed.x = TRUE, ...) list(model = model, data = data, given = list(fixed.x = fixed.x, ...))
cases <- list(
  standard = case(CFA, bounds = "standard"),
  wide = case(CFA, bounds = "wide"),
  wide_zerovar = case(CFA, bounds = "wide.zerovar"),
  pos_var = case(CFA, bounds = "pos.var"),
  pos_ov_var = case(CFA, bounds = "pos.ov.var"),
  pos_lv_var = case(CFA, bounds = "pos.lv.var"),
  none = case(CFA, bounds = "none"),
  std_lv = case(CFA, bounds = "standard", std.lv = TRUE),
  means = case(CFA, bounds = "standard", meanstructure = TRUE),
  robust = case(CFA, bounds = "standard", estimator = "MLR"),
  paths = case(PATHS, bounds = "standard"),
  paths_wide = case(PATHS, bounds = "wide"),
  paths_random = case(PATHS, bounds = "standard", fixed.x = FALSE),
  second_order = case(SECOND, bounds = "standard"),
  second_order_wide = case(SECOND, bounds = "wide"),
  labels = case(LABELS, bounds = "standard"),
  scales = case(SCALES, bounds = "standard"),
  groups = case(CFA, d, bounds = "standard", group = "where"),
  groups_wide = case(CFA, d, bounds = "wide", group = "where"),
  groups_loadings = case(CFA, d, bounds = "standard", group = "where", group.equal = "loadings"),
  groups_strict = case(CFA, d, bounds = "pos.var", group = "where", group.equal = c("loadings", "intercepts", "residuals")),
  groups_std_lv = case(CFA, d, bounds = "standard", group = "where", group.equal = "loadings", std.lv = TRUE)
)
# nlminb from two starts, the lower one kept; then what is at a bound is fixed there and the rest driven to a gradient near
# zero by Gauss-Newton, and standard errors come from the bounded model at these values
solve_case <- function(one) {
  call <- function(model, more) suppressWarnings(do.call(sem, c(list(model, one$data, bad.marker.crit = 0, optim.force.converged = TRUE), more)))
  tight <- list(rel.tol = 1e-15, x.tol = 1e-14, xf.tol = 1e-16, eval.max = 5000, iter.max = 5000, abs.tol = 0)
  fits <- lapply(list("default", "simple"), function(start) call(one$model, c(list(start = start), one$given)))
  fit <- fits[[which.min(sapply(fits, function(f) lavTech(f, "optim")$fx))]]
  table <- with_bounds(parTable(fit)); at <- at_bound(table, 1e-7)
  table$est[at] <- ifelse(abs(table$est - table$lower)[at] < 1e-6, table$lower[at], table$upper[at])
  tied <- table$free > 0 & table$label != "" & table$label %in% table$label[at]
  for (l in unique(table$label[tied])) table$est[tied & table$label == l] <- table$est[at & table$label == l][1]
  at <- at | tied; held <- table; held$free[at] <- 0L; held$ustart[at] <- table$est[at]; held$free[held$free > 0] <- seq_len(sum(held$free > 0)); held$ustart[held$free > 0] <- held$est[held$free > 0]
  held$lower <- held$upper <- held$start <- held$est <- held$se <- NULL
  rest <- one$given; rest$bounds <- NULL; rest$estimator <- NULL
  sharp <- call(held, c(list(optim.method = "NLMINB", control = tight), rest))
  for (m in rep(c("GN", "BFGS", "NLMINB"), 2)) {
    held$ustart[held$free > 0] <- parTable(sharp)$est[held$free > 0]
    other <- call(held, c(list(optim.method = m, control = c(tight, list(reltol = 1e-16, gn.tol.x = 1e-12))), rest))
    if (lavTech(other, "optim")$fx <= lavTech(sharp, "optim")$fx) sharp <- other
  }
  table$est[table$free > 0 & !at] <- parTable(sharp)$est[table$free > 0 & !at]
  list(table = table, at = at, sharp = sharp, fit = call(one$model, c(list(start = table, optim.method = "none"), one$given)))
}
with_bounds <- function(table) { if (is.null(table$lower)) { table$lower <- -Inf; table$upper <- Inf }; table }
at_bound <- function(table, near) table$free > 0 & (abs(table$est - table$lower) < near | abs(table$est - table$upper) < near)
bounded <- function(v) ifelse(is.finite(v), num(v), NA)
write_one <- function(name) {
  one <- cases[[name]]; solved <- solve_case(one); fit <- solved$fit
  table <- with_bounds(parTable(fit)); free <- table$free > 0
  stopifnot(max(abs(table$est - solved$table$est)[free]) < 1e-10)
  cat(sprintf("%-22s F %.8f (sharp %.8f) gradient %.0e at bounds %s\n", name, 2 * lavTech(fit, "optim")$fx, 2 * lavTech(solved$sharp, "optim")$fx, max(abs(lavTech(solved$sharp, "gradient"))),
    paste0(table$lhs, table$op, table$rhs)[solved$at] |> paste(collapse = " ")))
  table <- table[free, ]
  given <- one$given; names(given) <- gsub(".", "_", names(given), fixed = TRUE)
  list(name = name, model = one$model, rows = if (nrow(one$data) == nrow(A)) "a" else "all", options = given,
    chisq = num(fitMeasures(fit, "chisq")), df = fitMeasures(fit, "df")[[1]], npar = fitMeasures(fit, "npar")[[1]],
    parameters = data.frame(lhs = table$lhs, op = table$op, rhs = table$rhs, group = table$group, lower = bounded(table$lower),
      upper = bounded(table$upper), est = num(table$est), se = num(table$se)))
}
body <- list(lavaan = as.character(packageVersion("lavaan")), data = "heywood.csv", cases = lapply(names(cases), write_one))
writeLines(toJSON(body, auto_unbox = TRUE, digits = NA, na = "null", pretty = TRUE, dataframe = "rows"), file.path(out, "bounds.json"))
