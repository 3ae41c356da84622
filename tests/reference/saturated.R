# Scaled and robust measures of models without degrees of freedom: lavaan's fitMeasures(). Run: Rscript saturated.R . (lavaan >= 0.7)
source("tight_fits.R")
O <- function(...) list(...)
ONE <- "visual =~ x1 + x2 + x3"
cases <- list(
  mlm = O(data = "holzinger", model = ONE, estimator = "MLM"), mlr = O(data = "holzinger", model = ONE, estimator = "MLR"),
  fiml = O(data = "incomplete", model = ONE, estimator = "ML", missing = "fiml"),
  fiml_mlr = O(data = "incomplete", model = ONE, estimator = "MLR", missing = "fiml"),
  wlsmv = O(data = "ordered", model = "A =~ a1 + a2 + a3", estimator = "WLSMV", ordered = O("a1", "a2", "a3")),
  mixed = O(data = "ordinal_mixed", model = "F =~ m2 + m4 + m1", estimator = "WLSM", ordered = O("m2", "m4")),
  path = O(data = "holzinger", model = "x2 ~ x1\nx3 ~ x1 + x2", estimator = "MLR"))
measures_of <- function(given) {
  data <- read.csv(file.path("data", paste0(given$data, ".csv"))); asked <- given; asked$ordered <- unlist(asked$ordered)
  m <- fitMeasures(fit_one(c(asked[names(asked) != "data"], fun = "sem"), data))
  list(given = given, measures = as.list(num(m) |> setNames(names(m))))
}
writeLines(toJSON(lapply(cases, measures_of), auto_unbox = TRUE, digits = NA, na = "null", null = "null"), "saturated.json")
