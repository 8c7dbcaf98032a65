"""Times scikit-learn's NMF (nndsvda; cd, or mu for Kullback-Leibler) on a matrix written by Benchmarks/topics; prints one JSON object."""
import argparse
import json
import time
import warnings

import numpy as np
import scipy.sparse as sparse
import sklearn
from sklearn.decomposition import NMF

parser = argparse.ArgumentParser()
parser.add_argument("stem")
parser.add_argument("--topics", type=int, required=True)
parser.add_argument("--precision", default="double")
parser.add_argument("--iterations", type=int, default=200)
parser.add_argument("--loss", default="frobenius")
parser.add_argument("--seed", type=int, default=0)
arguments = parser.parse_args()
warnings.simplefilter("ignore")
kind = np.float32 if arguments.precision == "single" else np.float64
pointers = np.fromfile(arguments.stem + ".ptr", dtype=np.int64)
indices = np.fromfile(arguments.stem + ".idx", dtype=np.int32)
values = np.fromfile(arguments.stem + ".val", dtype=np.float64)
x = sparse.csr_matrix((values.astype(kind), indices, pointers.astype(np.int32)))
start, processor = time.perf_counter(), time.process_time()
model = NMF(arguments.topics, init="nndsvda", random_state=arguments.seed, max_iter=arguments.iterations, beta_loss=arguments.loss,
            solver="cd" if arguments.loss == "frobenius" else "mu")
w = model.fit_transform(x)
seconds, processor = time.perf_counter() - start, time.process_time() - processor
error = float(model.reconstruction_err_)
if arguments.loss == "frobenius":
    # In single precision the reported error is rounded more than the last iterations change it.
    w, h = w.astype(np.float64), model.components_.astype(np.float64)
    exact = sparse.csr_matrix((values, indices, pointers.astype(np.int32)))
    square = (values**2).sum() - 2 * ((exact @ h.T) * w).sum() + ((w.T @ w) * (h @ h.T)).sum()
    error = float(np.sqrt(square))
print(json.dumps({"seconds": seconds, "processorSeconds": processor, "error": error, "iterations": int(model.n_iter_),
                  "version": sklearn.__version__}))
