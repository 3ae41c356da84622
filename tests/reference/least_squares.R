# GLS, ULS, DWLS and WLS, with continuous and with ordered items: lavaan's own matrices with the place of every free
# parameter, so that core can be compared without any model text. Run: Rscript least_squares.R .   (lavaan >= 0.7)
source("generate.R")
`%||%` <- function(a, b) if (is.null(a)) b else a
full <- function(x) if (is.null(x)) NULL else matrix(signif(as.numeric(x), 15), NROW(x))
tighten <- function(fit) {
  best <- fit
  for (m in c("GN", "NLMINB")) {
    other <- attempt(suppressWarnings(update(fit, start = best, optim.method = m, optim.force.converged = TRUE,
      control = list(gn.tol.x = 1e-13, rel.tol = 1e-15, x.tol = 1e-13, eval.max = 20000, iter.max = 10000))))
    if (!is.null(other) && isTRUE(lavInspect(other, "converged")) && length(coef(other)) == length(coef(fit)) &&
        lavTech(other, "optim")$fx <= lavTech(best, "optim")$fx) best <- other
  }
  best
}
tests <- function(test) lapply(unname(test), function(t) list(test = t$test, stat = num(t$stat), df = num(t$df),
  pvalue = num(t$pvalue), factor = num(t$scaling.factor %||% NA), shift = num(t$shift.parameter %||% NA)))
matrices <- function(fit, what) {
  found <- lavInspect(fit, what)
  lapply(if (is.matrix(found[[1]])) list(found) else unname(found), function(g) lapply(g, full))
}
# lavaan's Jacobian takes the residual variance of an ordered outcome for fixed (parameterization = "delta"), so that its
# standard errors are off where such an outcome predicts something, and its optimiser fails. Such cases are `twofold`:
# estimates come from differences, everything else from the same model with parameterization = "theta".
implied <- function(fit, x) lavaan:::lav_model_wls_est(lavaan:::lav_model_set_parameters(fit@Model, x = x))
objective <- function(fit, x) as.numeric(lavaan:::lav_model_objective(lavaan:::lav_model_set_parameters(fit@Model, x = x),
  lavsamplestats = fit@SampleStats, lavdata = fit@Data))
