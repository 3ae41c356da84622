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
# errors and test that are not of one kind: lavaan's information for the test goes with the errors
for (means in c(FALSE, TRUE)) for (given in list(c("robust.huber.white", "satorra.bentler"), c("robust.huber.white", "scaled.shifted"), c("robust.sem", "yuan.bentler.mplus"))) {
  fit <- sem(CV, hs, se = given[1], test = given[2], meanstructure = means)
  write_case(paste0("robust_apart_", gsub(".", "_", given[2], fixed = TRUE), if (means) "_means"), CV, "holzinger.csv", fit,
             list(fun = "sem", estimator = "ML", se = given[1], test = given[2], meanstructure = means))
}
