import { classesPy } from './classes-py.ts'

/** `analysis.py` of an exported folder: the figures anew in Python, standard library alone, held against the program's. */
export const analysisPy = String.raw`#!/usr/bin/env python3
"""Computes the agreement figures from votes.csv and scale.csv and holds them against figures.csv; where the study asks for a
condition, sensitivity and specificity too, from truth.csv if it is known, against classes.csv. Python 3 alone."""
import csv
import itertools
import math
import os
import statistics
import sys
from collections import Counter

HERE = os.path.dirname(os.path.abspath(__file__))


def read(name):
    with open(os.path.join(HERE, name), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def there(name):
    return os.path.exists(os.path.join(HERE, name))


scale = [int(row["grade"]) for row in read("scale.csv")]
above = {int(row["grade"]) for row in read("scale.csv") if row["rescan"] == "1"}
has_cut = 0 < len(above) < len(scale)

# subject -> reader -> grade; a vote without a grade ("cannot be graded") is missing.
votes, site_of, patient_of, readers = {}, {}, {}, set()
for row in read("votes.csv"):
    subject = votes.setdefault(row["subject"], {})
    site_of[row["subject"]] = row["site"]
    patient_of[row["subject"]] = row["patient"]
    readers.add(row["rater"])
    if row["grade"] != "":
        subject[row["rater"]] = int(row["grade"])
readers = sorted(readers)
pairs = list(itertools.combinations(readers, 2))
q = len(scale)


def counts(grades):
    of = Counter(grades)
    return [of[value] for value in scale]


def share(count, n):
    return count / n if n else None


def full_agreement():
    complete = [set(v.values()) for v in votes.values() if len(v) == len(readers)]
    return share(sum(len(s) == 1 for s in complete), len(complete)) if len(readers) > 1 else None


def agreeing_pairs():
    same = total = 0
    for v in votes.values():
        c = counts(v.values())
        same += sum(x * (x - 1) for x in c)
        total += len(v) * (len(v) - 1)
    return share(same, total)


def rescan_disagreement(chosen, among):
    if not has_cut or len(among) < 2:
        return None
    count = n = 0
    for subject in chosen:
        grades = [g for r, g in votes[subject].items() if r in among]
        if len(grades) < 2:
            continue
        n += 1
        count += len({g in above for g in grades}) == 2
    return share(count, n)


def fleiss_kappa():
    """Fleiss 1971, subjects with every reader's vote."""
    m = len(readers)
    rows = [counts(v.values()) for v in votes.values() if len(v) == m]
    if m < 2 or not rows:
        return None
    n = len(rows)
    observed = sum((sum(x * x for x in c) - m) / (m * (m - 1)) for c in rows) / n
    margins = [sum(c[k] for c in rows) for k in range(q)]
    if m * n in margins:
        return None
    chance = sum((x / (m * n)) ** 2 for x in margins)
    return (observed - chance) / (1 - chance)


def conger_kappa():
    """Conger 1980: chance from each reader's own margins."""
    m = len(readers)
    rows = [v for v in votes.values() if len(v) == m]
    if m < 2 or not rows:
        return None
    n = len(rows)
    observed = chance = 0.0
    for a, b in pairs:
        observed += sum(v[a] == v[b] for v in rows) / n
        chance += sum(x * y for x, y in zip(counts(v[a] for v in rows), counts(v[b] for v in rows))) / n**2
    observed, chance = observed / len(pairs), chance / len(pairs)
    return None if chance == 1 else (observed - chance) / (1 - chance)


def cohen_kappa(a, b, weights):
    """Cohen 1960 and 1968; weights over the declared scale; subjects with both votes."""
    both = [(v[a], v[b]) for v in votes.values() if a in v and b in v]
    n = len(both)
    if n == 0:
        return None
    width = scale[-1] - scale[0]

    def apart(x, y):
        if weights == "none":
            return float(x != y)
        return abs(x - y) / width if weights == "linear" else ((x - y) / width) ** 2

    first, second = counts(x for x, _ in both), counts(y for _, y in both)
    observed = sum(apart(x, y) for x, y in both) / n
    expected = sum(apart(x, y) * first[i] * second[j] for i, x in enumerate(scale) for j, y in enumerate(scale)) / n**2
    return None if expected == 0 else 1 - observed / expected


def krippendorff_alpha(metric):
    """Krippendorff 2011: coincidences of all units with two or more votes."""
    o = [[0.0] * q for _ in range(q)]
    for v in votes.values():
        c = counts(v.values())
        m = sum(c)
        if m < 2:
            continue
        for k in range(q):
            for l in range(q):
                o[k][l] += c[k] * (c[l] - (k == l)) / (m - 1)
    margin = [sum(row) for row in o]
    total = sum(margin)
    if total == 0:
        return None

    def gap(k, l):
        k, l = min(k, l), max(k, l)
        if metric == "nominal":
            return 1.0
        if metric == "interval":
            return float(scale[l] - scale[k])
        return sum(margin[k : l + 1]) - (margin[k] + margin[l]) / 2

    cells = [(k, l) for k in range(q) for l in range(q) if k != l]
    observed = sum(o[k][l] * gap(k, l) ** 2 for k, l in cells)
    expected = sum(margin[k] * margin[l] * gap(k, l) ** 2 for k, l in cells)
    return None if expected == 0 else 1 - (total - 1) * observed / expected


def gwet_ac1():
    """Gwet 2008: every subject with a vote."""
    rows = [counts(v.values()) for v in votes.values() if v]
    paired = [c for c in rows if sum(c) > 1]
    if not paired:
        return None
    observed = sum(sum(x * (x - 1) for x in c) / (sum(c) * (sum(c) - 1)) for c in paired) / len(paired)
    shares = [sum(c[k] / sum(c) for c in rows) / len(rows) for k in range(q)]
    chance = sum(s * (1 - s) for s in shares) / (q - 1)
    return (observed - chance) / (1 - chance)


def compute(row):
    name, part, weights = row["statistic"], row["part"], row["weights"]
    if name == "rescan_disagreement":
        if part == "all":
            return rescan_disagreement(votes, readers)
        if part in site_of.values():
            return rescan_disagreement([s for s in votes if site_of[s] == part], readers)
        return rescan_disagreement(votes, part.split("-"))
    if name == "cohen_kappa":
        return cohen_kappa(*part.split("-"), weights)
    if name == "krippendorff_alpha":
        return krippendorff_alpha(weights)
    return {
        "full_agreement": full_agreement,
        "agreeing_pairs": agreeing_pairs,
        "fleiss_kappa": fleiss_kappa,
        "conger_kappa": conger_kappa,
        "gwet_ac1": gwet_ac1,
    }[name]()


def text(value):
    return "not defined" if value is None else f"{value:.6f}"


worst = 0.0


def compare(name, part, how, here, program):
    """Prints a figure beside the program's ("": not defined), and keeps how far apart they are at most."""
    global worst
    program = None if program == "" else float(program)
    if (here is None) != (program is None):
        worst = float("inf")
    elif here is not None:
        worst = max(worst, abs(here - program))
    print(f"{name:<22}{part:<12}{how:<11}{text(here):>14}{text(program):>14}")


print(f"{'statistic':<22}{'part':<12}{'weights':<11}{'here':>14}{'program':>14}")
for row in read("figures.csv"):
    compare(row["statistic"], row["part"], row["weights"], compute(row), row["value"])

${classesPy}
print(f"largest difference: {worst:.3g}")
sys.exit(0 if worst < 1e-9 else 1)
`
