# Tests of the difference between nested models, by lavaan's lavTestLRT().
# Run: Rscript compare.R (lavaan >= 0.7). Each call of each ladder is written with
# its table and with the factors that scale the differences.
source("tight_fits.R")
hs <- read.csv("data/holzinger.csv"); pd <- read.csv("data/democracy.csv"); cd <- read.csv("data/clustered.csv")
od <- read.csv("data/ordered.csv"); hm <- read.csv("data/holzinger_missing.csv")
HS <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
# every way to compare that lavaan offers for these fits
CALLS <- list(
  plain = list(list(method = "default")),
  scaled = list(list(method = "default"), list(method = "standard"), list(method = "satorra.bentler.2001"),
    list(method = "satorra.bentler.2010"), list(method = "satorra.2000"), list(method = "satorra.2000", scaled_shifted = FALSE),
    list(method = "satorra.2000", a_method = "exact"), list(method = "satorra.2000", a_method = "exact", scaled_shifted = FALSE)),
  shifted = list(list(method = "default"), list(method = "standard"), list(method = "satorra.2000", scaled_shifted = FALSE),
    list(method = "satorra.2000", a_method = "exact"), list(method = "satorra.2000", a_method = "exact", scaled_shifted = FALSE)))
ladder <- function(name, data_file, data, models, calls) {
  fits <- lapply(models, fit_one, data = data)
  done <- lapply(calls, function(call) {
    found <- attempt(suppressWarnings(do.call(lavTestLRT, c(unname(fits), list(model_names = names(fits)), call))))
    if (is.null(found)) return(NULL)
    names(call) <- sub(".", "_", names(call), fixed = TRUE)
    list(call = call, table = cbind(model = rownames(found), frame(as.data.frame(found))),
      scale = num(attr(found, "scale")), shift = num(attr(found, "shift")))
  })
  done <- done[!vapply(done, is.null, TRUE)]
  cat(sprintf("%-28s %d of %d calls\n", name, length(done), length(calls)))
  body <- list(case = name, lavaan = as.character(packageVersion("lavaan")), data = data_file, models = models, calls = done)
  writeLines(toJSON(body, auto_unbox = TRUE, digits = NA, na = "null", null = "null", pretty = TRUE, dataframe = "rows"),
             file.path(out, paste0("compare_", name, ".json")))
}
one <- function(texts, ...) lapply(texts, function(text) list(fun = "sem", model = text, ...))
# --- one group: a covariance freed, a cross-loading, uncorrelated factors
HS3 <- list(wide = paste0(HS, "\nx7 ~~ x8\nvisual =~ x9"), plain = HS, apart = paste0(HS, "\nvisual ~~ 0*textual + 0*speed"))
for (e in c("ML", "MLM", "MLR", "MLMV"))
  ladder(paste0("hs_", tolower(e)), "holzinger.csv", hs, one(HS3, estimator = e), CALLS[[c(ML = "plain", MLM = "scaled", MLR = "scaled", MLMV = "shifted")[[e]]]])
# --- groups: the ladder of invariance; equal residuals besides
steps <- list(configural = NULL, metric = list("loadings"), scalar = list("loadings", "intercepts"),
              strict = list("loadings", "intercepts", "residuals"))
groups <- function(text, group, ...) lapply(steps, function(equal) list(fun = "cfa", model = text, group = group, group_equal = equal, ...))
for (e in c("ML", "MLM", "MLR", "MLMV"))
  ladder(paste0("groups_", tolower(e)), "holzinger.csv", hs, groups(HS, "school", estimator = e), CALLS[[c(ML = "plain", MLM = "scaled", MLR = "scaled", MLMV = "shifted")[[e]]]])
# with latent means free and the markers' intercepts at 0 in all steps, each step restricts parameters of the one before:
# the point at which the wider model is evaluated (2010) can then be read off, as lavaan does
MARK <- paste0(HS, "\nvisual ~ 1\ntextual ~ 1\nspeed ~ 1\nx1 ~ 0*1\nx4 ~ 0*1\nx7 ~ 0*1")
ladder("markers_mlr", "holzinger.csv", hs, groups(MARK, "school", estimator = "MLR")[1:3], CALLS$scaled)
# --- labels that tie loadings over time
PD <- function(a, b) sprintf("ind60 =~ x1 + x2 + x3\ndem60 =~ y1 + %sy2 + %sy3 + %sy4\ndem65 =~ y5 + %sy6 + %sy7 + %sy8\ndem60 ~ ind60\ndem65 ~ ind60 + dem60\ny1 ~~ y5\ny2 ~~ y4 + y6\ny3 ~~ y7\ny4 ~~ y8\ny6 ~~ y8", a[1], a[2], a[3], b[1], b[2], b[3])
l <- c("a*", "b*", "c*"); PD2 <- list(free = PD(rep("", 3), rep("", 3)), equal = PD(l, l))
for (e in c("MLM", "MLR")) ladder(paste0("pd_", tolower(e)), "democracy.csv", pd, one(PD2, estimator = e), CALLS$scaled)
# --- fixed covariates; a saturated model on top
CV <- list(free = paste0(HS, "\nvisual + textual + speed ~ ageyr + sex"), tied = paste0(HS, "\nvisual + textual + speed ~ a*ageyr + b*sex"),
           none = paste0(HS, "\nvisual + textual + speed ~ a*ageyr + 0*sex"))
