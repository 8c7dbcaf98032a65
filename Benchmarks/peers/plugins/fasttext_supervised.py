#!/usr/bin/env python3
"""fastText's supervised classifier (Joulin et al. 2016), the command line program, as a SectorKit plugin.

The program runs once for training, and stays to predict line by line. With several threads it gives another model every time: it is
given one unless `threads` asks for more.
"""
import pathlib
import re
import subprocess
import tempfile

import peer

PROGRAM = peer.VENV / "bin/fasttext"


def line(text):
    """Words as fastText separates them: lower case, by spaces; nothing that looks like a label."""
    return " ".join(re.findall(r"\w+", text.lower())).replace("__label__", "label")


class FastText:
    def __init__(self):
        if not PROGRAM.exists():
            peer.say(type="error", message="fastText is not installed: run Benchmarks/install-peers")
            raise SystemExit(1)
        self.greeting = {
            "name": "fasttext", "version": f"{(peer.VENV / 'fasttext-version').read_text().strip()}+{peer.sources()}", "output": "probabilities",
            "summary": "fastText: supervised classifier on words and pairs of words", "tasks": ["single", "multi"],
            "parameters": [
                peer.number("learningRate", 0.5, 1e-3, 10, "the learning rate"),
                peer.integer("epochs", 25, 1, 1000, "passes over the articles"),
                peer.integer("dimensions", 100, 1, 1000, "numbers a vector"),
                peer.integer("longestNgram", 2, 1, 5, "words that a term may have"),
                peer.integer("buckets", 200_000, 1000, 10_000_000, "places for terms of several words"),
                peer.integer("threads", 1, 1, 64, "threads; more than one, and no two trainings are alike"),
            ]}
        # What the last model is served from; kept open, since starting it anew reads the model again.
        self.served = None

    def fit(self, articles, request):
        parameters = request["parameters"]
        is_multi = request["task"] == "multi"
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            with open(folder / "train", "w", encoding="utf-8") as file:
                for article in articles:
                    if is_multi and article.unjudged:
                        # fastText cannot leave a single label out: it would take it for absent.
                        continue
                    labels = " ".join(f"__label__{label}" for label in article.labels)
                    # An article without a label is one that every label is absent from.
                    file.write(f"{labels or '__label__none'} {line(article.text)}\n")
            command = [PROGRAM, "supervised", "-input", folder / "train", "-output", folder / "model",
                       "-lr", parameters["learningRate"], "-epoch", parameters["epochs"], "-dim", parameters["dimensions"],
                       "-wordNgrams", parameters["longestNgram"], "-bucket", parameters["buckets"],
                       "-thread", parameters["threads"], "-minCount", 2, "-verbose", 0, "-seed", request["seed"] % 2**31,
                       "-loss", "ova" if is_multi else "softmax"]
            done = subprocess.run([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            if done.returncode != 0:
                raise RuntimeError("fasttext failed: " + done.stderr.decode(errors="replace")[-300:].strip())
            return len(request["labels"]), is_multi, (folder / "model.bin").read_bytes()

    def server(self, model):
        if self.served is None or self.served[0] is not model:
            if self.served is not None:
                self.served[1].stdin.close()
                self.served[1].wait()
            with tempfile.NamedTemporaryFile(suffix=".bin") as file:
                file.write(model[2])
                file.flush()
                program = subprocess.Popen(
                    [PROGRAM, "predict-prob", file.name, "-", "-1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                    encoding="utf-8")
                self.served = (model, program)
                # The file may go once the program has read it, which its first answer shows.
                self.ask(["ready"])
        return self.served[1]

    def ask(self, lines):
        program = self.served[1]
        answers = []
        for text in lines:
            # One by one: the program answers before it reads on.
            program.stdin.write(text + "\n")
            program.stdin.flush()
            answer = program.stdout.readline()
            if not answer:
                raise RuntimeError("fasttext ended while it predicted")
            answers.append(answer.split())
        return answers

    def rows(self, model, texts):
        self.server(model)
        label_count, is_multi, _ = model
        rows = []
        for answer in self.ask([line(text) or "." for text in texts]):
            row = [0.0] * label_count
            for name, probability in zip(answer[::2], answer[1::2]):
                name = name.removeprefix("__label__")
                if name != "none":
                    row[int(name)] = min(1.0, max(0.0, float(probability)))
            if not is_multi:
                # Its table of logarithms makes them sum to a little more or less than 1.
                total = sum(row) or 1
                row = [value / total for value in row]
            rows.append(row)
        return rows


peer.serve(FastText())
