#!/usr/bin/env python3
"""scikit-learn's complement naive Bayes on TF-IDF, as a SectorKit plugin."""
import peer
import sklearn_peer


def make(parameters, seed):
    from sklearn.naive_bayes import ComplementNB

    return ComplementNB(alpha=parameters["alpha"])


peer.serve(sklearn_peer.LinearPeer(
    "sklearn-complement-nb", "scikit-learn: complement naive Bayes (Rennie et al. 2003) on TF-IDF", "probabilities",
    [peer.number("alpha", 0.1, 1e-4, 100, "added to every count")], make))
