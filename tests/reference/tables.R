# lavaan's parameter tables for models with groups and with ordered items: rows, free
# parameters, fixed values, labels and ties, before anything is estimated.
# Usage: Rscript tables.R FOLDER
suppressMessages({
  library(lavaan)
  library(jsonlite)
})
folder <- commandArgs(TRUE)[1]

# the numbers do not matter here, only the names and how many categories an item has:
# x1..x9 y1 y2 z1 z2 continuous, a1..a6 of five categories, b1..b4 of three, d1..d3 of two
set.seed(20260301)
n <- 900
eta <- rnorm(n)
item <- function() .7 * eta + rnorm(n)
cut_at <- function(x, k) as.integer(cut(x, c(-Inf, qnorm(seq_len(k - 1) / k), Inf)))
d <- data.frame(row.names = seq_len(n))
for (v in c(paste0("x", 1:9), "y1", "y2")) d[[v]] <- item()
d$z1 <- .3 * eta + rnorm(n)
d$z2 <- rnorm(n)
for (v in paste0("a", 1:6)) d[[v]] <- cut_at(item(), 5)
for (v in paste0("b", 1:4)) d[[v]] <- cut_at(item(), 3)
for (v in paste0("d", 1:3)) d[[v]] <- cut_at(item(), 2)
d$g2 <- rep(c("m", "f"), length.out = n)
d$g3 <- rep(c("u", "v", "w"), length.out = n)

cases <- list()
case <- function(name, model, ...) {
  stopifnot(is.null(cases[[name]]))
  given <- list(...)
  groups <- if (is.null(given$groups)) 1 else given$groups
  call <- given[!names(given) %in% c("groups", "equal", "partial")]
  names(call) <- gsub("_", ".", names(call), fixed = TRUE)
  if (groups > 1) call$group <- paste0("g", groups)
  call$group.equal <- given$equal
  call$group.partial <- given$partial
  fit <- suppressWarnings(do.call(sem, c(list(model, d, do.fit = FALSE), call)))
  table <- parTable(fit)
  system <- table$op == "==" & table$user == 2
  rows <- table[!table$op %in% c("==", ":="), ]
  ties <- cbind(match(table$lhs[system], rows$plabel), match(table$rhs[system], rows$plabel))
  levels <- vapply(given$ordered, function(v) length(unique(d[[v]])), 0)
  body <- given[names(given) != "ordered"]
  for (v in c("equal", "partial")) if (!is.null(body[[v]])) body[[v]] <- I(body[[v]])
  if (length(levels)) body$levels <- unname(Map(list, names(levels), levels))
  columns <- c("lhs", "op", "rhs", "user", "group", "free", "ustart", "exo", "label")
  cases[[name]] <<- list(model = model, options = body,
    rows = apply(as.matrix(sapply(rows[columns], as.character)), 1, function(r) {
      r[is.na(r)] <- "NA"
      paste(r, collapse = " ; ")
    }), ties = ties)
}

A <- "f =~ x1 + x2 + x3"
HS <- "v =~ x1 + x2 + x3\nt =~ x4 + x5 + x6"
SR <- paste0(HS, "\ns =~ x7 + x8 + x9\ns ~ v + t\nx1 ~~ x4")
HO <- "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\nk =~ x7 + x8 + x9\nh =~ f + g + k"
CV <- paste0(HS, "\nv ~ z1 + z2\nt ~ v + z1\ny1 ~ t + z2")
PA <- "y1 ~ x1 + z1\ny2 ~ y1 + z1 + z2"
ALL <- c("loadings", "intercepts", "means", "thresholds", "regressions", "residuals",
         "residual.covariances", "lv.variances", "lv.covariances")

