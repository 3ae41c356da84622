# Ordered items with covariates whose moments are fixed: lavaan's conditional.x. Run: Rscript conditional.R .   (lavaan >= 0.7)
source("tight_fits.R")
set.seed(20260704)
n <- 700
age <- round(rnorm(n, 40, 11)); female <- rbinom(n, 1, .55); income <- round(exp(rnorm(n, 8.5, .4)))
g <- ifelse(runif(n) < .45, "b", "a"); shift <- .25 * (g == "b")
CA <- .03 * (age - 40) + shift + rnorm(n)
TR <- .5 * CA + .015 * (age - 40) + .35 * female + rnorm(n, sd = .8)
cut4 <- function(x) findInterval(x, c(-1.1, -.1, .9)) + 1L
data <- data.frame(age, female, income, g)
for (i in 1:3) data[[paste0("c", i)]] <- cut4(c(1, .8, .9)[i] * CA + rnorm(n, sd = .8))
data$c2 <- cut4(.8 * CA - .02 * (age - 40) + rnorm(n, sd = .8))
for (i in 1:3) data[[paste0("t", i)]] <- cut4(c(1, .9, 1.1)[i] * TR + rnorm(n, sd = .8))
for (i in 1:4) data[[paste0("b", i)]] <- as.integer(c(1, .9, .8, 1)[i] * CA + rnorm(n) > c(-.2, .1, .5, .8)[i])
for (i in 1:3) data[[paste0("y", i)]] <- round(c(1, .8, .6)[i] * TR + c(3, 2, 5)[i] + rnorm(n, sd = .9), 4)
data$w <- round(runif(n, .4, 2.2), 3)
write.csv(data, "data/conditional.csv", row.names = FALSE)
holes <- data
for (v in c(paste0("c", 1:3), paste0("t", 1:3), "y1")) holes[[v]][runif(n) < .07] <- NA
holes$age[sample(n, 15)] <- NA
write.csv(holes, "data/conditional_holes.csv", row.names = FALSE, na = "")

plain <- function(m) if (is.null(m)) NULL else matrix(num(m), NROW(m))
per_group <- function(x, f) if (is.list(x[[1]])) lapply(unname(x), f) else list(f(x))
everything <- function(fit) {
  joint <- lavaan:::lav_model_implied_cond2uncond(fit@implied)
  residual <- function(type) per_group(residuals(fit, type = type), function(r) plain(if (is.null(r$res.cov)) r$cov else r$res.cov))
  list(explained = lavNames(fit, "ov.nox"), covariates = lavNames(fit, "ov.x"), cov = lapply(joint$cov, plain), mean = lapply(joint$mean, num),
    slopes = per_group(fitted(fit), function(r) plain(r$res.slopes)), thresholds = per_group(fitted(fit), function(r) num(r$res.th)),
    residuals = list(raw = residual("raw"), cor_bentler = residual("cor.bentler"), cor_bollen = residual("cor.bollen"),
      standardized = residual("standardized")))
}
case <- function(name, model, ..., data_file = "conditional.csv", parameterization = NULL) {
  options <- list(fun = "sem", ...)
  data <- read.csv(file.path("data", data_file))
  fit <- fit_one(c(options, list(model = model, parameterization = parameterization)), data)
  write_case(paste0("conditional_", name), model, data_file, fit, options, everything(fit))
}
C <- paste0("c", 1:3); T <- paste0("t", 1:3); B <- paste0("b", 1:4); Y <- paste0("y", 1:3)
MODEL <- "CA =~ c1 + c2 + c3\nTR =~ t1 + t2 + t3\nTR ~ b*CA + age + female\nCA ~ a*age\nab := a*b"
for (estimator in c("WLSMV", "WLSM", "DWLS", "ULSMV", "ULS")) case(tolower(estimator), MODEL, ordered = c(C, T), estimator = estimator)
case("item", "CA =~ c1 + c2 + c3\nTR =~ t1 + t2 + t3\nTR ~ CA + female\nCA ~ age\nc2 ~ age\nt1 ~~ c1", ordered = c(C, T))
case("binary", "CA =~ b1 + b2 + b3 + b4\nCA ~ age + female + income", ordered = B, std_lv = TRUE)
case("mixed", "CA =~ c1 + c2 + c3\nTR =~ y1 + y2 + t1\nTR ~ CA + female\nCA ~ age\ny3 ~ TR + age", ordered = c(C, "t1"))
case("groups", "CA =~ c1 + c2 + c3\nTR =~ t1 + t2 + t3\nTR ~ CA + age + female\nCA ~ age", ordered = c(C, T), group = "g")
case("groups_equal", "CA =~ c1 + c2 + c3\nTR =~ t1 + t2 + y1\nTR ~ CA + age + female\nCA ~ age", ordered = c(C, "t1", "t2"), group = "g",
  group_equal = c("loadings", "thresholds", "intercepts", "regressions"))
case("pairwise", "CA =~ c1 + c2 + c3\nTR =~ t1 + t2 + y1\nTR ~ CA + age + female\nCA ~ age", ordered = c(C, "t1", "t2"), missing = "pairwise",
  data_file = "conditional_holes.csv")
case("listwise", "CA =~ c1 + c2 + c3\nTR =~ t1 + t2 + y1\nTR ~ CA + age + female\nCA ~ age", ordered = c(C, "t1", "t2"),
  data_file = "conditional_holes.csv")
case("weights", "CA =~ c1 + c2 + c3\nTR =~ t1 + t2 + y1\nTR ~ CA + age + female\nCA ~ age", ordered = c(C, "t1", "t2"), sampling_weights = "w")
case("outcomes", "b1 ~ age + female\nb2 ~ age\nt1 ~ female + age\ny1 ~ age\nb1 ~~ b2", ordered = c("b1", "b2", "t1"))
# without covariates, and so not conditional: two groups that share their loadings
case("none", "CA =~ c1 + c2 + c3\nTR =~ t1 + t2 + y1", ordered = c(C, "t1", "t2"), group = "g", group_equal = c("loadings"))
# lavaan's derivatives of "delta" are off where an ordered outcome predicts something (see least_squares.R): what does not depend
# on the parameterisation is that of "theta"
case("chain", "b1 ~ age + female\nt1 ~ b1 + age\ny1 ~ t1 + b1 + female", ordered = c("b1", "t1"), parameterization = "theta")
