# Factor scores of ordered items: the mode of the posterior density of the factors, and of the likelihood, for the first
# rows of each group, with the moments that lavaan implies. Run: Rscript ordinal_scores.R .   (lavaan >= 0.7, numDeriv)
# lavPredict() stops at a relative change of 1e-8 with numerical derivatives, some 1e-4 from the mode, holds "ML" scores by
# a vague prior, and takes all items for independent given the factors. So the densities are written down here once more,
# without that assumption, and driven to their mode by Newton's method; where lavaan's assumption holds the script stops
# if lavPredict is not near. lavPredict fails with covariates (fixed.x = FALSE); there the script alone speaks.
source("tight_fits.R")
ROWS <- 40
`%||%` <- function(a, b) if (is.null(a)) b else a
moments <- function(fit, g) {
  est <- lavInspect(fit, "est"); if (fit@Data@ngroups > 1) est <- est[[g]]
  items <- rownames(est$lambda); latent <- lavNames(fit, "lv.regular"); all <- colnames(est$lambda)
  A <- solve(diag(length(all)) - (est$beta %||% matrix(0, length(all), length(all))))
  Phi <- A %*% est$psi %*% t(A); L <- est$lambda
  joint <- rbind(cbind(Phi, Phi %*% t(L)), cbind(L %*% Phi, L %*% Phi %*% t(L) + est$theta))
  eta <- A %*% (est$alpha %||% rep(0, length(all)))
  mean <- c(eta, (est$nu %||% rep(0, length(items))) + L %*% eta)
  keep <- c(match(latent, all), length(all) + seq_along(items))
  tau <- est$tau[, 1]; owner <- sub("\\|.*", "", rownames(est$tau))
  list(latent = latent, items = items, mean = mean[keep], cov = joint[keep, keep],
    tau = lapply(items, function(v) unname(tau[owner == v])))
}
# minus the logarithm of the normal density of y, up to a constant
density <- function(y, mean, cov) if (length(y)) sum((y - mean) * solve(cov, y - mean)) / 2 else 0
# log(P(a < z < b)) in the tail where it is exact
interval <- function(a, b) {
  flip <- a + b > 0; flip[is.na(flip)] <- FALSE
  low <- ifelse(flip, -b, a); high <- ifelse(flip, -a, b); top <- pnorm(high, log.p = TRUE)
  top + log1p(-exp(pnorm(low, log.p = TRUE) - top))
}
# minus log p(factors, continuous answers) p(ordered answers | both); for the likelihood divided by p(factors, covariates)
target <- function(f, at, y, M, given, likelihood) {
  m <- length(M$latent); where <- m + seq_along(M$items); ordered <- lengths(M$tau) > 0; seen <- !is.na(y)
  cont <- where[!ordered & seen]; known <- c(at, cont); value <- c(f, y[!ordered & seen])
  out <- density(value, M$mean[known], M$cov[known, known])
  if (likelihood) {
    base <- c(at, where[M$items %in% given & seen]); own <- c(f, y[M$items %in% given & seen])
    out <- out - density(own, M$mean[base], M$cov[base, base])
  }
  for (j in which(ordered & seen)) {
    K <- solve(M$cov[known, known], M$cov[known, where[j]])
    mean <- M$mean[where[j]] + sum(K * (value - M$mean[known])); sd <- sqrt(M$cov[where[j], where[j]] - sum(K * M$cov[known, where[j]]))
    edges <- c(-Inf, M$tau[[j]], Inf)
    out <- out - interval((edges[y[j]] - mean) / sd, (edges[y[j] + 1] - mean) / sd)
  }
  out
}
mode <- function(at, ...) {
  goal <- function(f) target(f, at, ...)
  f <- nlminb(rep(0, length(at)), goal, control = list(rel.tol = 1e-12))$par
  for (i in 1:4) f <- f - (step <- solve(numDeriv::hessian(goal, f), numDeriv::grad(goal, f)))
  if (max(abs(step)) > 1e-7) stop("no mode")
  f
}
scores <- function(Y, M, given, likelihood, measures) {
  out <- matrix(NA, nrow(Y), length(M$latent), dimnames = list(NULL, M$latent))
  for (i in seq_len(nrow(Y))) {
    y <- as.numeric(Y[i, ]); at <- seq_along(M$latent)
    if (likelihood) {
      # a factor has no score if its items were left out, or lie all at one end (loadings are positive, no item measures two)
      for (k in at) {
        own <- match(measures[[M$latent[k]]], M$items); own <- own[!is.na(own) & !is.na(y[own])]; last <- lengths(M$tau)[own] + 1
        if (all(last > 1) && (all(y[own] == 1) || all(y[own] == last))) { y[own] <- NA; at <- setdiff(at, k) }
      }
    }
    if (length(at)) out[i, at] <- mode(at, y, M, given, likelihood)
  }
  out
}
case <- function(name, data, model, ..., rule = TRUE, edit = identity) {
  d <- edit(read.csv(file.path("data", data))); given <- list(fun = "sem", model = model, ...)
  fit <- fit_one(given, d)
  pt <- parTable(fit); measures <- with(pt[pt$op == "=~" & pt$group == 1, ], split(rhs, lhs))
  covariates <- setdiff(pt$rhs[pt$op == "~"], c(pt$lhs[pt$op %in% c("~", "=~")], pt$rhs[pt$op == "=~"]))
  theirs <- lapply(c(regression = "EBM", bartlett = "ML"), function(k) attempt(lavPredict(fit, method = k, drop_list_single_group = FALSE)))
  groups <- lapply(seq_len(fit@Data@ngroups), function(g) {
    M <- moments(fit, g); Y <- fit@Data@X[[g]][seq_len(ROWS), ]
    if (any(lavNames(fit, "ov") != M$items)) stop("another order")
    found <- list(regression = scores(Y, M, covariates, FALSE, measures))
    direct <- M$latent[M$latent %in% names(measures)[vapply(measures, function(v) any(v %in% M$items), TRUE)]]
    # factors that have items; the others have no likelihood of their own
    keep <- c(match(direct, M$latent), length(M$latent) + seq_along(M$items))
    D <- within(M, { mean <- mean[keep]; cov <- cov[keep, keep]; latent <- direct })
    found$bartlett <- scores(Y, D, covariates, TRUE, measures)
    if (rule) for (k in names(found)) {
      gap <- max(abs(theirs[[k]][[g]][seq_len(ROWS), colnames(found[[k]])] - found[[k]]), na.rm = TRUE)
      cat(sprintf("%-12s group %d %-10s %d without a score, %.1e from lavPredict\n", name, g, k, sum(is.na(found[[k]])), gap))
      if (gap > 3e-3) stop("not near lavPredict")
    }
    list(label = (fit@Data@group.label %||% "")[g], latent = M$latent, direct = direct, items = M$items, mean = signif(M$mean, 15),
      cov = matrix(signif(M$cov, 15), nrow(M$cov)), tau = lapply(M$tau, function(t) I(signif(t, 15))), answers = Y,
      regression = signif(found$regression, 12), bartlett = signif(found$bartlett, 12))
  })
  body <- list(lavaan = as.character(packageVersion("lavaan")), data = data, model = model, options = list(...),
    covariates = I(unique(covariates)), groups = groups)
  writeLines(toJSON(body, auto_unbox = TRUE, digits = NA, na = "null", null = "null"), file.path(out, paste0("scores_", name, ".json")))
}
items <- paste0(rep(c("a", "b", "c"), each = 4), 1:4)
THREE <- "A =~ a1 + a2 + a3 + a4\nB =~ b1 + b2 + b3 + b4\nC =~ c1 + c2 + c3 + c4\n"
TWO <- "A =~ a1 + a2 + a3 + a4\nB =~ b1 + b2 + b3 + b4\n"
case("paths", "ordered.csv", paste0(THREE, "B ~ A\nC ~ A + B"), estimator = "WLSMV", ordered = items)
case("second", "ordered.csv", paste0(THREE, "top =~ A + B + C"), estimator = "WLSMV", ordered = items)
# equal thresholds and loadings: scales and means of the second group are free
case("groups", "ordered.csv", paste0(TWO, "A ~~ B"), estimator = "WLSMV", ordered = items[1:8], group = "g", group_equal = c("thresholds", "loadings"))
case("holes", "ordered_holes.csv", paste0(THREE, "B ~ A"), estimator = "WLSMV", ordered = items, missing = "pairwise")
# continuous items beside ordered ones, an ordered and a continuous outcome
case("mixed", "ordered_holes.csv", paste0(TWO, "c1 ~ A\nc2 ~ B\nc1 ~~ 0*c2"), estimator = "WLSMV", ordered = c(items[c(1:3, 5)], "c1"), missing = "pairwise")
# what lavPredict leaves out: residual covariances of continuous items with each other and with an ordered one
case("residuals", "ordered.csv", paste0(TWO, "A ~~ B\na4 ~~ b4\na3 ~~ b4"), estimator = "WLSMV", ordered = items[c(1:3, 5, 6)], rule = FALSE)
# covariates, one with an effect on single items, of which one answer may be missing
case("covariates", "ordered_holes.csv", paste0(TWO, "A ~ c1 + w\nB ~ A + w\nb2 ~ w\na2 ~ w"), estimator = "WLSMV", ordered = items[1:8],
  missing = "pairwise", fixed.x = FALSE, conditional.x = FALSE, rule = FALSE)
