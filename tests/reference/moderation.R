# Reference results for product indicators, simple slopes and moderated mediation.
# Usage: Rscript moderation.R          (in this folder; needs lavaan >= 0.7, semTools, jsonlite)
# semTools makes the products and probes the interactions; lavaan fits them, and gives delta-method standard errors of
# what is defined by :=. The models are written out by hand here. Data are simulated, with a seed, into data/.
source("generate.R")
suppressMessages(library(semTools))
O <- function(...) list(...)
set.seed(20260311); n <- 420
# --- skewed factors that correlate, so that products have a mean and covary with their parts
draw <- function(n) { u <- rgamma(n, 4) / 2 - 2; as.numeric(u) }
g <- draw(n)
oc <- .4 * g + draw(n) * .9; ca <- .5 * g + rnorm(n); w <- round(3 + .5 * oc + rnorm(n), 2); d <- as.numeric(.3 * ca + rnorm(n) > .2)
tr <- .4 * ca + .3 * oc + .2 * ca * oc + rnorm(n, 0, .8)
pi <- .4 * tr + .2 * oc + .25 * tr * oc + .15 * ca + .2 * tr * (w - 3) + rnorm(n, 0, .8)
items <- function(f, loading, mean) sapply(seq_along(loading), function(i) mean + loading[i] * f + rnorm(n, 0, .55))
data <- round(data.frame(items(tr, c(1, .9, .8, .85), 3.2), items(oc, c(1, .8, 1.1), 2.9), items(ca, c(1, 1.1, .9), 3.5), items(pi, c(1, .9, .95), 3)), 3)
names(data) <- c(paste0("TR", 1:4), paste0("OC", 1:3), paste0("CA", 1:3), paste0("PI", 1:3))
data <- cbind(data, w = w, d = d, y = round(.3 * w + .5 * d * w + pi + 1, 3))
write.csv(data, "data/moderation.csv", row.names = FALSE)
holes <- data; holes[4, "TR2"] <- NA; holes[c(3, 90), "OC1"] <- NA; holes[200, "PI3"] <- NA; holes[55, c("TR1", "OC3")] <- NA
write.csv(holes, "data/moderation_missing.csv", row.names = FALSE, na = "")
TR <- paste0("TR", 1:3); OC <- paste0("OC", 1:3); CA <- paste0("CA", 1:3)

# --- products: first rows, means and standard deviations of every column that indProd() makes
made <- function(...) { p <- indProd(...); p <- p[, setdiff(names(p), names(data)), drop = FALSE]
  O(columns = I(names(p)), head = unname(apply(signif(as.matrix(head(p, 5)), 10), 1, as.list)), mean = num(colMeans(p, na.rm = TRUE)), sd = num(apply(p, 2, sd, na.rm = TRUE))) }
products <- list()
for (match in c(TRUE, FALSE)) for (centring in c("double_mean", "mean", "residual", "none"))
  for (parts in O(O("TR", "OC"), O("TR", "OC", "CA"))) for (source in c("moderation", "moderation_missing")) {
    sets <- lapply(parts, function(p) get(p))
    p <- do.call(made, c(list(if (source == "moderation") data else holes), unname(sets), list(match = match,
      meanC = centring != "none", doubleMC = centring == "double_mean", residualC = centring == "residual")))
    products[[length(products) + 1]] <- c(O(data = source, pairing = if (match) "matched" else "all", centring = centring, parts = unname(sets)), p)
  }

