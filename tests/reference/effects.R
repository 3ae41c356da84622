# Effects of fitted models: every chain, total indirect and total effect as a := definition (lavaan), Monte-Carlo limits
# (semTools). Definitions are written here from the labels of the paths, independently of kocsem.
# Usage: Rscript effects.R .        (needs semTools and MASS besides; data/extra.csv comes from extra_cases.R)
source("generate.R")
suppressMessages({library(semTools)})
d <- read.csv("data/extra.csv"); holzinger <- read.csv("data/holzinger.csv")
tighten <- function(fit) {
  best <- fit; fixed <- lavInspect(fit, "options")$fixed.x
  for (m in c("GN", "BFGS", "NLMINB")) {
    other <- attempt(suppressWarnings(update(fit, start = best, fixed.x = fixed, optim.method = m, optim.force.converged = TRUE,
      control = list(reltol = 1e-16, gn.tol.x = 1e-12, rel.tol = 1e-15, x.tol = 1e-12, eval.max = 20000, iter.max = 10000))))
    if (!is.null(other) && length(coef(other)) == length(coef(fit)) && isTRUE(lavInspect(other, "converged")) &&
        max(abs(coef(other) - coef(fit))) < 1e-2 && lavTech(other, "optim")$fx <= lavTech(best, "optim")$fx) best <- other
  }
  best
}
# --- definitions: one row an effect, with its kind, its name as a reader writes it, and its formula in labels
walk <- function(paths, from, to, chain = from, formula = character()) {
  found <- list()
  for (i in which(paths$rhs == from)) {
    here <- paths$lhs[i]; more <- c(formula, paths$label[i]); longer <- c(chain, here)
    if (here == to) found <- c(found, list(list(chain = longer, formula = paste(more, collapse = "*"))))
    else found <- c(found, walk(paths, here, to, longer, more))
  }
  found
}
definitions <- function(paths) {
  rows <- list(); add <- function(kind, effect, formula) rows[[length(rows) + 1]] <<- data.frame(kind, effect, formula)
  for (to in unique(paths$lhs)) for (from in unique(paths$rhs)) if (from != to) {
    chains <- walk(paths, from, to); if (!length(chains)) next
    long <- sapply(chains, function(k) length(k$chain)) > 2; ends <- paste(from, "->", to)
    for (k in chains) add(if (length(k$chain) > 2) "indirect" else "direct", paste(k$chain, collapse = " -> "), k$formula)
    if (any(long)) add("total indirect", ends, paste(sapply(chains[long], `[[`, "formula"), collapse = " + "))
    add("total", ends, paste(sapply(chains, `[[`, "formula"), collapse = " + "))
  }
  do.call(rbind, rows)
}
solve_case <- function(model, data, defs, ...) {
  given <- paste0(model, "\n", paste0("d", seq_len(nrow(defs)), " := ", defs$formula, collapse = "\n"))
  tighten(suppressWarnings(sem(given, data, ...)))
}
said <- function(fit, defs) {
  own <- function(d) { d <- as.data.frame(d[d$op == ":=", ]); stopifnot(nrow(d) == nrow(defs)); d }
  pe <- own(parameterEstimates(fit)); at90 <- own(parameterEstimates(fit, level = .9)); st <- own(standardizedSolution(fit))
  data.frame(defs, est = num(pe$est), se = num(pe$se), z = num(pe$z), pvalue = num(pe$pvalue), ci_lower = num(pe$ci.lower),
    ci_upper = num(pe$ci.upper), lower_90 = num(at90$ci.lower), upper_90 = num(at90$ci.upper), std = num(st$est.std), std_se = num(st$se),
    std_lower = num(st$ci.lower), std_upper = num(st$ci.upper))
}
write_effects <- function(name, body) {
  writeLines(toJSON(body, auto_unbox = TRUE, digits = NA, na = "null", null = "null", pretty = TRUE, dataframe = "rows"), file.path(out, paste0("effects_", name, ".json")))
  cat(sprintf("%-28s %d effects\n", name, nrow(body$effects)))
}
# `model` is what kocsem is given; lavaan gets `labelled`, where every path has a label of its own, so that standardised definitions
# take the standardised value of each path and not that of the first with the same label
case <- function(name, text, ..., labelled = text, data = "extra.csv", defs = NULL, contrasts = NULL, sampled = FALSE) {
  model <- labelled; answers <- if (data == "extra.csv") d else holzinger
  plain <- parTable(suppressWarnings(sem(model, answers, ...))); plain <- plain[plain$op == "~", ]
  if (is.null(defs)) defs <- do.call(rbind, lapply(unique(plain$group), function(g) cbind(definitions(plain[plain$group == g, ]), group = g)))
  defs$group <- if (is.null(defs$group)) 1 else defs$group
  of <- function(k, g) defs$formula[defs$effect == k & defs$kind == "indirect" & defs$group == g]
  for (k in contrasts) defs <- rbind(defs, data.frame(kind = "contrast", effect = paste(k$of, collapse = " minus "), group = paste(k$groups, collapse = " minus "),
    formula = paste(of(k$of[1], k$groups[1]), "-", of(k$of[2], k$groups[2]))))
  fit <- solve_case(model, answers, defs, ...)
  rows <- said(fit, defs)
  options <- list(...); names(options) <- gsub(".", "_", names(options), fixed = TRUE)
  body <- list(lavaan = as.character(packageVersion("lavaan")), data = data, model = text, labelled = labelled, options = c(list(fun = "sem"), options), effects = rows)
  if (sampled) {
    set.seed(20260301); few <- monteCarloCI(fit, nRep = 400, append.samples = TRUE)
    set.seed(20260302); many <- monteCarloCI(fit, nRep = 1e6)
    labels <- setdiff(names(few$Samples), paste0("d", seq_len(nrow(defs))))
    body$monte_carlo <- list(semTools = as.character(packageVersion("semTools")),
      draws = lapply(as.list(few$Samples[labels]), function(v) signif(v, 14)),
      lower_of_draws = num(few$Results$ci.lower), upper_of_draws = num(few$Results$ci.upper),
      lower = num(many$ci.lower), upper = num(many$ci.upper))
  }
  write_effects(name, body)
}
versus <- function(first, second, groups = c(1, 1)) list(of = c(first, second), groups = groups)
F3 <- "f1 =~ a1 + a2 + a3 + a4\nf2 =~ b1 + b2 + b3 + b4\nf3 =~ c1 + c2 + c3\n"
SERIAL <- "a1 ~ p1*z1\nb1 ~ p2*z1 + p3*a1\nc1 ~ p4*z1 + p5*a1 + p6*b1\ny3 ~ p7*z1 + p8*a1 + p9*b1 + p10*c1"
# three mediators in a row, every path there is, among observed variables
case("serial_observed", SERIAL, sampled = TRUE,
  contrasts = list(versus("z1 -> a1 -> y3", "z1 -> b1 -> y3"), versus("z1 -> a1 -> b1 -> c1 -> y3", "z1 -> a1 -> y3"), versus("z1 -> a1 -> b1", "z1 -> a1 -> c1")))