# --- one group: what sem() adds
case("one factor", A)
case("covariances listed by sides", "x1 ~~ x2\nx3 ~~ x4")
case("a covariance the other way round", paste0(HS, "\nt ~~ 0*v"))
case("covariances turned round", "y1 ~~ y2\nx1 ~~ y1\ny2 ~~ x1\nf =~ x2 + x3 + x4\nx4 ~~ x3\nx2 ~~ f")
case("covariances turned round, orphans", "x1 ~~ x2\nx3 ~~ x1\nx4 ~~ x3\nx2 ~~ x4")
case("an item on two factors", "f =~ x1 + x2 + x3\ng =~ x3")
case("a single indicator of second order", "f =~ x1 + x2 + x3\nh =~ f\nh ~ z1")
case("a single indicator of second order, std_lv", "f =~ x1 + x2 + x3\nh =~ f\nh ~ z1", std_lv = TRUE)
case("a variance written with std_lv", paste0(HS, "\nv ~~ v\nt ~~ NA*t"), std_lv = TRUE)
case("second order", HO)
case("second order, means", HO, meanstructure = TRUE)
case("covariates", CV)
case("covariates, random", CV, fixed_x = FALSE, meanstructure = TRUE)
case("a random covariate", paste0(PA, "\nz1 ~~ z1"), meanstructure = TRUE)
case("outcomes in the order of the variables", "g =~ x4 + x5 + x6\nf =~ x1 + x2 + x3\ny2 ~ z1\ny1 ~ z1\nf ~ z1\ng ~ z1")
case("a label shared with a marker", "f =~ a*x1 + a*x2 + x3")
case("a label shared with a number", "y1 ~ a*x1 + b*x2\ny1 ~ a*x3 + 0.4*x3")
case("labels shared", "f =~ x1 + a*x2 + a*x3\nx1 ~~ e*x1\nx2 ~~ e*x2\nx3 ~~ e*x3")
case("start values", "f =~ x1 + start(0.7)*x2 + x3\nf ~~ start(2)*f")

# --- groups: every word, and the usual combinations
for (g in 2:3) case(paste("configural,", g, "groups"), HS, groups = g)
for (w in ALL) case(paste("equal", w), paste0(SR, "\nv ~~ t"), groups = 2, equal = w)
for (w in c("loadings", "lv.variances", "means"))
  case(paste("equal", w, "with std_lv"), HS, groups = 2, equal = w, std_lv = TRUE)
case("scalar", HS, groups = 2, equal = c("loadings", "intercepts"))
case("scalar, std_lv", HS, groups = 2, equal = c("loadings", "intercepts"), std_lv = TRUE)
case("scalar, three groups", HS, groups = 3, equal = c("loadings", "intercepts"))
case("scalar and means", HS, groups = 2, equal = c("loadings", "intercepts", "means"))
case("strict", SR, groups = 2, equal = c("loadings", "intercepts", "residuals", "residual.covariances"))
case("everything", SR, groups = 3, equal = ALL)
case("loadings and variances, std_lv", HS, groups = 2, equal = c("loadings", "lv.variances"), std_lv = TRUE)
case("second order, scalar", HO, groups = 2, equal = c("loadings", "intercepts"))
case("second order, loadings, std_lv", HO, groups = 2, equal = "loadings", std_lv = TRUE)
case("covariates, all equal", CV, groups = 2, equal = ALL)
case("covariates random, all equal", CV, groups = 2, equal = ALL, fixed_x = FALSE)
case("path model, regressions", PA, groups = 2, equal = "regressions")
case("path model, intercepts and residuals", PA, groups = 3, equal = c("regressions", "intercepts", "residuals"))
case("a path of one item on another", "f =~ x1 + x2 + x3\nx2 ~ z1\ny1 ~ f", groups = 2, equal = c("loadings", "intercepts", "regressions"))
case("single indicators", "f =~ x1\ng =~ x2 + x3\ng ~ f", groups = 2, equal = c("loadings", "intercepts", "residuals"))
case("a factor and an observed variable covary", paste0(A, "\ny1 ~~ f\nf ~~ y2"), groups = 2, equal = c("residual.covariances", "lv.covariances"))
case("a factor mean written", paste0(A, "\nf ~ 1"), groups = 2, equal = c("loadings", "intercepts"))
case("an intercept written", paste0(A, "\nx1 ~ 0*1\nf ~ 1"), groups = 2, equal = c("loadings", "intercepts", "means"))

