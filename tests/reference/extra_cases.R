# Cases that took a second look: where a default, a definition or the optimiser is at stake.
# Usage: Rscript extra_cases.R .        (data are simulated here, with seeds, into data/)
source("generate.R")
O <- function(...) list(...)
# generate.R's version hands start = fit to update(), which makes lavaan free fixed covariates: keep them fixed
tighten <- function(fit) {
  best <- fit; fixed <- lavInspect(fit, "options")$fixed.x
  for (m in c("GN", "BFGS", "NLMINB")) {
    other <- attempt(suppressWarnings(update(fit, start = best, fixed.x = fixed, optim.method = m, optim.force.converged = TRUE,
      control = list(reltol = 1e-16, gn.tol.x = 1e-12, rel.tol = 1e-15, x.tol = 1e-12, eval.max = 20000, iter.max = 10000))))
    if (!is.null(other) && length(coef(other)) == length(coef(fit)) && isTRUE(lavInspect(other, "converged")) &&
        max(abs(coef(other) - coef(fit))) < 1e-2 && lavTech(other, "optim")$fx <= lavTech(best, "optim")$fx) best <- other
  }
  best
}
# --- data: two factors measured by four items, one by three, observed outcomes and covariates, means that are not 0
set.seed(20260201); n <- 240
z1 <- rnorm(n, 2); z2 <- rnorm(n, .5, 1.2) + .3 * z1; z3 <- rnorm(n, -1)
f1 <- .4 * z1 + rnorm(n, 0, .9); f2 <- .5 * f1 + .2 * z2 + rnorm(n, 0, .8); f3 <- .3 * f1 + .4 * f2 + rnorm(n, 0, .8)
d <- data.frame(row.names = 1:n)
for (j in 1:3) for (i in 1:c(4, 4, 3)[j]) d[[paste0(c("a", "b", "c")[j], i)]] <- (1 - .12 * i) * list(f1, f2, f3)[[j]] + rnorm(n, .2 * i, .6 + .05 * i)
y1 <- .5 * f3 + .3 * z1 + rnorm(n); y2 <- .4 * y1 + .3 * f2 - .2 * z3 + rnorm(n) + 3; y3 <- .3 * y2 + .2 * y1 + .3 * z2 + rnorm(n)
d <- round(cbind(d, y1, y2, y3, z1, z2, z3), 3)
write.csv(d, "data/extra.csv", row.names = FALSE)
# --- everything that lavaan says beyond generate.R, at the tightened solution
scores <- function(fit, method) if (length(lavNames(fit, "lv"))) attempt(head(frame(lavPredict(fit, method = method)), 10))
more <- function(fit) {
  fit <- tighten(fit)
  square <- function(m) if (is.null(m)) NULL else unclass(num(m) |> matrix(nrow(m)))
  list(names = lavNames(fit, "ov"),
    residuals = list(raw = square(residuals(fit, type = "raw")$cov), cor_bollen = square(residuals(fit, type = "cor.bollen")$cov),
      cor_bentler = square(residuals(fit, type = "cor.bentler")$cov), standardized = square(residuals(fit, type = "standardized")$cov)),
    implied_cov = square(fitted(fit)$cov), implied_mean = num(fitted(fit)$mean),
    regression = scores(fit, "regression"), bartlett = scores(fit, "Bartlett"))
}
case <- function(name, model, ..., data = d, file = "extra.csv") {
  given <- list(...)
  fit <- suppressWarnings(do.call(sem, c(list(model, data), given)))
  names(given) <- gsub(".", "_", names(given), fixed = TRUE)
  write_case(name, model, file, fit, c(O(fun = "sem", estimator = "ML"), given), more(fit))
}
M <- "f1 =~ a1 + a2 + a3 + a4\nf2 =~ b1 + b2 + b3 + b4\nf3 =~ c1 + c2 + c3"
# latent and observed outcomes with fixed covariates; the same with free ones and means
MIXED <- paste0(M, "\nf2 ~ f1 + z1\nf3 ~ f2 + z2\ny1 ~ f3 + z1\ny2 ~ y1 + f2\ny3 ~ y2 + y1 + z3")
case("extra_mixed_fixedx", MIXED)
case("extra_mixed_freex_means", MIXED, fixed.x = FALSE, meanstructure = TRUE)
# direct effects on items, an item that predicts an item, a residual covariance across factors
case("extra_mimic_means", "f1 =~ a1 + a2 + a3 + a4\nf2 =~ b1 + b2 + b3\nf1 ~ z1 + z2\nf2 ~ f1\na2 ~ z1\nb3 ~~ a4", meanstructure = TRUE)
# shared labels, linear constraints, a definition whose label stands for two loadings
case("extra_constraints", "f1 =~ a1 + l*a2 + l*a3 + m2*a4\nf2 =~ b1 + k2*b2 + k3*b3 + k4*b4\nf2 ~ p*f1\nk2 == m2\nk3 == 2*k4\np == 0.5\nby := p*l")
# latent means, restricted intercepts
case("extra_latent_means", "f1 =~ a1 + a2 + a3 + a4\nf2 =~ b1 + b2 + b3\nf1 ~ m1*1\nf2 ~ m2*1\na1 ~ 0*1\nb1 ~ 0*1\na2 ~ i*1\na3 ~ i*1\ndiff := m1 - m2")
# reciprocal paths
case("extra_nonrecursive", "y1 ~ y2 + z1 + z2\ny2 ~ y1 + z3")
# a factor with one item, one with a fixed variance, a second-order factor
case("extra_single_fixed", "f1 =~ NA*a1 + a2 + a3\nf1 ~~ 1*f1\ns =~ y1\ny1 ~~ 0.3*y1\ns ~ f1 + z1\ny2 ~ s")
case("extra_second_order", paste0(M, "\ng =~ f1 + f2 + f3\ng ~ z1"))
# an inadmissible solution in a small sample
case("extra_heywood", "f1 =~ a1 + a2 + a3\nf2 =~ b1 + c1 + c2\nf3 =~ y1 + y2 + y3", data = d[25:84, ], file = "extra_small.csv")
write.csv(d[25:84, ], "data/extra_small.csv", row.names = FALSE)
# --- second-order models on five factors that have no such order: scoring does not settle from the first start
H <- paste0(paste0(c("CA", "IQ", "AL", "TR", "PI"), " =~ ", sapply(c("CA", "IQ", "AL", "TR", "PI"), function(v) paste0(v, 1:3, collapse = " + ")), collapse = "\n"), "\nG =~ CA + IQ + AL\nTR ~ G\nPI ~ TR")
for (s in c(16, 20)) {
  set.seed(s); n <- 400; B <- matrix(runif(25, -.2, .9), 5); A <- diag(5) + .5 * B * lower.tri(B)
  eta <- matrix(rnorm(n * 5), n) %*% chol(cov2cor(A %*% t(A))); h <- list()
  for (j in 1:5) for (i in 1:3) { l <- runif(1, .3, .95); h[[paste0(c("CA", "IQ", "AL", "TR", "PI")[j], i)]] <- round(l * eta[, j] + sqrt(1 - l^2) * rnorm(n), 3) }
  S <- signif(cov(as.data.frame(h)), 12); file <- paste0("hard_", s, "_cov.csv"); write.csv(S, file.path("data", file))
  std <- s == 20
  write_case(paste0("hard_second_order_", s), H, file, sem(H, sample.cov = S, sample.nobs = n, std.lv = std), O(fun = "sem", estimator = "ML", std_lv = std, sample_nobs = n))
}