case <- function(name, data, model, ..., twofold = FALSE) {
  file <- data; data <- read.csv(file.path("data", file)); given <- list(...)
  fit <- exact <- tighten(suppressWarnings(sem(model, data, ..., optim.gradient = if (twofold) "numerical" else "analytic")))
  if (twofold) exact <- tighten(sem(model, data, ..., parameterization = "theta"))
  m <- fit@Model; x <- as.numeric(coef(fit))
  names_of <- fit@Data@ov.names[[1]]
  ordered <- lavNames(fit, "ov.ord")
  levels <- sapply(names_of, function(v) if (v %in% ordered) length(unique(na.omit(data[[v]]))) else 0L)
  measures <- fitMeasures(exact)
  body <- list(lavaan = as.character(packageVersion("lavaan")), data = file, model = model,
    options = given[setdiff(names(given), "ordered")], names = names_of, levels = unname(levels), means = m@meanstructure,
    groups = as.character(fit@Data@group.label), n = unlist(fit@SampleStats@nobs),
    factors = rownames(m@GLIST$psi) %||% m@dimNames[[which(names(m@GLIST) == "psi")[1]]][[1]],
    free = matrices(fit, "free"), values = matrices(fit, "est"), x = signif(x, 15),
    K = if (m@eq.constraints) full(m@eq.constraints.K) else NULL, sample = lapply(fit@SampleStats@WLS.obs, signif, 15),
    fmin = num(exact@optim$fx), df = num(measures["df"]), tests = tests(exact@test), baseline = tests(exact@baseline$test),
    measures = as.list(num(measures) |> setNames(names(measures))))
  if (!twofold) body$se <- num(sqrt(diag(lavTech(fit, "vcov"))))
  if (twofold) body <- c(body, list(standardized = frame(standardizedSolution(exact)),
    jacobian = lapply(seq_along(body$n), function(g) full(numDeriv::jacobian(function(x) implied(fit, x)[[g]], x))),
    hessian = full(numDeriv::hessian(function(x) objective(fit, x), x))))
  writeLines(toJSON(body, auto_unbox = TRUE, digits = NA, na = "null", null = "null"), file.path(out, paste0("ls_", name, ".json")))
  cat(sprintf("%-24s npar=%d df=%g chisq=%.4f\n", name, length(body$x), body$df, body$tests[[1]]$stat))
}
HS <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
EQ <- c("loadings", "intercepts")
hs <- function(name, ...) case(name, "holzinger.csv", HS, auto.cov.lv.x = TRUE, ...)
hs("gls", estimator = "GLS")
hs("gls_means", estimator = "GLS", group = "school", group.equal = EQ)
hs("uls_means", estimator = "ULS", group = "school", group.equal = EQ)
hs("ulsmv", estimator = "ULSMV", meanstructure = TRUE)
hs("wls", estimator = "WLS")
hs("dwls", estimator = "DWLS", ordered = FALSE)
case("gls_covariates", "holzinger.csv", paste0(HS, "\nvisual ~ ageyr + sex\ntextual ~ visual + sex\nspeed ~ visual + ageyr"), estimator = "GLS")
case("uls_covariates", "holzinger.csv", paste0(HS, "\nvisual ~ ageyr + sex\ntextual ~ visual + sex\nspeed ~ visual + ageyr"), estimator = "ULS")
# --- ordered items
items <- paste0(rep(c("a", "b", "c"), each = 4), 1:4)
TWO <- "A =~ a1 + a2 + a3 + a4\nB =~ b1 + b2 + b3 + b4\nA ~~ B\na4 ~~ b1"
ord <- function(name, model, ..., file = "ordered.csv") case(name, file, model, ordered = items, ...)
ord("wlsm", TWO, estimator = "WLSM")
ord("wlsmvs", TWO, estimator = "WLSMVS")
ord("wls_ordered", "A =~ a1 + a2 + a3 + a4", estimator = "WLS")
ord("uls_ordered", TWO, estimator = "ULS")
# an ordered outcome that predicts others, and an ordered predictor
ord("outcomes", "A =~ a1 + a2 + a3 + a4\nb1 ~ A\nb2 ~ b1 + A\nc1 ~ b2 + A\nb1 ~~ a4", estimator = "WLSMV", twofold = TRUE)
# equal thresholds and loadings: scales and means of the second group are free
ord("groups", TWO, estimator = "WLSMV", group = "g", group.equal = c("thresholds", "loadings"))
ord("groups_outcomes", "A =~ a1 + a2 + a3 + a4\nb1 ~ A\nb2 ~ b1", estimator = "ULSMV", group = "g", group.equal = c("thresholds", "loadings", "regressions"), twofold = TRUE)
# continuous items beside ordered ones
case("mixed", "ordinal_mixed.csv", "F =~ m2 + m4 + m1\nm5 ~ F\nm3 ~ m5\nm6 ~ m3 + F", estimator = "WLSMV", ordered = c("m2", "m4", "m5"), twofold = TRUE)
# answers with holes, and sampling weights
set.seed(20260301)
od <- read.csv("data/ordered.csv")
for (v in items) od[[v]][runif(nrow(od)) < .08] <- NA
od$w <- round(runif(nrow(od), .4, 2.2), 3)
write.csv(od, "data/ordered_holes.csv", row.names = FALSE, na = "")
ord("pairwise", TWO, estimator = "WLSMV", missing = "pairwise", file = "ordered_holes.csv")
ord("weights", TWO, estimator = "WLSMV", sampling.weights = "w", file = "ordered_holes.csv")
