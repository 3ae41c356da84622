# Standardised residuals of continuous items by every estimator: lavaan's residuals and their standard errors.
# Usage: Rscript residuals.R .        (reads data/, writes residuals.json)
suppressMessages({library(lavaan); library(jsonlite)})
out <- commandArgs(TRUE)[1]; if (is.na(out)) out <- "."
num <- function(x) signif(as.numeric(x), 12)
hs <- read.csv(file.path(out, "data", "holzinger.csv"))
holes <- read.csv(file.path(out, "data", "holzinger_missing.csv"))
extra <- read.csv(file.path(out, "data", "extra.csv"))
# a cluster and a weight that both programs can make from the number of the row
mark <- function(d) { i <- seq_len(nrow(d)); d$room <- (i * 7) %% 43; d$w <- 1 + (i %% 5) / 2; d }
data <- lapply(list(holzinger.csv = hs, holzinger_missing.csv = holes, extra.csv = extra), mark)
CFA <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9\nspeed ~ visual + textual"
X <- "f1 =~ a1 + a2 + a3 + a4\nf2 =~ b1 + b2 + b3\nf1 ~ z1 + z2\nf2 ~ f1\na2 ~ z1\ny1 ~ f2 + z1"
case <- function(..., model = CFA, file = "holzinger.csv") list(model = model, file = file, given = list(...))
cases <- list(
  ml = case(), ml_means = case(meanstructure = TRUE), mlr = case(estimator = "MLR"), mlr_means = case(estimator = "MLR", meanstructure = TRUE),
  mlm = case(estimator = "MLM"), mlmv_means = case(estimator = "MLMV", meanstructure = TRUE),
  ml_sandwich = case(se = "robust.sem", test = "satorra.bentler"), ml_test = case(test = "satorra.bentler"),
  ml_scores = case(se = "robust.huber.white", test = "scaled.shifted"),
  gls = case(estimator = "GLS"), gls_means = case(estimator = "GLS", meanstructure = TRUE),
  gls_robust = case(estimator = "GLS", se = "robust.sem"),
  uls = case(estimator = "ULS"), uls_means = case(estimator = "ULS", meanstructure = TRUE),
  ulsm = case(estimator = "ULSM"), ulsmv = case(estimator = "ULSMV"),
  fiml = case(missing = "fiml", file = "holzinger_missing.csv"), fiml_mlr = case(missing = "fiml", estimator = "MLR", file = "holzinger_missing.csv"),
  groups_ml = case(group = "school", group.equal = "loadings"), groups_mlr = case(group = "school", group.equal = c("loadings", "intercepts"), estimator = "MLR"),
  groups_mlm = case(group = "school", group.equal = "loadings", estimator = "MLM"), groups_gls = case(group = "school", group.equal = "loadings", estimator = "GLS"),
  groups_uls = case(group = "school", group.equal = "loadings", estimator = "ULS"), groups_ulsmv = case(group = "school", estimator = "ULSMV"),
  groups_fiml_mlr = case(group = "school", group.equal = "loadings", estimator = "MLR", missing = "fiml", file = "holzinger_missing.csv"),
  clusters = case(cluster = "room"), clusters_fiml = case(cluster = "room", missing = "fiml", file = "holzinger_missing.csv"),
  weights = case(sampling.weights = "w"), weights_mlm = case(sampling.weights = "w", estimator = "MLM"),
  weights_fiml = case(sampling.weights = "w", missing = "fiml", estimator = "MLR", file = "holzinger_missing.csv"),
  x_ml = case(model = X, file = "extra.csv"), x_mlr = case(model = X, file = "extra.csv", estimator = "MLR"),
  x_mlr_means = case(model = X, file = "extra.csv", estimator = "MLR", meanstructure = TRUE),
  x_mlm = case(model = X, file = "extra.csv", estimator = "MLM"), x_random = case(model = X, file = "extra.csv", estimator = "MLR", fixed.x = FALSE),
  x_gls = case(model = X, file = "extra.csv", estimator = "GLS"), x_uls = case(model = X, file = "extra.csv", estimator = "ULS"),
  x_ulsm = case(model = X, file = "extra.csv", estimator = "ULSM"), x_fiml = case(model = X, file = "extra.csv", missing = "fiml", estimator = "MLR")
)
tight <- list(rel.tol = 1e-15, x.tol = 1e-13, xf.tol = 1e-16, eval.max = 20000, iter.max = 20000, abs.tol = 0)
square <- function(m) { m <- matrix(num(m), nrow(m)); m[] <- ifelse(is.finite(m), m, NA); m }
write_one <- function(name) {
  one <- cases[[name]]
  fit <- suppressWarnings(do.call(sem, c(list(one$model, data[[one$file]], control = tight, optim.force.converged = TRUE), one$given)))
  groups <- lavInspect(fit, "ngroups"); found <- suppressWarnings(lavResiduals(fit, type = "raw", se = TRUE, zstat = TRUE, summary = FALSE, h1.acov = "unstructured"))
  if (groups == 1) found <- list(found)
  cat(sprintf("%-16s gradient %.0e\n", name, max(abs(lavTech(fit, "gradient")))))
  given <- one$given; names(given) <- gsub(".", "_", names(given), fixed = TRUE)
  list(name = name, model = one$model, data = one$file, options = given, names = rownames(found[[1]]$cov),
    raw = lapply(found, function(f) square(f$cov)), se = lapply(found, function(f) square(f$cov.se)))
}
body <- list(lavaan = as.character(packageVersion("lavaan")), cases = lapply(names(cases), write_one))
writeLines(toJSON(body, auto_unbox = TRUE, digits = NA, na = "null", matrix = "rowmajor"), file.path(out, "residuals.json"))