case("serial_mlr", SERIAL, estimator = "MLR", fixed.x = FALSE)
# latent and observed variables
case("latent", paste0(F3, "f2 ~ p1*f1 + p2*z1\nf3 ~ p3*f2 + p4*f1\ny1 ~ p5*f3 + p6*z1\ny2 ~ p7*y1 + p8*f2 + p9*z2"), sampled = TRUE)
case("fixed_path", "a1 ~ z1\ny1 ~ 0.4*a1 + z1\ny2 ~ y1", labelled = "a1 ~ p1*z1\ny1 ~ p2*a1 + p3*z1\ny2 ~ p4*y1\np2 == 0.4")
# one parameter in two places, a linear constraint
case("equal", paste0(F3, "f2 ~ p*f1\nf3 ~ p*f2 + q*f1\ny1 ~ r*f3 + s*f1\ny2 ~ r*y1 + f3\ns == 2*q"), sampled = TRUE, labelled =
  paste0(F3, "f2 ~ p1*f1\nf3 ~ p2*f2 + p3*f1\ny1 ~ p4*f3 + p5*f1\ny2 ~ p6*y1 + p7*f3\np1 == p2\np4 == p6\np5 == 2*p3"))
# a second-order factor: its loadings are no effects
case("second_order", paste0(F3, "g =~ f1 + f2 + f3\ng ~ p1*z1 + p2*z2\ny1 ~ p3*g + p4*z1\ny2 ~ p5*y1 + p6*f2"))
# reciprocal paths, by hand: every total effect is a path or a product of paths over 1 - b*c
LOOP <- "y1 ~ b*y2 + g*z1 + h*z2\ny2 ~ c*y1 + k*z3\ny3 ~ m*y2"
total <- c("y2 -> y1" = "b/(1-b*c)", "z1 -> y1" = "g/(1-b*c)", "z2 -> y1" = "h/(1-b*c)", "z3 -> y1" = "b*k/(1-b*c)", "y1 -> y2" = "c/(1-b*c)",
  "z1 -> y2" = "c*g/(1-b*c)", "z2 -> y2" = "c*h/(1-b*c)", "z3 -> y2" = "k/(1-b*c)", "y1 -> y3" = "m*c/(1-b*c)", "y2 -> y3" = "m/(1-b*c)",
  "z1 -> y3" = "m*c*g/(1-b*c)", "z2 -> y3" = "m*c*h/(1-b*c)", "z3 -> y3" = "m*k/(1-b*c)")