for (e in c("MLR", "MLMV")) ladder(paste0("covariates_", tolower(e)), "holzinger.csv", hs, one(CV, estimator = e), CALLS[[if (e == "MLR") "scaled" else "shifted"]])
PATH <- list(saturated = "x9 ~ x1 + x5\nx5 ~ x1", middle = "x9 ~ x5\nx5 ~ x1", none = "x9 ~ x5\nx5 ~ 0*x1")
ladder("path_mlr", "holzinger.csv", hs, one(PATH, estimator = "MLR"), CALLS$scaled)
# --- the same models, written with another scale for the factors: not nested parameter by parameter
FACTORS <- list(variances = list(fun = "cfa", model = HS, std_lv = TRUE, estimator = "MLM"),
                tau = list(fun = "cfa", model = "visual =~ x1 + x2 + x3\ntextual =~ x4 + 1*x5 + 1*x6\nspeed =~ x7 + x8 + x9", estimator = "MLM"))
ladder("other_scale_mlm", "holzinger.csv", hs, FACTORS, CALLS$scaled[c(1, 3, 5, 6)])
# --- clusters, weights
CL <- list(wide = "A =~ a1 + a2 + a3 + a4\nB =~ b1 + b2 + b3 + b4\na1 ~~ b1", plain = "A =~ a1 + a2 + a3 + a4\nB =~ b1 + b2 + b3 + b4",
           tied = "A =~ a1 + a2 + l*a3 + l*a4\nB =~ b1 + b2 + b3 + b4")
ladder("clusters", "clustered.csv", cd, one(CL, estimator = "MLR", cluster = "koc"), CALLS$scaled[1:4])
ladder("weights", "clustered.csv", cd, one(CL, estimator = "MLR", sampling_weights = "w"), CALLS$scaled)
# --- a difference whose factor of 2001 is negative: the first sixty children
few <- hs[1:60, ]; write.csv(few, "data/holzinger_sixty.csv", row.names = FALSE)
NEG <- list(wide = "f =~ x1 + x2 + x3\ng =~ x7 + x8 + x9\nx1 ~~ x7", plain = "f =~ x1 + x2 + x3\ng =~ x7 + x8 + x9")
ladder("sixty_mlr", "holzinger_sixty.csv", few, one(NEG, estimator = "MLR"), CALLS$scaled)
# --- ordered items, two groups
OR <- "A =~ a1 + a2 + a3 + a4\nB =~ b1 + b2 + b3 + b4\nC =~ c1 + c2 + c3 + c4"
WL <- list(configural = NULL, thresholds = list("thresholds"), loadings = list("thresholds", "loadings"))
WL <- lapply(WL, function(equal) list(fun = "cfa", model = OR, group = "g", group_equal = equal, estimator = "WLSMV", ordered = TRUE, parameterization = "delta"))
ladder("groups_wlsmv", "ordered.csv", od, WL, CALLS$shifted)
for (e in c("WLSM", "ULSMV")) ladder(paste0("groups_", tolower(e)), "ordered.csv", od, lapply(WL, modifyList, list(estimator = e)), if (e == "WLSM") CALLS$scaled[1:6] else CALLS$shifted[1:3])
# --- answers with holes; other discrepancies
for (e in c("ML", "MLR")) ladder(paste0("fiml_", tolower(e)), "holzinger_missing.csv", hm,
  groups(HS, "school", estimator = e, missing = "fiml")[1:3], CALLS[[if (e == "ML") "plain" else "scaled"]][if (e == "ML") 1 else 1:4])
ladder("groups_gls", "holzinger.csv", hs, groups(HS, "school", estimator = "GLS")[1:3], CALLS$plain)
# --- ordered items with covariates whose moments are fixed
GIVEN <- "CA =~ c1 + c2 + c3\nTR =~ t1 + t2 + t3\nTR ~ CA + age + female\nCA ~ age"
given <- list(wide = paste0(GIVEN, "\nc2 ~ age\nc1 ~~ t1"), plain = GIVEN, apart = sub("TR ~ CA", "TR ~ 0*CA", GIVEN))
ladder("given_wlsmv", "conditional.csv", read.csv("data/conditional.csv"), one(given, ordered = c(paste0("c", 1:3), paste0("t", 1:3)), estimator = "WLSMV"), CALLS$shifted)
ladder("given_wlsm", "conditional.csv", read.csv("data/conditional.csv"), one(given, ordered = c(paste0("c", 1:3), paste0("t", 1:3)), estimator = "WLSM"), CALLS$scaled)