# --- fits
tight <- function(model, data, ...) {
  fit <- best <- sem(model, data, ...)
  for (m in c("GN", "BFGS", "NLMINB")) {
    other <- attempt(suppressWarnings(sem(model, data, ..., start = best, optim.method = m, optim.force.converged = TRUE,
      control = list(reltol = 1e-16, gn.tol.x = 1e-12, rel.tol = 1e-15, x.tol = 1e-12, eval.max = 20000, iter.max = 10000))))
    if (!is.null(other) && isTRUE(lavInspect(other, "converged")) && length(coef(other)) == length(coef(fit)) &&
        max(abs(coef(other) - coef(fit))) < 1e-2 && lavTech(other, "optim")$fx <= lavTech(best, "optim")$fx) best <- other
  }
  best
}
report <- function(fit, ...) {
  pe <- parameterEstimates(fit, remove.system.eq = FALSE)
  O(chisq = num(fitMeasures(fit, "chisq")), df = num(fitMeasures(fit, "df")), npar = lavInspect(fit, "npar"),
    parameters = frame(pe[, c("lhs", "op", "rhs", "est", "se", "z", "pvalue", "ci.lower", "ci.upper")]), ...)
}
cor_lv <- function(fit, names) { V <- lavInspect(fit, "cov.all")[names, names]; O(names = names, cov = unname(apply(unclass(signif(V, 12)), 1, as.list))) }
probe <- function(p) lapply(p, function(t) if (is.null(t)) NULL else frame(t))
M3 <- "TR =~ TR1 + TR2 + TR3\nOC =~ OC1 + OC2 + OC3\nPI =~ PI1 + PI2 + PI3\n"
MC <- paste0(M3, "CA =~ CA1 + CA2 + CA3\n")
pair <- function(a, b, name) paste0(name, " =~ ", paste(paste(a, b, sep = "."), collapse = " + "), "\n")
at <- c(-.9, 0, 1.1)
cases <- list()

# 1 matched pairs, double mean centring; the slope also as a defined parameter
dm <- indProd(data, TR, OC)
slope <- "PI ~ b*TR + c*OC + g*TR.OC\nlow := b - .9*g\nmid := b\nhigh := b + 1.1*g\n"
fit <- tight(paste0(M3, pair(TR, OC, "TR.OC"), slope), dm)
cases$matched_double <- report(fit, probe = probe(probe2WayMC(fit, c("TR", "OC", "TR.OC"), "PI", "OC", at)), lv = cor_lv(fit, c("TR", "OC", "TR.OC", "PI")))
# the same in units of standard deviations: slopes have to be carried back
fit <- tight(paste0(sub("PI1 \\+", "PI1 +", M3), pair(TR, OC, "TR.OC"), slope), dm, estimator = "MLR")
cases$matched_double_mlr <- report(fit, probe = probe(probe2WayMC(fit, c("TR", "OC", "TR.OC"), "PI", "OC", at)))
L <- "TR =~ t*TR1 + TR2 + TR3\nOC =~ o*OC1 + OC2 + OC3\nPI =~ PI1 + PI2 + PI3\nTR.OC =~ p*TR1.OC1 + TR2.OC2 + TR3.OC3\n"
fit <- tight(paste0(L, "PI ~ b*TR + OC + g*TR.OC\nlow := b - .9*g*t*o/p\nmid := b\nhigh := b + 1.1*g*t*o/p\n"), dm, std.lv = TRUE)
cases$matched_std_lv <- report(fit)
# 2 all pairs: errors of products with an item in common covary
da <- indProd(data, TR, OC, match = FALSE)
common <- function(names) { out <- ""; for (i in 1:(length(names) - 1)) for (j in (i + 1):length(names))
  if (length(intersect(strsplit(names[i], ".", fixed = TRUE)[[1]], strsplit(names[j], ".", fixed = TRUE)[[1]]))) out <- paste0(out, names[i], " ~~ ", names[j], "\n"); out }
