# Robust standard errors and tests where covariates are fixed, means are modelled, or
# loadings are equal: what cases.R does not hold. Run: Rscript robust.R (lavaan >= 0.7)
source("generate.R")
hs <- read.csv("data/holzinger.csv")
CV <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9\nvisual ~ ageyr + sex\ntextual ~ ageyr + sex\nspeed ~ visual + ageyr"
EQ <- "visual =~ x1 + a*x2 + a*x3\ntextual =~ x4 + b*x5 + b*x6\nspeed =~ x7 + x8 + x9"
for (e in c("MLR", "MLM", "MLMV")) {
  write_case(paste0("robust_covariates_", tolower(e)), CV, "holzinger.csv", sem(CV, hs, estimator = e),
             list(fun = "sem", estimator = e))
  write_case(paste0("robust_means_", tolower(e)), CV, "holzinger.csv", sem(CV, hs, estimator = e, meanstructure = TRUE),
             list(fun = "sem", estimator = e, meanstructure = TRUE))
  write_case(paste0("robust_equal_", tolower(e)), EQ, "holzinger.csv", cfa(EQ, hs, estimator = e),
             list(fun = "cfa", estimator = e))
}
