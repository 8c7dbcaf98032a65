#!/usr/bin/env python3
"""spaCy's text categoriser on a bag of words, as a SectorKit plugin."""
import random

import peer

# Articles an update while learning, and a batch while predicting.
UPDATE, BATCH = 32, 256


class TextCategorizer:
    greeting = peer.greeting(
        "spacy-bow", "spacy", "spaCy: text categoriser on a bag of words (TextCatBOW)", "probabilities",
        [peer.integer("epochs", 10, 1, 1000, "passes over the articles"),
         peer.integer("longestNgram", 1, 1, 3, "words that a term may have")])

    def fit(self, articles, request):
        import spacy
        from spacy.training import Example
        from spacy.util import fix_random_seed

        fix_random_seed(request["seed"] % 2**32)
        is_multi = request["task"] == "multi"
        names = [str(label) for label in range(len(request["labels"]))]
        pipeline = spacy.blank("en")
        pipeline.max_length = 10**9
        settings = {"@architectures": "spacy.TextCatBOW.v3", "exclusive_classes": not is_multi,
                    "ngram_size": request["parameters"]["longestNgram"], "no_output_layer": False, "length": 262144}
        pipe = "textcat_multilabel" if is_multi else "textcat"
        pipeline.add_pipe(pipe, config={"model": settings})
        examples = [
            Example.from_dict(pipeline.make_doc(article.text), {"cats": {
                name: float(label in article.labels) for label, name in enumerate(names) if label not in article.unjudged}})
            for article in articles]
        # Every label has to be seen once for the model to be made.
        everything = Example.from_dict(pipeline.make_doc("all labels"), {"cats": {name: 0.0 for name in names}})
        optimizer = pipeline.initialize(lambda: [everything, *examples[:100]])
        generator = random.Random(request["seed"])
        epochs = request["parameters"]["epochs"]
        for epoch in range(epochs):
            generator.shuffle(examples)
            for start in range(0, len(examples), UPDATE):
                pipeline.update(examples[start:start + UPDATE], sgd=optimizer)
            peer.say(type="progress", done=epoch + 1, total=epochs)
        return is_multi, len(names), pipeline.to_bytes(), pipeline.config.to_bytes()

    def __init__(self):
        self.loaded = None

    def rows(self, model, texts):
        import spacy

        is_multi, label_count, state, configuration = model
        if self.loaded is None or self.loaded[0] is not model:
            pipeline = spacy.util.load_model_from_config(spacy.util.Config().from_bytes(configuration), auto_fill=True)
            self.loaded = (model, pipeline.from_bytes(state))
        rows = []
        for document in self.loaded[1].pipe(texts, batch_size=BATCH):
            row = [min(1.0, max(0.0, document.cats[str(label)])) for label in range(label_count)]
            total = 1 if is_multi else sum(row) or 1
            rows.append([value / total for value in row])
        return rows


peer.serve(TextCategorizer())