nine <- as.vector(t(outer(TR, OC, paste, sep = ".")))
fit <- tight(paste0(M3, "TR.OC =~ ", paste(nine, collapse = " + "), "\n", common(nine), slope), da)
cases$all_double <- report(fit, probe = probe(probe2WayMC(fit, c("TR", "OC", "TR.OC"), "PI", "OC", at)))
# 3 mean centring with the mean of the product in the model, so that intercepts exist (Marsh, Wen & Hau 2004)
mc <- indProd(data, TR, OC, doubleMC = FALSE)
means <- "TR1.OC1 ~ 0*1\nTR.OC ~ NA*1\nPI1 ~ 0*1\nPI ~ NA*1\n"
fit <- tight(paste0(M3, pair(TR, OC, "TR.OC"), means, "PI ~ TR + OC + TR.OC\n"), mc, meanstructure = TRUE)
cases$matched_mean <- report(fit, probe = probe(probe2WayMC(fit, c("TR", "OC", "TR.OC"), "PI", "OC", at)), other = probe(probe2WayMC(fit, c("TR", "OC", "TR.OC"), "PI", "TR", at)))
# 4 residual centring: products do not covary with their parts
rc <- indProd(data, TR, OC, residualC = TRUE, doubleMC = FALSE)
fit <- tight(paste0(M3, pair(TR, OC, "TR.OC"), "TR.OC ~~ 0*TR\nTR.OC ~~ 0*OC\nPI1 ~ 0*1\nPI ~ NA*1\n", slope), rc, meanstructure = TRUE)
cases$matched_residual <- report(fit, probe = probe(probe2WayRC(fit, c("TR", "OC", "TR.OC"), "PI", "OC", at)))
# 5 a latent variable with an observed moderator, and a covariate
dw <- indProd(data, TR, rep("w", 3)); names(dw)[ncol(data) + 1:3] <- paste0(TR, ".w")
for (i in 1:3) dw[[paste0("TR", i, ".w")]] <- with(data, { p <- (get(paste0("TR", i)) - mean(get(paste0("TR", i)))) * (w - mean(w)); p - mean(p) })
wm <- mean(data$w); ws <- sqrt(mean((data$w - wm)^2))
fit <- tight(paste0("TR =~ TR1 + TR2 + TR3\nPI =~ PI1 + PI2 + PI3\nTR.w =~ TR1.w + TR2.w + TR3.w\nTR ~~ w\nTR.w ~~ w\nw ~~ d\nPI ~ b*TR + w + g*TR.w + d\n",
  sprintf("low := b - %.15g*g\nhigh := b + %.15g*g\nfour := b + (4 - %.15g)*g\n", ws, ws, wm)), dw)
cases$observed_moderator <- report(fit, probe = probe(probe2WayMC(fit, c("TR", "w", "TR.w"), "PI", "w", c(-1, 0, 1) * ws)))
# 6 observed variables only: raw and centred products
do <- data; do$w.d <- do$w * do$d
fit <- tight("y ~ b*w + d + g*w.d\nzero := b\none := b + g\n", do)
cases$observed_raw <- report(fit)
do$w.d <- (do$w - mean(do$w)) * (do$d - mean(do$d)); do$w.d <- do$w.d - mean(do$w.d)
fit <- tight(sprintf("y ~ b*w + d + g*w.d\nzero := b + (0 - %.15g)*g\none := b + (1 - %.15g)*g\n", mean(do$d), mean(do$d)), do)
cases$observed_centred <- report(fit)
# 7 three variables; the error e of an item covaries with that of a product e z w, by var(e) E(zw)
three <- c("TR", "OC", "CA", "TR.OC", "TR.CA", "OC.CA", "TR.OC.CA")
T3 <- paste0(pair(TR, OC, "TR.OC"), pair(TR, CA, "TR.CA"), pair(OC, CA, "OC.CA"), "TR.OC.CA =~ ", paste(paste(TR, OC, CA, sep = "."), collapse = " + "), "\n")
twelve <- c(paste(TR, OC, sep = "."), paste(TR, CA, sep = "."), paste(OC, CA, sep = "."), paste(TR, OC, CA, sep = "."))
nine <- paste0(paste0(c(TR, OC, CA), " ~~ ", rep(paste(TR, OC, CA, sep = "."), 3)), collapse = "\n")
path3 <- "PI ~ b*TR + OC + CA + p*TR.OC + q*TR.CA + OC.CA + r*TR.OC.CA\n"
d3 <- indProd(data, TR, OC, CA)
fit <- tight(paste0(MC, T3, common(twelve), nine, "\n", path3), d3)
cases$three_way <- report(fit, probe = probe(probe3WayMC(fit, three, "PI", c("OC", "CA"), c(-.9, 1.1), c(-.5, .7))))
r3 <- indProd(data, TR, OC, CA, residualC = TRUE)
fit <- tight(paste0(MC, T3, common(twelve), "TR.OC ~~ 0*TR + 0*OC\nTR.CA ~~ 0*TR + 0*CA\nOC.CA ~~ 0*OC + 0*CA\nTR.OC.CA ~~ 0*TR + 0*OC + 0*CA + 0*TR.OC + 0*TR.CA + 0*OC.CA\nOC ~~ s*CA\nPI1 ~ 0*1\nPI ~ NA*1\n", path3,
  "one := b + p*1.1 + q*.7 + r*(1.1*.7 - s)\n"), r3, meanstructure = TRUE)
