#!/usr/bin/env python3
"""LIBLINEAR's dual logistic regression (-s 7), a problem a label, on scikit-learn's TF-IDF, as a SectorKit plugin."""
import peer
import sklearn_peer


class LIBLINEAR:
    """What the shared code asks of a classifier, from LIBLINEAR's own library."""

    def __init__(self, c):
        self.c = c

    def fit(self, rows, targets):
        import ctypes

        import numpy
        from liblinear.liblinear import liblinear, parameter, problem, toPyModel

        targets = numpy.asarray(targets)
        self.classes_ = sorted(set(targets.tolist()))
        given = problem(targets, rows.tocsr(), 1)
        # The model must live as long as it is read from.
        trained = toPyModel(liblinear.train(given, parameter(f"-s 7 -c {self.c} -B 1 -q")))
        labels = trained.get_labels()
        vectors = 1 if len(labels) == 2 else len(labels)
        weights = numpy.array(ctypes.cast(trained.w, ctypes.POINTER(ctypes.c_double * (vectors * (rows.shape[1] + 1)))).contents)
        weights = weights.reshape(rows.shape[1] + 1, vectors)
        if vectors == 1:
            weights = weights if labels[0] == self.classes_[1] else -weights
        else:
            weights = weights[:, [labels.index(own) for own in self.classes_]]
        self.weights, self.bias = weights[:-1], weights[-1]
        return self

    def predict_proba(self, rows):
        import numpy

        inside = 1 / (1 + numpy.exp(-numpy.clip(rows @ self.weights + self.bias, -500, 500)))
        if inside.shape[1] == 1:
            return numpy.hstack([1 - inside, inside])
        # As LIBLINEAR makes probabilities of several one-against-rest problems.
        return inside / inside.sum(axis=1, keepdims=True)


peer.version("liblinear-official")
peer.serve(sklearn_peer.LinearPeer(
    "liblinear-logistic", "LIBLINEAR: dual logistic regression (-s 7) on scikit-learn's TF-IDF", "probabilities",
    [peer.number("C", 10, 1e-4, 1e4, "inverse of the regularisation")], lambda parameters, seed: LIBLINEAR(parameters["C"])))
