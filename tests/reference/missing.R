# lavaan's numbers for data with holes: the saturated moments, and the likelihood with
# its derivatives at given moments and at given model parameters. Nothing here depends
# on where an optimiser stopped, except the saturated moments, driven to 1e-14.
# Usage: Rscript missing.R FOLDER
suppressMessages({
  library(lavaan)
  library(jsonlite)
})
folder <- commandArgs(TRUE)[1]
write <- function(case, ...) {
  body <- list(lavaan = as.character(packageVersion("lavaan")),
               r = as.character(getRversion()), data = "holzinger_missing.csv", ...)
  writeLines(toJSON(body, auto_unbox = TRUE, digits = I(15), pretty = TRUE),
             file.path(folder, paste0("missing_", case, ".json")))
}
# vech by rows of the lower triangle from lavaan's vech by columns
by_rows <- function(p) {
  at <- matrix(0, p, p)
  at[lower.tri(at, diag = TRUE)] <- seq_len(p * (p + 1) / 2)
  c(seq_len(p), p + t(at)[upper.tri(at, diag = TRUE)])
}

# the example of naniar::mcar_test, whose result is published: 35.1, 14, 0.00142
write.csv(airquality, file.path(folder, "data", "airquality.csv"), row.names = FALSE, na = "")

d <- read.csv(file.path(folder, "data", "holzinger_missing.csv"))
items <- paste0("x", 1:9)
Y <- as.matrix(d[items])
HS <- "visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed =~ x7 + x8 + x9"

# --- saturated moments, baseline, Little's test from lavaan's EM moments
h1 <- lavaan:::lav_mvn_mi_h1_est_moments(y = Y, tol = 1e-14, max_iter = 1e5)
fit <- cfa(HS, d, missing = "fiml", fixed.x = FALSE)
little <- 0
df <- -9
key <- apply(!is.na(Y), 1, paste, collapse = "")
for (k in unique(key)) {
  rows <- Y[key == k, , drop = FALSE]
  o <- !is.na(rows[1, ])
  if (!any(o)) next
  gap <- colMeans(rows[, o, drop = FALSE]) - h1$Mu[o]
  little <- little + nrow(rows) * c(gap %*% solve(h1$Sigma[o, o], gap))
  df <- df + sum(o)
}
# the baseline with x7, x8 and x9 unrestricted
baseline <- list(mu = colMeans(Y, na.rm = TRUE),
                 Sigma = diag(apply(Y, 2, function(y) mean((y - mean(y, na.rm = TRUE))^2, na.rm = TRUE))))
block <- lavaan:::lav_mvn_mi_h1_est_moments(y = Y[, 7:9], tol = 1e-14, max_iter = 1e5)
baseline$mu[7:9] <- block$Mu
baseline$Sigma[7:9, 7:9] <- block$Sigma
write("saturated", mu = c(h1$Mu), Sigma = unname(h1$Sigma),
      loglik = lavaan:::lav_mvn_mi_loglik_data(y = Y, mu = h1$Mu, sigma_1 = h1$Sigma),
      coverage = unname(unclass(lavInspect(fit, "coverage"))),
      npatterns = nrow(lavInspect(fit, "patterns")),
      baseline_chisq = fitMeasures(fit, "baseline.chisq")[[1]],
      baseline_block_loglik = lavaan:::lav_mvn_mi_loglik_data(
        y = Y, mu = baseline$mu, sigma_1 = baseline$Sigma),
      little_chisq = little, little_df = df,
      little_pvalue = pchisq(little, df, lower.tail = FALSE))

# --- at given moments, three items, away from the optimum
Y3 <- Y[, c("x1", "x4", "x9")]
mu <- c(5, 3, 5.25)
Sigma <- matrix(c(1.5, 0.5, 0.25, 0.5, 1.25, 0.125, 0.25, 0.125, 1), 3)
o <- by_rows(3)
S <- lavaan:::lav_mvn_mi_sc_mu_sigma(y = Y3, mu = mu, sigma_1 = Sigma)
S[is.na(S)] <- 0
info <- function(f) f(y = Y3, mu = mu, sigma_1 = Sigma)[o, o]
write("moments", mu = mu, Sigma = Sigma,
      loglik = lavaan:::lav_mvn_mi_loglik_data(y = Y3, mu = mu, sigma_1 = Sigma),
      by_case = lavaan:::lav_mvn_mi_llik_pattern(y = Y3, mu = mu, sigma_1 = Sigma)[1:40],
      gradient = colSums(S[, o]), first_scores = unname(S[1:40, o]),
      observed = unname(info(lavaan:::lav_mvn_mi_info_observed_data)),
      expected = unname(info(lavaan:::lav_mvn_mi_info_expected)))

# --- at given parameters of the three-factor model, away from the optimum
given <- coef(fit) * rep(c(1.05, 0.95, 1.02), 10)
table <- parTable(fit)
table$start[table$free > 0] <- table$ustart[table$free > 0] <- given
table$est <- table$se <- NULL
at <- lavaan(table, d, missing = "fiml", fixed.x = FALSE, do.fit = FALSE, optim.force.converged = TRUE)
stopifnot(max(abs(coef(at) - given)) < 1e-12)
scores <- lavScores(at)
scores[is.na(scores)] <- 0
free <- table$free > 0
write("model", model = HS,
      parameters = paste0(table$lhs, " ", table$op, " ", table$rhs)[free] |> paste(collapse = ";"),
      x = unname(given), loglik = lavaan:::lav_mvn_mi_loglik_data(
        y = Y, mu = c(fitted(at)$mean), sigma_1 = unclass(fitted(at)$cov)),
      Sigma = unname(unclass(fitted(at)$cov)), mu = unname(c(fitted(at)$mean)),
      gradient = unname(colSums(scores)),
      observed = unname(unclass(lavInspect(at, "information.observed"))),
      expected = unname(unclass(lavInspect(at, "information.expected"))),
      first_order = unname(unclass(lavInspect(at, "information.first.order"))))