# --- groups: what is left free by hand
case("partial intercepts", HS, groups = 2, equal = c("loadings", "intercepts"), partial = c("x3~1", "x5 ~ 1"))
case("partial loading", HS, groups = 2, equal = "loadings", partial = "v =~ x2")
case("partial marker", HS, groups = 2, equal = "loadings", partial = "v=~x1")
case("partial marker of two factors", "f =~ x1 + x2 + x3\ng =~ x1 + x4 + x5", groups = 2, equal = "loadings", partial = "f=~x1")
case("partial marker of second order", HO, groups = 2, equal = "loadings", partial = "h=~f")
case("partial in three groups", HS, groups = 3, equal = c("loadings", "intercepts"), partial = c("v=~x2", "x6~1"))
case("partial covariance and path", SR, groups = 2, equal = ALL, partial = c("x1~~x4", "s~v", "x2~~x2"))

# --- groups: modifiers
case("labels by group", "f =~ x1 + c(a, b)*x2 + c(q, q)*x3", groups = 2)
case("one label for all groups", "f =~ x1 + a*x2 + x3\nd := a^2", groups = 2)
case("a label in one group", "f =~ x1 + c('', a)*x2 + x3", groups = 2, equal = "loadings")
case("a label in one group of three", "f =~ x1 + c('', a, '')*x2 + x3", groups = 3, equal = "loadings")
case("labels against equal loadings", "f =~ x1 + c(a, b)*x2 + a*x3", groups = 2, equal = "loadings")
case("a labelled marker against equal loadings", "f =~ c(a, b)*x1 + x2 + x3", groups = 2, equal = "loadings")
case("fixed in one group", "f =~ x1 + c(1, NA)*x2 + x3", groups = 2)
case("fixed in one group, equal loadings", "f =~ x1 + c(0.8, NA)*x2 + c(NA, 0.9)*x3", groups = 2, equal = "loadings")
case("a marker freed", "f =~ NA*x1 + x2 + x3\nf ~~ 1*f", groups = 2, equal = "loadings")
case("a marker freed in one group", "f =~ c(NA, 1)*x1 + x2 + x3\nf ~~ c(1, NA)*f", groups = 2)
case("a marker written", "f =~ 1*x1 + x2 + x3", groups = 2, equal = "loadings", partial = "f=~x1")
case("start values by group", "f =~ x1 + start(c(.5, .6))*x2 + start(.7)*x3", groups = 2)
case("means by group", paste0(A, "\nf ~ c(0, NA)*1\nx1 ~ c(i, i)*1"), groups = 2)
case("labels over groups and rows", "f =~ x1 + c(a, b)*x2 + c(b, a)*x3\na == 2*b", groups = 2)

