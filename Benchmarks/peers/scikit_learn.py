"""TF-IDF and linear classifiers of scikit-learn on the files SectorKit reads.

    python scikit_learn.py train TRAIN.jsonl MODEL.pickle [C] [--classifier lbfgs|saga|linear-svc]
    python scikit_learn.py evaluate MODEL.pickle TEST.jsonl
    python scikit_learn.py predict MODEL.pickle < LINES            a label a line
    python scikit_learn.py vectorise LINES                         seconds of fit_transform and of transform, within the process
    python scikit_learn.py logistic ROWS.svmlight C EPOCHS [TYPE]  seconds of saga, and the objective; TYPE is float64 or float32
"""
import argparse
import json
import pickle
import sys
import time

BLOCK = 1000


def vectorizer():
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, token_pattern=r"(?u)\b\w+\b")


def read(path):
    texts, labels = [], []
    with open(path, encoding="utf-8") as file:
        for line in file:
            article = json.loads(line)
            texts.append(article.get("title", "") + "\n" + article["text"])
            labels.append(article["labels"])
    return texts, labels


def train(path, model, c, classifier):
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.preprocessing import MultiLabelBinarizer
    from sklearn.svm import LinearSVC

    texts, labels = read(path)
    is_multi = any(len(own) != 1 for own in labels)
    features = vectorizer()
    rows = features.fit_transform(texts)
    estimator = {
        "lbfgs": lambda: LogisticRegression(C=c, max_iter=1000),
        "saga": lambda: LogisticRegression(C=c, max_iter=1000, solver="saga", tol=1e-3),
        "linear-svc": lambda: LinearSVC(C=c),
    }[classifier]()
    if is_multi:
        binarizer = MultiLabelBinarizer()
        targets = binarizer.fit_transform(labels)
        estimator = OneVsRestClassifier(estimator, n_jobs=2)
    else:
        binarizer = None
        targets = [own[0] for own in labels]
    estimator.fit(rows, targets)
    with open(model, "wb") as file:
        pickle.dump((features, binarizer, estimator), file)


def load(model):
    with open(model, "rb") as file:
        return pickle.load(file)


def evaluate(model, path):
    from sklearn.metrics import accuracy_score, f1_score

    features, binarizer, classifier = load(model)
    texts, labels = read(path)
    predicted = classifier.predict(features.transform(texts))
    if binarizer is None:
        truth = [own[0] for own in labels]
        figures = {"accuracy": accuracy_score(truth, predicted), "macroF1": f1_score(truth, predicted, average="macro")}
    else:
        truth = binarizer.transform(labels)
        figures = {
            "accuracy": accuracy_score(truth, predicted),
            "microF1": f1_score(truth, predicted, average="micro"),
            "macroF1": f1_score(truth, predicted, average="macro", zero_division=0),
        }
    print(json.dumps(figures))


def predict(model):
    features, _, classifier = load(model)
    block = []

    def flush():
        if block:
            sys.stdout.write("".join(label + "\n" for label in classifier.predict(features.transform(block))))
            block.clear()

    for line in open(0, encoding="utf-8", newline="\n"):
        block.append(line)
        if len(block) == BLOCK:
            flush()
    flush()


def vectorise(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        texts = list(file)
    features = vectorizer()
    start = time.perf_counter()
    rows = features.fit_transform(texts)
    middle = time.perf_counter()
    features.transform(texts)
    end = time.perf_counter()
    print(json.dumps({
        "seconds": middle - start, "transformSeconds": end - middle, "articles": rows.shape[0], "features": rows.shape[1],
        "elements": rows.nnz}))


def logistic(path, c, epochs, type):
    import warnings

    import numpy
    from scipy.special import logsumexp
    from sklearn.datasets import load_svmlight_file
    from sklearn.linear_model import LogisticRegression

    warnings.simplefilter("ignore")
    rows, classes = load_svmlight_file(path, dtype=type)
    rows.indices, rows.indptr = rows.indices.astype(numpy.int32), rows.indptr.astype(numpy.int32)
    # So many epochs and no more: a tolerance of zero is never met. The last column is the (penalised) intercept.
    solver = LogisticRegression(C=c, solver="saga", tol=0, max_iter=epochs, fit_intercept=False, random_state=0)
    start = time.perf_counter()
    solver.fit(rows, classes)
    seconds = time.perf_counter() - start
    weights = solver.coef_.astype(numpy.float64)
    if len(solver.classes_) == 2:
        # One weight vector there, two of half the size here.
        weights = numpy.vstack([-weights / 2, weights / 2])
    scores = rows.astype(numpy.float64) @ weights.T
    own = scores[numpy.arange(len(classes)), numpy.searchsorted(solver.classes_, classes)]
    print(json.dumps({
        "seconds": seconds, "objective": 0.5 * (weights**2).sum() + c * float((logsumexp(scores, axis=1) - own).sum())}))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("train")
    command.add_argument("path")
    command.add_argument("model")
    command.add_argument("c", type=float, nargs="?", default=1.0)
    command.add_argument("--classifier", default="lbfgs")
    command = commands.add_parser("evaluate")
    command.add_argument("model")
    command.add_argument("path")
    commands.add_parser("predict").add_argument("model")
    commands.add_parser("vectorise").add_argument("path")
    command = commands.add_parser("logistic")
    command.add_argument("path")
    command.add_argument("c", type=float)
    command.add_argument("epochs", type=int)
    command.add_argument("type", nargs="?", default="float64")
    arguments = vars(parser.parse_args())
    globals()[arguments.pop("command")](**arguments)


if __name__ == "__main__":
    main()