direct <- c("y2 -> y1" = "b", "z1 -> y1" = "g", "z2 -> y1" = "h", "y1 -> y2" = "c", "z3 -> y2" = "k", "y2 -> y3" = "m")
less <- ifelse(names(total) %in% names(direct), paste0(total, "-", direct[names(total)]), total)
case("loop", LOOP, defs = data.frame(kind = rep(c("direct", "total indirect", "total"), c(length(direct), length(total), length(total))),
  effect = c(names(direct), names(total), names(total)), formula = c(direct, less, total), row.names = NULL))
# two groups, one path equal across them
case("groups", "x4 ~ c(e, e)*x1 + x2\nx7 ~ x4 + x1", data = "holzinger.csv", group = "school", labelled =
  "x4 ~ c(p1, q1)*x1 + c(p2, q2)*x2\nx7 ~ c(p3, q3)*x4 + c(p4, q4)*x1\np1 == q1",
  contrasts = list(versus("x1 -> x4 -> x7", "x1 -> x4 -> x7", 1:2), versus("x2 -> x4 -> x7", "x1 -> x4 -> x7", 2:1)))
# ordered outcomes, whose latent responses have variance 1: lavaan's own table, estimates and covariance matrix go with them, for what
# is compared is the step from these to the effects (the matrix itself is off here, and so is the gradient: see least_squares.R)
o <- within(d, for (v in c("a1", "b1", "c1")) assign(v, as.integer(cut(get(v), quantile(get(v), c(0, .3, .7, 1)), include.lowest = TRUE)))); o$v <- NULL
model <- "f3 =~ c1 + c2 + c3\na1 ~ p1*f3\nb1 ~ p2*a1 + p3*f3\ny3 ~ p4*b1 + p5*f3"; ordered <- c("a1", "b1", "c1")
defs <- definitions(subset(parTable(sem(model, o, ordered = ordered, do.fit = FALSE)), op == "~"))
fit <- sem(paste0(model, "\n", paste0("d", seq_len(nrow(defs)), " := ", defs$formula, collapse = "\n")), o, ordered = ordered, optim.gradient = "numerical")
table <- subset(parTable(fit), op != ":=")[c("lhs", "op", "rhs", "free", "est")]; table$est <- num(table$est)
V <- unclass(vcov(fit)); write_effects("ordered", list(lavaan = as.character(packageVersion("lavaan")), model = model,
  table = as.data.frame(table), vcov = matrix(signif(as.numeric(V), 14), nrow(V)), effects = said(fit, defs)))
