"""Results as Markdown: the environment, the goals, and a table a measurement."""
import statistics

# The model as it was trained, and the same in a quarter of its size.
KINDS = ("SectorKit", "SectorKit compressed")
# Measurement, SectorKit's row, the peer's row, what is compared, and how many times better SectorKit is to be.
GOALS = [
    ("vectorise", "SectorKit, 1 thread", "scikit-learn", "seconds", 25),
    ("vectorise", "SectorKit, 2 threads", "scikit-learn", "seconds", 45),
    ("logistic regression, multinomial", "SectorKit, 1 thread", "scikit-learn saga, float64", "seconds", 15),
    ("logistic regression, one-vs-rest", "SectorKit, 1 thread", "LIBLINEAR -s 7", "seconds", 4),
    ("train", "SectorKit, 2 threads", "Vowpal Wabbit", "seconds", 1.5),
    ("train", "SectorKit, 2 threads", "fastText, 2 threads", "seconds", 4),
    ("train", "SectorKit, 2 threads", "fastText pairs, 2 threads", "seconds", 4),
    *(("predict", f"{kind}, {threads}", peer, "seconds", least)
      for kind in KINDS
      for threads, peer, least in (
          ("1 thread", "fastText", 10), ("1 thread", "fastText pairs", 10), ("2 threads", "fastText", 18),
          ("2 threads", "fastText pairs", 18), ("2 threads", "Vowpal Wabbit", 6), ("1 thread", "scikit-learn saga", 60))),
    *(("predict", f"{kind} JSONL, {threads}", peer, "seconds", 5)
      for kind in KINDS for threads in ("1 thread", "2 threads") for peer in ("fastText", "fastText pairs")),
    ("first answer", "SectorKit", "fastText", "seconds", 7),
    ("first answer", "SectorKit", "fastText pairs", "seconds", 7),
    ("first answer", "SectorKit, static", "fastText", "seconds", 10),
    ("first answer", "SectorKit, static", "fastText pairs", "seconds", 10),
    *(("predict", f"{kind}, 2 threads", "Vowpal Wabbit", "peak", 2)
      for kind in ("SectorKit", "SectorKit static", "SectorKit compressed", "SectorKit compressed static")),
    ("train", "SectorKit, 2 threads", "scikit-learn saga", "peak", 3),
]
# The most milliseconds.
TIMES = [("SectorKit, static", 6), ("SectorKit", 10)]
OPENING = 1


def ratio(row, baseline, field="seconds"):
    """How often the baseline's figure goes into the row's: the median over the rounds with its range."""
    ratios = [own / base for own, base in zip(row[field], baseline[field])]
    return statistics.median(ratios), min(ratios), max(ratios)


def row(table, program):
    return next((row for row in table["rows"] if row["program"] == program), None)


def markdown(results):
    lines = ["# Results", "", f"`Benchmarks/run`, {results['settings']['repeat']} rounds. Medians, with the range in brackets; "
             "× is how many times longer than SectorKit. How to read them: [README.md](README.md).", ""]
    if results["settings"]["limit"]:
        lines += [f"**A trial on at most {results['settings']['limit']} articles of each part: no measurement.**", ""]
    lines += ["| | |", "| --- | --- |"] + [f"| {name} | {value} |" for name, value in results["environment"].items()] + [""]
    lines += ["## Goals", ""] + goals(results["tables"]) + [""]
    for table in results["tables"]:
        lines += [f"## {table['title'].capitalize()}: {table['set']}", ""] + measurement(table) + [""]
    return "\n".join(lines).rstrip() + "\n"


def goals(tables):
    lines = ["| measurement | set | against | at least | measured | reached |", "| --- | --- | --- | --- | --- | --- |"]

    def add(measurement, name, against, wanted, measured, reached):
        lines.append(f"| {measurement} | {name} | {against} | {wanted} | {measured} | {'yes' if reached else 'no'} |")

    for title, program, peer, field, least in GOALS:
        for table in (table for table in tables if table["title"] == title):
            own, other = row(table, program), row(table, peer)
            if own and other:
                median, low, high = ratio(other, own, field)
                what = f"{title}, {'memory' if field == 'peak' else 'time'}, {program}"
                add(what, table["set"], peer, f"{least} ×", f"{median:.1f} × ({low:.1f}–{high:.1f})", median >= least)
    for table in tables:
        if table["title"] == "first answer":
            add("open a model", table["set"], "", f"at most {OPENING} ms", f"{table['open']:.2f} ms", table["open"] <= OPENING)
            for program, most in TIMES:
                if own := row(table, program):
                    milliseconds = statistics.median(own["seconds"]) * 1e3
                    add(f"first answer, {program}", table["set"], "", f"at most {most} ms", f"{milliseconds:.1f} ms", milliseconds <= most)
        if table["title"] == "train":
            peers = [row for row in table["rows"] if not row["program"].startswith("SectorKit")]
            if peers:
                own = row(table, "SectorKit, 2 threads")["accuracy"]
                best = max(peers, key=lambda row: row["accuracy"])
                add("accuracy", table["set"], best["program"], f"{best['accuracy']:.4f}", f"{own:.4f}", own >= best["accuracy"])
    return lines


def measurement(table):
    details = [name for name in ("accuracy", "features", "transform s", "setting", "above optimum")
               if any(name in row for row in table["rows"])]
    header = ["program", *details, "s", "CPU s", "peak MB", *(f"× {name.removeprefix('SectorKit, ')}" for name in table["baselines"])]
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    for own in table["rows"]:
        cells = [own["program"]] + [cell(name, own.get(name)) for name in details]
        cells.append(f"{digits(statistics.median(own['seconds']))} ({digits(min(own['seconds']))}–{digits(max(own['seconds']))})")
        cells += [digits(statistics.median(own["cpu"])), f"{statistics.median(own['peak']):.0f}"]
        for name in table["baselines"]:
            median, low, high = ratio(own, row(table, name))
            cells.append(f"{median:.2f} ({low:.2f}–{high:.2f})")
        lines.append("| " + " | ".join(cells) + " |")
    if "note" in table:
        lines += ["", table["note"]]
    return lines


def cell(name, value):
    if value is None:
        return ""
    return {"accuracy": "{:.4f}", "features": "{:,}", "transform s": "{:.3f}"}.get(name, "{}").format(value)


def digits(seconds):
    return f"{seconds:.4f}" if seconds < 0.1 else f"{seconds:.3f}" if seconds < 10 else f"{seconds:.1f}"
