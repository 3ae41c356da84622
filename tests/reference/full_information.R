# Models of data with holes, missing = "ml": covariates with holes, empty rows, equal
# loadings, clusters, weights, groups, and many patterns in a small sample; factor scores
# of cases that left out all items of a factor. Run: Rscript full_information.R .
source("generate.R")
O <- function(...) list(...)
TIGHT <- list(tol = 1e-13, max_iter = 1e5)  # of the saturated moments
# start = fit would free fixed covariates: keep them fixed
tighten <- function(fit) {
  best <- fit; fixed <- lavInspect(fit, "options")$fixed.x
  for (m in c("BFGS", "NLMINB")) {
    other <- attempt(suppressWarnings(update(fit, start = best, fixed.x = fixed, optim.method = m, optim.force.converged = TRUE,
      control = list(reltol = 1e-16, rel.tol = 1e-15, x.tol = 1e-12, eval.max = 20000, iter.max = 10000))))
    if (!is.null(other) && length(coef(other)) == length(coef(fit)) && isTRUE(lavInspect(other, "converged")) &&
        max(abs(coef(other) - coef(fit))) < 1e-2 && lavTech(other, "optim")$fx <= lavTech(best, "optim")$fx) best <- other
  }
  best
}
# --- data: holes here and there, a whole factor left out, two empty rows, holes in a covariate
set.seed(20260301); d <- read.csv("data/holzinger.csv")[c("school", "sex", "ageyr", paste0("x", 1:9))]
for (v in paste0("x", 1:9)) d[[v]][sample(nrow(d), 24)] <- NA
d$x9[d$ageyr > 14 & runif(nrow(d)) < .5] <- NA
d[sample(nrow(d), 10), c("x4", "x5", "x6")] <- NA
d[c(17, 203), paste0("x", 1:9)] <- NA
d$ageyr[sample(nrow(d), 15)] <- NA
d$team <- sample(40, nrow(d), replace = TRUE); d$w <- round(runif(nrow(d), .5, 2), 3)
write.csv(d, "data/incomplete.csv", row.names = FALSE, na = "")
pd <- read.csv("data/democracy.csv")
for (v in names(pd)) pd[[v]][sample(nrow(pd), 7)] <- NA
write.csv(pd, "data/democracy_missing.csv", row.names = FALSE, na = "")

HS <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
EQ <- "visual =~ x1 + a*x2 + a*x3\ntextual =~ x4 + b*x5 + b*x6\nspeed =~ x7 + x8 + x9"
CV <- paste0(HS, "\nvisual ~ ageyr + sex\ntextual ~ ageyr + sex\nspeed ~ visual + ageyr")
PD <- "ind60 =~ x1 + x2 + x3\ndem60 =~ y1 + y2 + y3 + y4\ndem65 =~ y5 + y6 + y7 + y8\ndem60 ~ ind60\ndem65 ~ ind60 + dem60\ny1 ~~ y5\ny2 ~~ y4 + y6\ny3 ~~ y7\ny4 ~~ y8\ny6 ~~ y8"
# all factor scores at the tightened solution
scores <- function(fit) {
  fit <- tighten(fit)
  get <- function(method) attempt(frame(suppressWarnings(lavPredict(fit, method = method))))
  list(regression = get("regression"), bartlett = get("Bartlett"))
}
# Zhang and Savalei (2023) by the letter, with free covariates as variables like others:
# lavaan 0.7-2 itself takes their moments as known in the information without holes
excess <- function(fit) {
  fit <- tighten(fit)
  S <- lavTech(fit, "h1")[[1]]$cov; Si <- solve(S); D <- lav_matrix_duplication(nrow(S))
  W <- lav_matrix_bdiag(Si, 0.5 * t(D) %*% (Si %x% Si) %*% D)
  fit@Options$h1.information <- rep("unstructured", 2)
  A <- lavaan:::lav_model_h1_info_observed(fit)[[1]]; J <- lavaan:::lav_model_h1_info_firstorder(fit)[[1]]
  Delta <- lavTech(fit, "delta")[[1]]; Gamma <- solve(A) %*% J %*% solve(A)
  Q <- diag(nrow(A)) - Delta %*% solve(t(Delta) %*% A %*% Delta) %*% t(Delta) %*% A
  list(excess_normal = sum(diag(W %*% Q %*% solve(A))), excess_robust = sum(diag(W %*% Q %*% Gamma %*% t(Q))))
}
case <- function(name, model, ..., data = d, file = "incomplete.csv", extra = function(fit) list()) {
  given <- list(missing = "fiml", ...)
  fit <- suppressWarnings(do.call(sem, c(list(model, data, em.h1.args = TIGHT), given)))
  names(given) <- gsub(".", "_", names(given), fixed = TRUE)
  write_case(paste0("fiml_", name), model, file, fit, c(O(fun = "sem"), given), extra(fit))
}
answered <- d[rowSums(!is.na(d[paste0("x", 1:9)])) > 0, ]
case("covariates_ml", CV, estimator = "ML", extra = scores)
case("covariates_mlr", CV, estimator = "MLR")
case("free_covariates", CV, estimator = "MLR", fixed.x = FALSE, extra = excess)
case("equal", EQ, estimator = "MLR", extra = scores)
case("cluster", HS, estimator = "MLR", cluster = "team")
case("weights", HS, estimator = "MLR", sampling.weights = "w", data = answered)
case("groups", HS, estimator = "MLR", group = "school", group.equal = "loadings")
case("democracy", PD, estimator = "MLR", data = pd, file = "democracy_missing.csv", extra = scores)
