# Three groups of unequal size with labels of their own and partial invariance: every number that a fit reports by group.
# Run: Rscript three_groups.R (lavaan >= 0.7); the data are simulated here, with a seed, into data/three_groups.csv
source("tight_fits.R")
set.seed(20260411); sizes <- c(north = 150, south = 95, west = 210)
draw <- function(g) {
  n <- sizes[[g]]; k <- match(g, names(sizes))
  f1 <- rnorm(n, c(0, .4, -.3)[k], c(1, 1.2, .8)[k]); f2 <- rnorm(n, c(0, -.5, .2)[k], .8) + c(.5, .5, .2)[k] * f1
  f3 <- rnorm(n, c(0, .1, .3)[k], .7) + .4 * f2 + .2 * f1
  d <- data.frame(region = rep(g, n))
  for (j in 1:3) for (i in 1:3) d[[paste0(c("a", "b", "c")[j], i)]] <- 3 + .3 * i + (1.1 - .15 * i) * list(f1, f2, f3)[[j]] + rnorm(n, 0, .6 + .05 * i)
  d$a3 <- d$a3 + c(0, .6, 0)[k]; d
}
d <- do.call(rbind, lapply(names(sizes), draw)); d <- d[sample(nrow(d)), ]; d[-1] <- round(d[-1], 3)
write.csv(d, "data/three_groups.csv", row.names = FALSE)
square <- function(m) unclass(num(m) |> matrix(nrow(m)))
more <- function(fit, vcov) {
  fit <- tighten(fit); lv <- lavNames(fit, "lv"); pt <- parTable(fit); label <- lavInspect(fit, "group.label")
  scores <- function(method) lapply(lavPredict(fit, method = method), function(m) frame(head(m[, lv, drop = FALSE], 10)))
  kinds <- c(raw = "raw", cor_bollen = "cor.bollen", cor_bentler = "cor.bentler", standardized = "standardized")
  list(names = lavNames(fit, "ov"), groups = label,
    residuals = lapply(kinds, function(kind) lapply(residuals(fit, type = kind), function(g) square(g$cov))),
    implied_cov = lapply(fitted(fit), function(g) square(g$cov)), implied_mean = lapply(fitted(fit), function(g) num(g$mean)),
    regression = scores("regression"), bartlett = scores("Bartlett"), latent = lapply(lavInspect(fit, "cor.lv"), square),
    free = frame(pt[pt$free > 0, c("lhs", "op", "rhs", "group")]), vcov = if (vcov) square(lavInspect(fit, "vcov")))
}
case <- function(name, ..., vcov = FALSE) {
  given <- list(...); fit <- fit_one(given, d)
  write_case(name, given$model, "three_groups.csv", fit, given[names(given) != "model"], more(fit, vcov))
}
CFA <- "f1 =~ a1 + a2 + a3\nf2 =~ b1 + b2 + b3\nf3 =~ c1 + c2 + c3"
SEM <- paste0("f1 =~ a1 + c(u, u, v)*a2 + a3\nf2 =~ b1 + b2 + b3\nf3 =~ c1 + c2 + c3\nf2 ~ c(p1, p1, p2)*f1\nf3 ~ c(q, q, q)*f2 + c(r1, r2, r3)*f1\n",
              "a1 ~~ c(0, NA, NA)*b1\ndiff := p1 - p2\nindirect := p2*q")
equal <- list("loadings", "intercepts")
case("three_groups_cfa", fun = "cfa", estimator = "ML", model = CFA, group = "region", group_equal = equal, group_partial = list("a3 ~ 1", "f2 =~ b3"))
case("three_groups_sem", fun = "sem", estimator = "ML", model = SEM, group = "region", group_equal = equal, group_partial = list("a3 ~ 1", "b2 ~ 1"), vcov = TRUE)
case("three_groups_std_lv", fun = "cfa", estimator = "ML", model = CFA, group = "region", group_equal = c(equal, list("residuals", "lv_covariances")), std_lv = TRUE)
