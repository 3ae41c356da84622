# Weights and clusters in groups, with each estimator: weights that weigh one group more than the other, GLS and ULS with weights.
# Run: Rscript design.R (lavaan >= 0.7); the data are those of clustered.csv with groups and holes, seeded here.
source("tight_fits.R")
O <- list; items <- paste0(rep(c("a", "b"), each = 4), 1:4)
set.seed(20260501); d <- read.csv("data/clustered.csv")[c(items, "koc", "w")]
d$g <- ifelse(runif(nrow(d)) < .45, "north", "south"); d$w <- round(d$w * ifelse(d$g == "north", 2.5, 1), 3)
d[items] <- round(d[items], 3)
for (v in items) d[[paste0("o", v)]] <- as.integer(cut(d[[v]], quantile(d[[v]], c(0, .2, .55, .8, 1)), include.lowest = TRUE))
for (v in items) { d[[paste0("h", v)]] <- d[[v]]; d[[paste0("h", v)]][runif(nrow(d)) < .1] <- NA }
write.csv(d, "data/design.csv", row.names = FALSE, na = "")
two <- function(p) paste0("A =~ ", paste0(p, items[1:4], collapse = " + "), "\nB =~ ", paste0(p, items[5:8], collapse = " + "))
case <- function(name, model, ordered = NULL, ...) {
  given <- list(fun = "cfa", ...)
  args <- given; if (!is.null(ordered)) args$ordered <- ordered
  args$model <- model
  fit <- suppressWarnings(fit_one(args, d))
  if (!is.null(ordered)) given$ordered <- as.list(ordered)
  write_case(paste0("design_", name), model, "design.csv", fit, given)
}
EQ <- list("loadings")
case("weights_mlr", two(""), estimator = "MLR", group = "g", group_equal = EQ, sampling_weights = "w")
case("weights_mlm", two(""), estimator = "MLM", group = "g", group_equal = EQ, sampling_weights = "w")
case("weights_fiml", two("h"), estimator = "MLR", missing = "fiml", group = "g", group_equal = EQ, sampling_weights = "w")
case("weights_wlsmv", two("o"), ordered = paste0("o", items), estimator = "WLSMV", group = "g", group_equal = list("thresholds", "loadings"), sampling_weights = "w")
case("weights_gls", two(""), estimator = "GLS", se = "robust.sem", test = "standard", sampling_weights = "w")
case("weights_uls", two(""), estimator = "ULS", se = "robust.sem", test = "satorra.bentler", sampling_weights = "w")
case("weights_gls_groups", two(""), estimator = "GLS", se = "robust.sem", test = "standard", group = "g", group_equal = EQ, sampling_weights = "w")
case("clusters_groups", two(""), estimator = "MLR", group = "g", group_equal = EQ, cluster = "koc")
case("clusters_fiml", two("h"), estimator = "MLR", missing = "fiml", group = "g", group_equal = EQ, cluster = "koc")
case("clusters_weights", two(""), estimator = "MLR", cluster = "koc", sampling_weights = "w")