# --- ordered items
o <- function(p, k) paste0(p, k)
OA <- "f =~ a1 + a2 + a3"
OB <- "f =~ b1 + b2 + b3\ng =~ a1 + a2 + a3"
OX <- "f =~ a1 + x1 + x2 + d1"
case("ordered", OB, ordered = c(o("b", 1:3), o("a", 1:3)))
case("ordered, std_lv", OB, ordered = c(o("b", 1:3), o("a", 1:3)), std_lv = TRUE)
case("some ordered", OX, ordered = c("d1", "a1"))
case("an ordered single indicator", "f =~ a1\ng =~ x1 + x2 + x3\ng ~ f", ordered = "a1")
case("an ordered outcome", "b1 ~ x1 + z1", ordered = "b1")
case("an ordered mediator", "b1 ~ z1\ny1 ~ b1 + z1\na1 ~ y1", ordered = c("b1", "a1"))
case("an ordered outcome of factors", paste0(HS, "\nd1 ~ v + t\nv ~ z1"), ordered = "d1")
case("ordered, second order", "f =~ a1 + a2 + a3\ng =~ b1 + b2 + b3\nk =~ a4 + a5 + a6\nh =~ f + g + k", ordered = c(o("a", 1:6), o("b", 1:3)))
case("thresholds written", paste0(OA, "\na2 | t2 + th*t1\na1 | -1*t1 + start(0.2)*t2"), ordered = o("a", 1:3))
case("a scale written", paste0(OA, "\na1 ~*~ 1*a1\na2 ~*~ NA*a2\na3 ~*~ s*a3"), ordered = o("a", 1:3))
case("an ordered intercept written", paste0(OA, "\na1 ~ 1\na1 | 0*t1"), ordered = o("a", 1:3))
case("ordered items covary", paste0(OB, "\nb1 ~~ r*a1\nb2 ~~ a2"), ordered = c(o("b", 1:3), o("a", 1:3)))

# --- ordered items in groups
OAD <- "f =~ a1 + b1 + d1"
od <- c("a1", "b1", "d1")
case("ordered, groups", OAD, groups = 2, ordered = od)
for (w in c("thresholds", "loadings", "intercepts", "residuals"))
  case(paste("ordered, equal", w), OAD, groups = 2, ordered = od, equal = w)
case("ordered, loadings and thresholds", OAD, groups = 2, ordered = od, equal = c("loadings", "thresholds"))
case("ordered, scalar", OAD, groups = 2, ordered = od, equal = c("loadings", "thresholds", "intercepts"))
case("ordered, scalar, std_lv", OAD, groups = 2, ordered = od, equal = c("loadings", "thresholds", "intercepts"), std_lv = TRUE)
case("ordered, scalar, three groups", OAD, groups = 3, ordered = od, equal = c("loadings", "thresholds", "intercepts"))
case("ordered, all equal", paste0(OB, "\ng ~ f"), groups = 2, ordered = c(o("b", 1:3), o("a", 1:3)), equal = ALL)
case("ordered, partial thresholds", OAD, groups = 2, ordered = od, equal = c("loadings", "thresholds"), partial = c("a1|t2", "f =~ b1", "b1 | t1"))
case("mixed, groups", OX, groups = 2, ordered = c("a1", "d1"))
case("mixed, scalar", OX, groups = 2, ordered = c("a1", "d1"), equal = c("loadings", "thresholds", "intercepts"))
case("mixed, thresholds and residuals", OX, groups = 3, ordered = c("a1", "d1"), equal = c("thresholds", "residuals"))
case("ordered outcome, groups", paste0(A, "\nb1 ~ f + z1"), groups = 2, ordered = "b1", equal = c("loadings", "regressions", "thresholds"))
case("a scale written, groups", paste0(OAD, "\na1 ~*~ c(1, NA)*a1\nb1 ~*~ 1*b1\nd1 ~*~ c(1, 1)*d1"), groups = 2, ordered = od, equal = "thresholds")
case("a scale written free, groups", paste0(OAD, "\na1 ~*~ a1\nd1 ~*~ d1"), groups = 2, ordered = od, equal = "thresholds")
case("thresholds written, groups", paste0(OAD, "\na1 | c(t, t)*t1 + c(NA, 0.3)*t3\nd1 | c(0, NA)*t1"), groups = 2, ordered = od)

body <- list(lavaan = as.character(packageVersion("lavaan")), r = as.character(getRversion()),
             columns = c("lhs", "op", "rhs", "user", "group", "free", "ustart", "exo", "label"),
             cases = cases)
writeLines(toJSON(body, auto_unbox = TRUE, digits = I(15), pretty = 1), file.path(folder, "tables.json"))
cat(length(cases), "tables\n")
