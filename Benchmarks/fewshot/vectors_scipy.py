#!/usr/bin/env python3
"""The steps of `sectorkit vectors fit` in scikit-learn and SciPy, timed: words, co-occurrence, PPMI, truncated SVD.

   Benchmarks/fewshot/vectors_scipy.py ARCHIVE.jsonl [--window 50] [--rank 300]

Co-occurrence is a sum of sparse products, one a distance, which is how it is done without compiled code of one's own: the words in a row,
as rows of a matrix of one element each, shifted against each other. Prints seconds of each step, wall and processor, and the peak of memory.
OPENBLAS_NUM_THREADS=1 keeps NumPy's decomposition on one thread.
"""
import argparse, json, resource, time

import numpy as np
import scipy, scipy.sparse as sp
import sklearn
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.utils.extmath import randomized_svd

parser = argparse.ArgumentParser()
parser.add_argument("archive")
parser.add_argument("--window", type=int, default=50)
parser.add_argument("--rank", type=int, default=300)
parser.add_argument("--minimum", type=int, default=3)
arguments = parser.parse_args()
start = last = time.time()
cpu = 0.0


def step(name):
    global last, cpu
    print(f"{name}: {time.time() - last:.1f} s ({time.process_time() - cpu:.1f} s of processor), peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9:.2f} GB", flush=True)
    last, cpu = time.time(), time.process_time()


articles = [json.loads(line) for line in open(arguments.archive)]
texts = [(a.get("title") or "") + "\n" + (a.get("text") or "") for a in articles]
del articles
step("read")
vectorizer = CountVectorizer(stop_words="english", min_df=arguments.minimum, max_features=60000)
vectorizer.fit(texts)
analyze, vocabulary = vectorizer.build_analyzer(), vectorizer.vocabulary_
parts = []
gap = np.full(arguments.window, -1, dtype=np.int32)
for text in texts:
    parts += [np.array([vocabulary[w] for w in analyze(text) if w in vocabulary], dtype=np.int32), gap]
words = np.concatenate(parts)
del parts, texts
count = len(vocabulary)
step(f"words ({count} words, {np.sum(words >= 0)} occurrences)")
counts = sp.csr_matrix((count, count), dtype=np.float32)
for distance in range(1, arguments.window + 1):
    left, right = words[:-distance], words[distance:]
    kept = (left >= 0) & (right >= 0)
    weight = np.float32((arguments.window + 1 - distance) / arguments.window)
    counts = counts + sp.coo_matrix(
        (np.full(int(kept.sum()), weight, dtype=np.float32), (left[kept], right[kept])), shape=(count, count)).tocsr()
counts = (counts + counts.T).tocsr()
step(f"co-occurrence ({counts.nnz} cells)")
sums = np.asarray(counts.sum(axis=1)).ravel()
shares = np.asarray(counts.sum(axis=0)).ravel() ** 0.75
shares /= shares.sum()
rows = np.repeat(np.arange(count, dtype=np.int32), np.diff(counts.indptr))
counts.data = np.log(counts.data / (sums[rows] * shares[counts.indices]).astype(np.float32))
del rows
counts.data[counts.data < 0] = 0
counts.eliminate_zeros()
step(f"PPMI ({counts.nnz} cells)")
u, s, _ = randomized_svd(counts, n_components=arguments.rank, n_iter=2, power_iteration_normalizer="QR", random_state=0)
step("decomposition")
print(f"in all {time.time() - start:.1f} s ({time.process_time():.1f} s of processor); NumPy {np.__version__}, SciPy {scipy.__version__}, scikit-learn {sklearn.__version__}")
