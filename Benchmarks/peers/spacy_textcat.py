"""spaCy's text categoriser on a bag of words.

    python spacy_textcat.py train LINES LABELS FOLDER
    python spacy_textcat.py predict FOLDER < LINES            a label a line
"""
import random
import sys

import spacy
from spacy.training import Example

EPOCHS = 5
BATCH = 256


def train(lines, labels, folder):
    texts = open(lines, encoding="utf-8", newline="\n").read().splitlines()
    own = open(labels, encoding="utf-8").read().split()
    names = sorted(set(own))
    pipeline = spacy.blank("en")
    model = {"@architectures": "spacy.TextCatBOW.v3", "exclusive_classes": True, "ngram_size": 1, "no_output_layer": False,
             "length": 262144}
    pipeline.add_pipe("textcat", config={"model": model})
    examples = [
        Example.from_dict(pipeline.make_doc(text), {"cats": {name: float(name == label) for name in names}})
        for text, label in zip(texts, own)
    ]
    optimizer = pipeline.initialize(lambda: examples)
    generator = random.Random(0)
    for _ in range(EPOCHS):
        generator.shuffle(examples)
        for start in range(0, len(examples), BATCH):
            pipeline.update(examples[start : start + BATCH], sgd=optimizer)
    pipeline.to_disk(folder)


def predict(folder):
    pipeline = spacy.load(folder)
    texts = (line.rstrip("\n") for line in open(0, encoding="utf-8", newline="\n"))
    for document in pipeline.pipe(texts, batch_size=BATCH):
        print(max(document.cats, key=document.cats.get))


if __name__ == "__main__":
    {"train": train, "predict": predict}[sys.argv[1]](*sys.argv[2:])
