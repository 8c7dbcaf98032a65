"""TF-IDF and logistic regression of scikit-learn on the files SectorKit reads: train, save, predict, report.

    python scikit_learn.py train TRAIN.jsonl MODEL.pickle [C]
    python scikit_learn.py evaluate MODEL.pickle TEST.jsonl
"""
import json
import pickle
import sys


def read(path):
    texts, labels = [], []
    with open(path, encoding="utf-8") as file:
        for line in file:
            article = json.loads(line)
            texts.append(article.get("title", "") + "\n" + article["text"])
            labels.append(article["labels"])
    return texts, labels


def train(path, model, c):
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.preprocessing import MultiLabelBinarizer

    texts, labels = read(path)
    is_multi = any(len(own) != 1 for own in labels)
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, token_pattern=r"(?u)\b\w+\b")
    rows = vectorizer.fit_transform(texts)
    if is_multi:
        binarizer = MultiLabelBinarizer()
        targets = binarizer.fit_transform(labels)
        classifier = OneVsRestClassifier(LogisticRegression(C=c, max_iter=1000), n_jobs=2)
    else:
        binarizer = None
        targets = [own[0] for own in labels]
        classifier = LogisticRegression(C=c, max_iter=1000)
    classifier.fit(rows, targets)
    with open(model, "wb") as file:
        pickle.dump((vectorizer, binarizer, classifier), file)


def evaluate(model, path):
    from sklearn.metrics import accuracy_score, f1_score

    with open(model, "rb") as file:
        vectorizer, binarizer, classifier = pickle.load(file)
    texts, labels = read(path)
    predicted = classifier.predict(vectorizer.transform(texts))
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


if __name__ == "__main__":
    if sys.argv[1] == "train":
        train(sys.argv[2], sys.argv[3], float(sys.argv[4]) if len(sys.argv) > 4 else 1.0)
    else:
        evaluate(sys.argv[2], sys.argv[3])
