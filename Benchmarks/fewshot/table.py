#!/usr/bin/env python3
"""Tables of README.md from a journal of draws: means ± standard deviations in per cent, and the difference to training without.

   Benchmarks/fewshot/table.py JOURNAL
"""
import collections, json, math, sys

TITLES = {"bbc-news": "BBC", "reuters-r8": "R8, macro-F1", "ag-news": "AG News", "20newsgroups": "20 Newsgroups",
          "reuters-modapte": "Reuters top ten, micro-F1", "sectors": "sectors, micro-F1"}
figures = collections.defaultdict(dict)
for line in open(sys.argv[1]):
    row = json.loads(line)
    figures[row["set"], row["name"], row["shots"]][row["draw"]] = row["figures"]


def spread(values):
    mean = sum(values) / len(values)
    deviation = math.sqrt(sum((v - mean) ** 2 for v in values) / len(values))
    return f"{100 * mean:.1f} ± {100 * deviation:.1f}"


def table(sets, position, suffix=""):
    shots = sorted({s for (name, _, s) in figures if name in sets})
    print("| set | draws | | " + " | ".join(map(str, shots)) + " |")
    print("| --- | --- | --- |" + " --- |" * len(shots))
    for name in sets:
        arms = [a for a in ["without", "vectors", "mixture", "gated", "kept"] if any((name, a, s) in figures for s in shots)]
        draws = {len(figures[name, "kept", s]) for s in shots if (name, "kept", s) in figures}
        for arm in arms + ["*kept less without*"]:
            cells = []
            for s in shots:
                if (name, arms[0], s) not in figures:
                    cells.append(".")
                elif arm in arms:
                    cells.append(spread([f[position] for f in figures[name, arm, s].values()]))
                else:
                    kept, without = figures[name, "kept", s], figures[name, "without", s]
                    differences = [kept[d][position] - without[d][position] for d in kept]
                    mean = sum(differences) / len(differences)
                    error = math.sqrt(sum((x - mean) ** 2 for x in differences) / max(1, len(differences) - 1) / len(differences))
                    cells.append(f"{100 * mean:+.1f} (s.e. {100 * error:.1f})")
            first = arm == arms[0]
            print(f"| {TITLES.get(name, name) + suffix if first else ''} | {'/'.join(map(str, sorted(draws))) if first else ''} | {arm} | "
                  + " | ".join(cells) + " |")
    print()


single = [s for s in ["20newsgroups", "bbc-news", "reuters-r8", "ag-news"] if any(k[0] == s for k in figures)]
if single:
    table(single, 0)
for multi in ["reuters-modapte", "sectors"]:
    if any(k[0] == multi for k in figures):
        table([multi], 0)
        table([multi], 1, ": macro-F1")
