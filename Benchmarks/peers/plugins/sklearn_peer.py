"""A linear classifier of scikit-learn behind its TF-IDF: what sklearn_logistic, sklearn_svm and sklearn_complement_nb differ in is the
classifier alone.
"""
import peer


class LinearPeer:
    def __init__(self, name, summary, output, parameters, make):
        self.make = make
        self.output = output
        self.greeting = peer.greeting(
            name, "scikit-learn", summary, output,
            [*parameters,
             peer.integer("minimumDocumentFrequency", 2, 1, 1000, "articles that a term must occur in"),
             peer.integer("longestNgram", 2, 1, 3, "words that a term may have")])

    def vectorizer(self, parameters):
        from sklearn.feature_extraction.text import TfidfVectorizer

        return TfidfVectorizer(
            ngram_range=(1, parameters["longestNgram"]), min_df=parameters["minimumDocumentFrequency"], sublinear_tf=True,
            token_pattern=r"(?u)\b\w+\b")

    def fit(self, articles, request):
        parameters, label_count = request["parameters"], len(request["labels"])
        vectorizer = self.vectorizer(parameters)
        rows = vectorizer.fit_transform([article.text for article in articles])
        make = lambda: self.make(parameters, request["seed"] % 2**32)
        if request["task"] == "multi":
            return vectorizer, peer.OneAgainstRest(make, rows, articles, label_count), label_count
        return vectorizer, make().fit(rows, peer.classes(articles)), label_count

    def rows(self, model, texts):
        import numpy

        vectorizer, classifier, label_count = model
        rows = vectorizer.transform(texts)
        if isinstance(classifier, peer.OneAgainstRest):
            if self.output == "probabilities":
                return classifier.columns(lambda one: one.predict_proba(rows)[:, 1], lambda share: share)
            return classifier.columns(lambda one: one.decision_function(rows), lambda share: 10 if share else -10)
        if self.output == "probabilities":
            return peer.spread(classifier.predict_proba(rows), classifier.classes_, label_count, 0)
        scores = classifier.decision_function(rows)
        if scores.ndim == 1:
            scores = numpy.column_stack([-scores, scores])
        return peer.spread(scores, classifier.classes_, label_count, -10)
