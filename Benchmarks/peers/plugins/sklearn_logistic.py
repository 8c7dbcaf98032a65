#!/usr/bin/env python3
"""scikit-learn's logistic regression (lbfgs) on TF-IDF, as a SectorKit plugin."""
import peer
import sklearn_peer


def make(parameters, seed):
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=parameters["C"], max_iter=1000, random_state=seed)


peer.serve(sklearn_peer.LinearPeer(
    "sklearn-logistic", "scikit-learn: logistic regression (lbfgs) on TF-IDF", "probabilities",
    [peer.number("C", 10, 1e-4, 1e4, "inverse of the regularisation")], make))
