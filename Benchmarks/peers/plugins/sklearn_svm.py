#!/usr/bin/env python3
"""scikit-learn's linear support vector machine on TF-IDF, as a SectorKit plugin."""
import peer
import sklearn_peer


def make(parameters, seed):
    from sklearn.svm import LinearSVC

    return LinearSVC(C=parameters["C"], random_state=seed)


peer.serve(sklearn_peer.LinearPeer(
    "sklearn-svm", "scikit-learn: linear support vector machine (squared hinge loss) on TF-IDF", "scores",
    [peer.number("C", 1, 1e-4, 1e4, "inverse of the regularisation")], make))
