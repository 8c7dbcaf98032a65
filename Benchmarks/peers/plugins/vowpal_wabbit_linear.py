#!/usr/bin/env python3
"""Vowpal Wabbit's logistic regression by online learning, as a SectorKit plugin.

--oaa for one label, --multilabel_oaa for several, and a model a label where some are unjudged.
"""
import os
import random
import re
import tempfile

import peer


def example(text):
    return "|w " + " ".join(re.findall(r"\w+", text.lower()))


class Regressor:
    """A workspace that can be pickled: its learnt weights are bytes."""

    def __init__(self, options, prediction=""):
        self.options = options
        # What a model file does not remember.
        self.prediction = prediction
        self.weights = None
        self.workspace = None

    def __getstate__(self):
        return {"options": self.options, "prediction": self.prediction, "weights": self.weights, "workspace": None}

    def fit(self, lines, passes, seed):
        from vowpalwabbit import Workspace

        order = list(range(len(lines)))
        generator = random.Random(seed)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "model")
            workspace = Workspace(f"{self.options} {self.prediction} --quiet -f {path}", enable_logging=False)
            for _ in range(passes):
                generator.shuffle(order)
                for place in order:
                    workspace.learn(lines[place])
            workspace.finish()
            with open(path, "rb") as file:
                self.weights = file.read()
        return self

    def predict(self, line):
        from vowpalwabbit import Workspace

        if self.workspace is None:
            with tempfile.NamedTemporaryFile() as file:
                file.write(self.weights)
                file.flush()
                self.workspace = Workspace(f"{self.prediction} --quiet -t -i {file.name}", enable_logging=False)
        return self.workspace.predict(line)


class VowpalWabbit:
    greeting = peer.greeting(
        "vowpal-wabbit", "vowpalwabbit", "Vowpal Wabbit: logistic regression by online learning on hashed words and pairs",
        "probabilities",
        [peer.integer("passes", 10, 1, 1000, "passes over the articles"),
         peer.number("learningRate", 0.5, 1e-3, 10, "the learning rate"),
         peer.integer("bits", 24, 10, 28, "logarithm of the number of weights, which all labels share"),
         peer.integer("longestNgram", 2, 1, 5, "words that a term may have")])

    def fit(self, articles, request):
        parameters, label_count = request["parameters"], len(request["labels"])
        common = f"-b {parameters['bits']} -l {parameters['learningRate']} --loss_function logistic"
        if parameters["longestNgram"] > 1:
            common += f" --ngram w{parameters['longestNgram']}"
        texts = [example(article.text) for article in articles]
        passes, seed = parameters["passes"], request["seed"]
        if request["task"] == "single":
            lines = [f"{article.labels[0] + 1} {text}" for article, text in zip(articles, texts)]
            return label_count, "one of them", Regressor(f"{common} --oaa {label_count}", "--probabilities").fit(lines, passes, seed)
        if not any(article.unjudged for article in articles):
            # Reads each article once for all labels.
            lines = [f"{','.join(map(str, sorted(article.labels)))} {text}" for article, text in zip(articles, texts)]
            one = Regressor(f"{common} --multilabel_oaa {label_count}", "--probabilities")
            return label_count, "all of them", one.fit(lines, passes, seed)
        models = []
        for label in range(label_count):
            lines = [f"{1 if label in article.labels else -1} {text}" for article, text in zip(articles, texts)
                     if label not in article.unjudged]
            models.append(Regressor(f"{common} --link logistic").fit(lines, passes, seed))
        return label_count, "each by itself", models

    def rows(self, model, texts):
        count, kind, learnt = model
        rows = []
        for text in texts:
            line = example(text)
            if kind == "each by itself":
                rows.append([one.predict(line) for one in learnt])
                continue
            # Of an example that was used before, the workspace leaves what it predicted then in front.
            row = list(learnt.predict(line))[-count:]
            total = (sum(row) or 1) if kind == "one of them" else 1
            rows.append([value / total for value in row])
        return rows


peer.serve(VowpalWabbit())
