"""LIBLINEAR's dual logistic regression, one problem a class (-s 7): the time of its training alone, and the objective.

    python liblinear_logistic.py ROWS.svmlight C TOLERANCE
"""
import json
import sys
import time

import numpy
import scipy.sparse
from liblinear.liblinear import liblinear, parameter, problem, toPyModel
from sklearn.datasets import load_svmlight_file

path, c, tolerance = sys.argv[1], float(sys.argv[2]), sys.argv[3]
rows, classes = load_svmlight_file(path)
given = problem(classes, scipy.sparse.csr_matrix(rows))
options = parameter(f"-s 7 -c {c} -e {tolerance} -q")
start = time.perf_counter()
model = liblinear.train(given, options)
seconds = time.perf_counter() - start

model = toPyModel(model)
labels = numpy.array(model.get_labels())[: None if model.nr_class > 2 else 1]
weights = numpy.ctypeslib.as_array(model.w, (rows.shape[1], len(labels)))
margins = numpy.where(classes[:, None] == labels, 1, -1) * (rows @ weights)
print(json.dumps({"seconds": seconds, "objective": 0.5 * (weights**2).sum() + c * numpy.logaddexp(0, -margins).sum()}))
