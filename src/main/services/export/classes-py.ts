/** The part of `analysis.py` that holds classes.csv of a study that asks for a condition against figures of its own. */
export const classesPy = String.raw`
def majority(subject, among):
    """The class that more than half of two or more name; None where there is none."""
    said = [votes[subject][r] in above for r in among if r in votes[subject]]
    return None if len(said) < 2 or 2 * sum(said) == len(said) else 2 * sum(said) > len(said)


def wilson(count, n):
    """Wilson 1927, 95 %."""
    z = statistics.NormalDist().inv_cdf(0.975)
    p, width = count / n, 1 + z * z / n
    centre = (p + z * z / (2 * n)) / width
    half = z / width * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (0.0 if count == 0 else centre - half, 1.0 if count == n else centre + half)


def right(both):
    """Share of the scans whose class is right, with its interval; a bootstrap's, where patients repeat, is not drawn again."""
    n, count = len(both), sum(said == true for _, said, true in both)
    if n == 0:
        return None, (None, None)
    patients = len({patient_of[subject] for subject, _, _ in both})
    if patients == n:
        return count / n, wilson(count, n)
    if count in (0, n):
        return count / n, wilson(patients if count else 0, patients)
    return count / n, None


def classes(row):
    """Sensitivity, specificity and accuracy of a reader or of the majority, against the truth or the others' majority."""
    rater, both = row["rater"], []
    for subject, of in votes.items():
        said = majority(subject, readers) if rater == "majority" else (of[rater] in above if rater in of else None)
        others = [r for r in readers if r != rater]
        true = truth.get(subject) if row["reference"] == "truth" else majority(subject, others)
        if said is not None and true is not None:
            both.append((subject, said, true))
    found = {
        "tp": sum(said and true for _, said, true in both),
        "fn": sum(not said and true for _, said, true in both),
        "tn": sum(not said and not true for _, said, true in both),
        "fp": sum(said and not true for _, said, true in both),
    }
    for name, chosen in (
        ("sensitivity", [one for one in both if one[2]]),
        ("specificity", [one for one in both if not one[2]]),
        ("accuracy", both),
    ):
        found[name], limits = right(chosen)
        if limits is not None:
            found[name + "_lower"], found[name + "_upper"] = limits
    return found


truth = {row["subject"]: int(row["grade"]) in above for row in read("truth.csv")} if there("truth.csv") else {}
for row in read("classes.csv") if there("classes.csv") else []:
    for name, here in classes(row).items():
        compare(name, row["rater"], row["reference"], here, row[name])
`
