import { classesR } from './classes-r.ts'

/** `analysis.R` of an exported folder: the figures anew in base R, held against the program's; irr's beside them if it is there. */
export const analysisR = String.raw`# Computes the agreement figures from votes.csv and scale.csv and holds them against figures.csv; where the study asks for a
# condition, sensitivity and specificity too, from truth.csv if it is known, against classes.csv. Base R is enough.
arguments <- commandArgs(FALSE)
script <- sub("^--file=", "", grep("^--file=", arguments, value = TRUE))
here <- if (length(script) == 1) dirname(script) else "."
table_of <- function(name, ...) {
  read.csv(file.path(here, name), stringsAsFactors = FALSE, na.strings = "", encoding = "UTF-8", ...)
}

scale <- table_of("scale.csv")
grades <- scale$grade
above <- grades[scale$rescan == 1]
has_cut <- length(above) > 0 && length(above) < length(grades)
q <- length(grades)

votes <- table_of("votes.csv", colClasses = c(subject = "character", rater = "character", patient = "character", site = "character"))
subjects <- unique(votes$subject)
readers <- sort(unique(votes$rater))
site_of <- votes$site[match(subjects, votes$subject)]
patient_of <- votes$patient[match(subjects, votes$subject)]

# A row a subject, a column a reader; NA: no vote, or "cannot be graded".
ratings <- matrix(NA_real_, length(subjects), length(readers), dimnames = list(subjects, readers))
ratings[cbind(match(votes$subject, subjects), match(votes$rater, readers))] <- votes$grade
pairs <- if (length(readers) > 1) combn(readers, 2, simplify = FALSE) else list()

counts_of <- function(x) t(apply(x, 1, function(row) tabulate(match(row, grades), q)))
share <- function(count, n) if (n > 0) count / n else NA_real_
cast <- rowSums(!is.na(ratings))
complete <- ratings[cast == length(readers), , drop = FALSE]

full_agreement <- function() {
  if (length(readers) < 2) return(NA_real_)
  share(sum(apply(complete, 1, function(row) length(unique(row)) == 1)), nrow(complete))
}

agreeing_pairs <- function() {
  n <- counts_of(ratings)
  share(sum(n * (n - 1)), sum(cast * (cast - 1)))
}

rescan_disagreement <- function(x) {
  if (!has_cut || ncol(x) < 2) return(NA_real_)
  n <- rowSums(!is.na(x))
  again <- rowSums(matrix(x %in% above, nrow(x)))
  share(sum(n > 1 & again > 0 & again < n), sum(n > 1))
}

# Fleiss 1971, subjects with every reader's vote.
fleiss_kappa <- function() {
  m <- length(readers)
  n <- nrow(complete)
  if (m < 2 || n == 0) return(NA_real_)
  counts <- counts_of(complete)
  observed <- mean((rowSums(counts^2) - m) / (m * (m - 1)))
  margins <- colSums(counts)
  if (any(margins == m * n)) return(NA_real_)
  chance <- sum((margins / (m * n))^2)
  (observed - chance) / (1 - chance)
}

# Conger 1980: chance from each reader's own margins.
conger_kappa <- function() {
  n <- nrow(complete)
  if (length(readers) < 2 || n == 0) return(NA_real_)
  margins <- apply(complete, 2, function(column) tabulate(match(column, grades), q))
  observed <- mean(sapply(pairs, function(p) mean(complete[, p[1]] == complete[, p[2]])))
  chance <- mean(sapply(pairs, function(p) sum(margins[, p[1]] * margins[, p[2]]) / n^2))
  if (chance == 1) NA_real_ else (observed - chance) / (1 - chance)
}

# Cohen 1960 and 1968; weights over the declared scale; subjects with both votes.
cohen_kappa <- function(a, b, weights) {
  both <- ratings[!is.na(ratings[, a]) & !is.na(ratings[, b]), c(a, b), drop = FALSE]
  if (nrow(both) == 0) return(NA_real_)
  counts <- table(factor(both[, 1], grades), factor(both[, 2], grades)) / nrow(both)
  distance <- abs(outer(grades, grades, "-")) / (max(grades) - min(grades))
  apart <- switch(weights, none = (distance > 0) * 1, linear = distance, quadratic = distance^2)
  expected <- sum(apart * outer(rowSums(counts), colSums(counts)))
  if (expected == 0) NA_real_ else 1 - sum(apart * counts) / expected
}

# Krippendorff 2011: coincidences of all units with two or more votes. (irr::kripp.alpha differs: it is biased here.)
krippendorff_alpha <- function(metric) {
  counts <- counts_of(ratings[cast > 1, , drop = FALSE])
  if (sum(cast > 1) == 0) return(NA_real_)
  o <- matrix(0, q, q)
  for (i in seq_len(nrow(counts))) {
    n <- counts[i, ]
    o <- o + (outer(n, n) - diag(n, q)) / (sum(n) - 1)
  }
  margin <- rowSums(o)
  gap <- matrix(0, q, q)
  for (k in seq_len(q)) for (l in seq_len(q)) if (k != l) {
    ends <- sort(c(k, l))
    gap[k, l] <- switch(metric,
      nominal = 1,
      interval = grades[ends[2]] - grades[ends[1]],
      ordinal = sum(margin[ends[1]:ends[2]]) - sum(margin[ends]) / 2
    )
  }
  expected <- sum(outer(margin, margin) * gap^2)
  if (expected == 0) NA_real_ else 1 - (sum(margin) - 1) * sum(o * gap^2) / expected
}

# Gwet 2008: every subject with a vote.
gwet_ac1 <- function() {
  counts <- counts_of(ratings[cast > 0, , drop = FALSE])
  n <- rowSums(counts)
  if (!any(n > 1)) return(NA_real_)
  observed <- mean((rowSums(counts * (counts - 1)) / (n * (n - 1)))[n > 1])
  shares <- colMeans(counts / n)
  chance <- sum(shares * (1 - shares)) / (q - 1)
  (observed - chance) / (1 - chance)
}

compute <- function(statistic, part, weights) {
  pair <- if (is.na(part)) character() else strsplit(part, "-", fixed = TRUE)[[1]]
  switch(statistic,
    rescan_disagreement = if (part == "all") rescan_disagreement(ratings)
      else if (part %in% site_of) rescan_disagreement(ratings[site_of == part, , drop = FALSE])
      else rescan_disagreement(ratings[, pair, drop = FALSE]),
    full_agreement = full_agreement(),
    agreeing_pairs = agreeing_pairs(),
    fleiss_kappa = fleiss_kappa(),
    conger_kappa = conger_kappa(),
    cohen_kappa = cohen_kappa(pair[1], pair[2], weights),
    krippendorff_alpha = krippendorff_alpha(weights),
    gwet_ac1 = gwet_ac1()
  )
}

figures <- table_of("figures.csv")
figures$here <- mapply(compute, figures$statistic, figures$part, figures$weights)
print(data.frame(figures[c("statistic", "part", "weights")], here = figures$here, program = figures$value), digits = 7)
apart <- function(x, y) if (any(is.na(x) != is.na(y))) Inf else max(0, abs(x - y), na.rm = TRUE)
worst <- apart(figures$here, figures$value)
${classesR}
cat(sprintf("largest difference: %.3g\n", worst))

if (requireNamespace("irr", quietly = TRUE) && nrow(complete) > 0 && length(readers) > 1) {
  cat(sprintf("irr: Fleiss' kappa %.6f\n", irr::kappam.fleiss(complete)$value))
  for (p in pairs) for (w in c("unweighted", "equal", "squared")) {
    both <- na.omit(ratings[, p])
    if (nrow(both) > 0) cat(sprintf("irr: Cohen's kappa %s, %s: %.6f\n", paste(p, collapse = "-"), w,
      irr::kappa2(data.frame(factor(both[, 1], grades), factor(both[, 2], grades)), w)$value))
  }
} else {
  cat("The package irr is not installed; the figures above are base R's.\n")
}
quit(status = if (worst < 1e-9) 0 else 1)
`
