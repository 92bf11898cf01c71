/** The part of `analysis.R` that holds classes.csv of a study that asks for a condition against figures of its own. */
export const classesR = String.raw`
# TRUE positive, FALSE negative, NA nothing said. The class that more than half of two or more name.
positive <- matrix(ifelse(is.na(ratings), NA, ratings %in% above), nrow(ratings), dimnames = dimnames(ratings))
majority <- function(x) {
  n <- rowSums(!is.na(x))
  yes <- rowSums(x, na.rm = TRUE)
  ifelse(n < 2 | 2 * yes == n, NA, 2 * yes > n)
}

# Wilson 1927, 95 %.
wilson <- function(count, n) {
  z <- qnorm(0.975)
  p <- count / n
  centre <- (p + z^2 / (2 * n)) / (1 + z^2 / n)
  half <- z / (1 + z^2 / n) * sqrt(p * (1 - p) / n + z^2 / (4 * n^2))
  c(if (count == 0) 0 else centre - half, if (count == n) 1 else centre + half)
}

# Share of the scans whose class is right, with its interval; a bootstrap's, where patients repeat, is not drawn again (NULL).
right <- function(said, true, chosen) {
  chosen <- which(!is.na(said) & !is.na(true) & chosen)
  n <- length(chosen)
  if (n == 0) return(list(NA_real_, c(NA_real_, NA_real_)))
  count <- sum(said[chosen] == true[chosen])
  patients <- length(unique(patient_of[chosen]))
  limits <- if (patients == n) wilson(count, n)
    else if (count == 0 || count == n) wilson(if (count == 0) 0 else patients, patients)
  list(count / n, limits)
}

# Sensitivity, specificity and accuracy of a reader or of the majority, against the truth or the others' majority.
classes_of <- function(rater, reference) {
  said <- if (rater == "majority") majority(positive) else positive[, rater]
  true <- if (reference == "truth") truth else majority(positive[, readers != rater, drop = FALSE])
  count <- function(a, b) sum(said == a & true == b, na.rm = TRUE)
  found <- list(tp = count(TRUE, TRUE), fn = count(FALSE, TRUE), tn = count(FALSE, FALSE), fp = count(TRUE, FALSE))
  chosen <- list(sensitivity = true, specificity = !true, accuracy = TRUE)
  for (name in names(chosen)) {
    share <- right(said, true, chosen[[name]])
    found[[name]] <- share[[1]]
    if (length(share[[2]]) == 2) found[paste0(name, c("_lower", "_upper"))] <- as.list(share[[2]])
  }
  found
}

if (file.exists(file.path(here, "classes.csv"))) {
  truth <- rep(NA, length(subjects))
  if (file.exists(file.path(here, "truth.csv"))) {
    known <- table_of("truth.csv", colClasses = c(subject = "character"))
    truth <- (known$grade %in% above)[match(subjects, known$subject)]
  }
  classes <- table_of("classes.csv", colClasses = c(rater = "character"))
  for (i in seq_len(nrow(classes))) {
    found <- classes_of(classes$rater[i], classes$reference[i])
    program <- as.numeric(classes[i, names(found)])
    cat(sprintf("%s, against %s\n", classes$rater[i], classes$reference[i]))
    print(data.frame(here = unlist(found), program = program), digits = 7)
    worst <- max(worst, apart(unlist(found), program))
  }
}
`
