# The bootstrap: limits by R's boot package and by lavaan from one matrix of replicates; fits by lavaan to
# samples whose rows are written down; Bollen-Stine samples. Run: Rscript bootstrap.R (lavaan >= 0.7, boot)
source("tight_fits.R")
suppressMessages(library(boot))
hs <- read.csv("data/holzinger.csv"); extra <- read.csv("data/extra.csv")
write <- function(name, body) writeLines(toJSON(c(list(case = name, lavaan = as.character(packageVersion("lavaan")),
  boot = as.character(packageVersion("boot"))), body), auto_unbox = TRUE, digits = NA, matrix = "rowmajor", pretty = FALSE), paste0(name, ".json"))
full <- function(x) signif(unclass(x), 15)

# --- limits: a mean, a correlation, a variance, the ratio of two; 499 replicates
statistic <- function(d, i) { d <- d[i, ]; c(mean(d$x1), cor(d$x1, d$x4), var(d$x5), mean(d$x2) / var(d$x9)) }
small <- hs[hs$x1 > 0, ][1:70, ]
set.seed(20260301); b <- boot(small, statistic, R = 499)
L <- sapply(1:4, function(j) empinf(b, index = j, type = "jack"))
interval <- function(type, conf) t(sapply(1:4, function(j) {
  ci <- boot.ci(b, conf = conf, type = type, index = j, L = if (type == "bca") L[, j])
  tail(as.numeric(ci[[c(perc = "percent", bca = "bca")[[type]]]]), 2) }))
simple <- function(type, conf) lavaan:::lav_bootstrap_ci(boot_t = b$t, t0 = b$t0, boot_ci_type = type, level = conf)
levels <- c(0.8, 0.9, 0.95)
write("bootstrap_limits", list(rows = nrow(small), t = full(b$t), t0 = full(b$t0), jackknife = full(L), levels = levels,
  perc = lapply(levels, function(l) full(interval("perc", l))), bca = lapply(levels, function(l) full(interval("bca", l))),
  lavaan_perc = lapply(levels, function(l) full(simple("perc", l))), bca_simple = lapply(levels, function(l) full(simple("bca.simple", l)))))

# --- draws: the rows of each sample, and what lavaan finds in it
draws <- function(name, model, data, file, R, ...) {
  options <- list(...); set.seed(20260302)
  groups <- if (is.null(options$group)) list(seq_len(nrow(data))) else split(seq_len(nrow(data)), factor(data[[options$group]], unique(data[[options$group]])))
  rows <- t(replicate(R, unlist(lapply(groups, function(g) g[sample.int(length(g), replace = TRUE)]), use.names = FALSE)))
  fits <- lapply(seq_len(R), function(r) tighten(suppressWarnings(do.call(sem, c(list(model, data[rows[r, ], ]), options)))))
  table <- parTable(fits[[1]]); free <- which(table$free > 0)
  write(name, list(model = model, data = file, options = options,
    parameters = table[free, c("lhs", "op", "rhs", "group")], rows = rows - 1L,
    est = full(t(sapply(fits, function(f) parTable(f)$est[free]))),
    chisq = full(sapply(fits, function(f) fitMeasures(f, "chisq")))))
}
HS <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
draws("bootstrap_draws_cfa", HS, hs, "holzinger.csv", 20)
draws("bootstrap_draws_covariates", "f1 =~ a1 + a2 + a3 + a4\nf2 =~ b1 + b2 + b3 + b4\nf1 ~ z1 + z2\nf2 ~ f1 + z1\ny1 ~ f2 + z2",
      extra, "extra.csv", 20, meanstructure = TRUE)
draws("bootstrap_draws_groups", HS, hs, "holzinger.csv", 20, group = "school", group.equal = "loadings")

# --- samples for which the model holds; the statistic is second order in what the optimiser leaves
fit <- cfa(HS, hs)
B <- bootstrapLavaan(fit, R = 10, type = "bollen.stine", FUN = function(f) fitMeasures(f, "chisq"), keep.idx = TRUE, iseed = 20260303)
write("bootstrap_bollen_stine", list(model = HS, data = "holzinger.csv", chisq = full(fitMeasures(fit, "chisq")),
  rows = attr(B, "boot.idx")[[1]] - 1L, draws = full(as.numeric(B))))