cases$three_way_residual <- report(fit, probe = attempt(probe(probe3WayRC(fit, three, "PI", c("OC", "CA"), c(-.9, 1.1), c(-.5, .7)))))
# 8 moderated mediation: second stage, first stage, both
med <- function(name, first, second, defined) {
  f1 <- grepl("CA.OC", first); f2 <- grepl("TR.OC", second)
  dd <- data; text <- MC; both <- character()
  if (f1) { dd <- cbind(dd, indProd(data, CA, OC)[, ncol(data) + 1:3]); text <- paste0(text, pair(CA, OC, "CA.OC")); both <- c(both, paste(CA, OC, sep = ".")) }
  if (f2) { dd <- cbind(dd, indProd(data, TR, OC)[, ncol(data) + 1:3]); text <- paste0(text, pair(TR, OC, "TR.OC")); both <- c(both, paste(TR, OC, sep = ".")) }
  fit <- tight(paste0(text, common(both), first, "\n", second, "\n", defined), dd)
  report(fit)
}
cases$second_stage <- med("s", "TR ~ a*CA", "PI ~ b*TR + OC + c*CA + g*TR.OC", "low := a*(b - .9*g)\nmid := a*b\nhigh := a*(b + 1.1*g)\nindex := a*g\n")
cases$first_stage <- med("f", "TR ~ a*CA + OC + h*CA.OC", "PI ~ b*TR + OC + CA", "low := (a - .9*h)*b\nmid := a*b\nhigh := (a + 1.1*h)*b\nindex := h*b\n")
cases$both_stages <- med("b", "TR ~ a*CA + OC + h*CA.OC", "PI ~ b*TR + OC + CA + g*TR.OC",
  "low := (a - .9*h)*(b - .9*g)\nmid := a*b\nhigh := (a + 1.1*h)*(b + 1.1*g)\nlinear := a*g + h*b\nquadratic := h*g\n")
# 9 pairs that are listed: four items against three
d4 <- indProd(data, c("TR4", "TR2", "TR3"), c("OC1", "OC3", "OC2"))
fit <- tight(paste0("TR =~ m*TR1 + TR2 + TR3 + l*TR4\nOC =~ OC1 + OC2 + OC3\nPI =~ PI1 + PI2 + PI3\nTR.OC =~ TR4.OC1 + TR2.OC3 + TR3.OC2\nPI ~ b*TR + OC + g*TR.OC\nlow := b - .9*g*l\nmid := b\nhigh := b + 1.1*g*l\n"), d4)
cases$listed_pairs <- report(fit)
# 10 missing answers: products of all known answers, then complete rows, or all rows
fit <- tight(paste0(M3, pair(TR, OC, "TR.OC"), slope), indProd(holes, TR, OC))
cases$listwise <- report(fit, nobs = lavInspect(fit, "nobs"))
fit <- tight(paste0(M3, pair(TR, OC, "TR.OC"), slope), indProd(holes, TR, OC), missing = "ml")
cases$fiml <- report(fit)

body <- O(lavaan = as.character(packageVersion("lavaan")), semTools = as.character(packageVersion("semTools")), products = products, fits = cases)
writeLines(toJSON(body, auto_unbox = TRUE, digits = NA, na = "null", null = "null", dataframe = "rows"), "moderation.json")
for (k in names(cases)) cat(sprintf("%-22s chisq %.4f df %g npar %d\n", k, cases[[k]]$chisq, cases[[k]]$df, cases[[k]]$npar))
