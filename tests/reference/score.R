# Score tests of equality constraints, by lavaan's lavTestScore(). Run: Rscript score.R (lavaan >= 0.7)
# Each fit is written with its tests by expected and by observed information, of all constraints and of the first two.
source("tight_fits.R")
hs <- read.csv("data/holzinger.csv"); pd <- read.csv("data/democracy.csv"); cd <- read.csv("data/clustered.csv")
extra <- read.csv("data/extra.csv"); hm <- read.csv("data/holzinger_missing.csv"); od <- read.csv("data/ordered.csv")
HS <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
test_of <- function(fit, release, information) {
  found <- suppressWarnings(lavTestScore(fit, release = release, information = information, epc = TRUE))
  keep <- c("lhs", "op", "rhs", "group", "est", "epc", "epv", "sepc.lv", "sepc.all")
  epc <- as.data.frame(found$epc); epc <- epc[epc$free > 0, intersect(keep, names(epc))]
  list(release = release, information = information, test = frame(found$test), uni = frame(found$uni), epc = frame(epc))
}
case <- function(name, data_file, data, ...) {
  given <- list(...); fit <- fit_one(given, data)
  calls <- c(list(list(NULL, "expected")), list(list(NULL, "observed")), list(list(1:2, "expected")))
  body <- list(case = name, lavaan = as.character(packageVersion("lavaan")), data = data_file, fit = given,
               tests = lapply(calls, function(call) test_of(fit, call[[1]], call[[2]])))
  cat(sprintf("%-22s %2d constraints\n", name, nrow(body$tests[[1]]$uni)))
  writeLines(toJSON(body, auto_unbox = TRUE, digits = NA, na = "null", null = "null", pretty = TRUE, dataframe = "rows"),
             file.path(out, paste0("score_", name, ".json")))
}
groups <- function(name, ...) case(name, "holzinger.csv", hs, fun = "cfa", model = HS, group = "school", ...)
groups("metric", estimator = "ML", group_equal = list("loadings"))
groups("metric_mlr", estimator = "MLR", group_equal = list("loadings"))
groups("metric_mlm", estimator = "MLM", group_equal = list("loadings"))
groups("metric_mlmv", estimator = "MLMV", group_equal = list("loadings"))
groups("partial", estimator = "ML", group_equal = list("loadings", "intercepts"), group_partial = list("x3 ~ 1", "x7 ~ 1"))
# releasing everything leaves the factor means without a scale: lavaan counts the constraints all the same
groups("scalar", estimator = "ML", group_equal = list("loadings", "intercepts"))
groups("scalar_mlr", estimator = "MLR", group_equal = list("loadings", "intercepts"))
PD <- "ind60 =~ x1 + x2 + x3\ndem60 =~ y1 + a*y2 + b*y3 + c*y4\ndem65 =~ y5 + a*y6 + b*y7 + c*y8\ndem60 ~ ind60\ndem65 ~ ind60 + dem60\ny1 ~~ y5\ny2 ~~ y4 + y6\ny3 ~~ y7\ny4 ~~ y8\ny6 ~~ y8"
for (e in c("ML", "MLR", "MLM")) case(paste0("labels_", tolower(e)), "democracy.csv", pd, fun = "sem", model = PD, estimator = e)
case("lines", "extra.csv", extra, fun = "sem", estimator = "ML",
     model = "f1 =~ a1 + l*a2 + l*a3 + m2*a4\nf2 =~ b1 + k2*b2 + k3*b3 + k4*b4\nf2 ~ p*f1\nk2 == m2\nk3 == 2*k4\np == 0.5\nby := p*l")
# a line about a label that parameters share holds the first of them
case("shared", "extra.csv", extra, fun = "sem", estimator = "MLR",
     model = "f1 =~ a1 + l*a2 + l*a3 + m*a4\nf2 =~ b1 + k*b2 + k*b3 + k*b4\nf2 ~ f1\nl == k + 0.1\nm == 0.8")
case("covariates", "holzinger.csv", hs, fun = "sem", estimator = "ML", model = paste0(HS, "\nvisual + textual + speed ~ a*ageyr + b*sex"))
case("clusters", "clustered.csv", cd, fun = "cfa", estimator = "MLR", cluster = "koc", model = "A =~ a1 + l*a2 + l*a3 + l*a4\nB =~ b1 + k*b2 + b3 + k*b4")
groups("metric_gls", estimator = "GLS", group_equal = list("loadings"))
for (e in c("ML", "MLR")) case(paste0("fiml_", tolower(e)), "holzinger_missing.csv", hm, fun = "cfa", model = HS, group = "school", estimator = e,
  missing = "fiml", group_equal = list("loadings"))
case("ordered", "ordered.csv", od, fun = "cfa", estimator = "WLSMV", ordered = TRUE, group = "g", group_equal = list("thresholds", "loadings"),
     model = "A =~ a1 + a2 + a3 + a4\nB =~ b1 + b2 + b3 + b4")
case("given", "conditional.csv", read.csv("data/conditional.csv"), fun = "sem", estimator = "WLSMV", ordered = c("c1", "c2", "c3", "t1", "t2"), group = "g",
  group_equal = list("loadings", "regressions"), model = "CA =~ c1 + c2 + c3\nTR =~ t1 + t2 + y1\nTR ~ CA + age + female\nCA ~ age")
