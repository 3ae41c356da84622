# The bundled study by the estimators that a study file offers, and alpha in its two kinds.
# Usage: Rscript study_estimators.R OUT_DIR     (needs lavaan >= 0.7, psych, jsonlite)
# data/koc_demo_scored.csv: items of the answer sheets of surveys/koc_core_demo.csv that screening keeps, with holes.
source("generate.R")
suppressMessages(library(psych))
d <- read.csv("data/koc_demo_scored.csv", row.names = 1)
sets <- split(names(d), sub("[0-9]+$", "", names(d)))[c("CA", "IQ", "AL", "TR", "PI")]
M <- paste(sapply(names(sets), function(k) paste(k, "=~", paste(sets[[k]], collapse = " + "))), collapse = "\n")
S <- paste0(M, "\nTR ~ CA + IQ + AL\nPI ~ TR + CA + IQ")
KEEP <- c("chisq", "df", "pvalue", "cfi", "tli", "nfi", "ifi", "rmsea", "srmr")
table_of <- function(fit) {
  fit <- tighten(fit)
  pe <- parameterEstimates(fit, standardized = TRUE, remove.system.eq = FALSE, fmi = FALSE)
  pe <- pe[pe$op %in% c("=~", "~", "|"), c("lhs", "op", "rhs", "est", "se", "z", "pvalue", "std.all")]
  fm <- fitMeasures(fit)
  list(nobs = lavInspect(fit, "nobs"), parameters = frame(pe), fit_measures = as.list(num(fm) |> setNames(names(fm))),
       rsquare = as.list(num(lavInspect(fit, "r2")) |> setNames(names(lavInspect(fit, "r2")))))
}
alphas <- function(data, R) lapply(sets, function(v) {
  x <- na.omit(data[v]); k <- length(v); P <- R[v, v]
  a <- suppressWarnings(psych::alpha(x, warnings = FALSE))
  f <- psych::alpha.ci(a$total$raw_alpha, n.obs = nrow(x), n.var = k)  # Feldt, Woodruff & Salih
  list(alpha = num(a$total$raw_alpha), lower = num(f$lower.ci), upper = num(f$upper.ci),
       ordinal = num(k / (k - 1) * (1 - k / sum(P))))
})
polychoric <- function(data, missing) unclass(lavCor(data, ordered = names(data), missing = missing))
complete <- na.omit(d)
body <- list(lavaan = as.character(packageVersion("lavaan")), psych = as.character(packageVersion("psych")), data = "koc_demo_scored.csv",
  mlr_fiml = table_of(sem(S, d, estimator = "MLR", missing = "fiml")),
  wlsmv_listwise = table_of(sem(S, complete, ordered = TRUE)),
  wlsmv_pairwise = table_of(sem(S, d, ordered = TRUE, missing = "pairwise")),
  alpha_listwise = alphas(complete, polychoric(complete, "listwise")),
  alpha_pairwise = alphas(d, polychoric(d, "pairwise")))
out <- commandArgs(TRUE)[1]; if (is.na(out)) out <- "."
writeLines(toJSON(body, auto_unbox = TRUE, digits = NA, na = "null", null = "null", pretty = TRUE, dataframe = "rows"),
           file.path(out, "study_estimators.json"))
