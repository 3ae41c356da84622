# Reference results for screening: distances, variability, runs and equal answers, by base R.
# Usage: Rscript screening.R          (in this folder; base R only)
# Answers are simulated, with a seed, into data/screening.csv: five-point rows, some unanswered, with a respondent of
# each careless kind at the end. Distances: mahalanobis() with mean and covariance matrix of the complete rows; a row
# with holes by the items it has.
set.seed(20260412); n <- 240; k <- 12
f <- matrix(rnorm(n * 3), n)[, rep(1:3, each = 4)]
y <- pmin(pmax(round(3 + .9 * f + .7 * matrix(rnorm(n * k), n)), 1), 5)
y[cbind(sample(n, 40), sample(k, 40, TRUE))] <- NA
y[n - 3, ] <- 4                                   # one answer throughout
y[n - 2, ] <- rep(c(1, 5), 6)                     # alternating ends
y[n - 1, ] <- sample(5, k, TRUE)                  # at random
y[n, ] <- c(rep(2, 7), 3, 4, NA, 2, 5)            # a run of seven, and a hole
d <- as.data.frame(y); names(d) <- paste0("q", 1:k)
write.csv(d, "data/screening.csv", row.names = FALSE, na = "")

x <- as.matrix(d); whole <- x[complete.cases(x), ]
m <- colMeans(whole); S <- cov(whole)
d2 <- sapply(seq_len(n), function(i) { s <- !is.na(x[i, ]); mahalanobis(x[i, s], m[s], S[s, s, drop = FALSE]) })
told <- rowSums(!is.na(x))
run <- sapply(seq_len(n), function(i) { r <- rle(ifelse(is.na(x[i, ]), -seq_len(k), x[i, ])); max(r$lengths) })
same <- sapply(seq_len(n), function(i) max(table(x[i, ])))
irv <- apply(x, 1, sd, na.rm = TRUE)
limit <- sapply(1:k, function(df) qchisq(.001, df, lower.tail = FALSE))
list_of <- function(v) paste0("[", paste(sapply(v, function(u) format(u, digits = 15, trim = TRUE)), collapse = ", "), "]")
parts <- list(mean = m, d2 = d2, told = told, run = run, same = same, irv = irv, limit = limit, beyond = which(d2 > limit[told]))
text <- paste0('  "', names(parts), '": ', sapply(parts, list_of), collapse = ",\n")
cat("{\n", '  "r": "', R.version.string, '",\n', text, "\n}\n", sep = "", file = "screening.json")
