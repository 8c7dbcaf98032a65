#!/usr/bin/env python3
"""A plugin that does one thing wrong: the one that the name of the file says, as in `faulty-nan`. `faulty-none` does nothing wrong.

It learns how often each label is given, and predicts that for every article.
"""
import base64
import json
import os
import signal
import subprocess
import sys
import time

fault = os.path.basename(sys.argv[0]).removeprefix("faulty-")


def say(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def raw(text):
    sys.stdout.write(text)
    sys.stdout.flush()


def read():
    line = sys.stdin.readline()
    if not line:
        sys.exit(0)
    return json.loads(line)


def articles():
    while (message := read())["type"] != "end":
        yield message


def hang():
    while True:
        time.sleep(3600)


def flood(stream, text):
    while True:
        stream.write(text)


def hello():
    greeting = {
        "type": "hello", "protocol": 1, "name": "faulty", "version": "0.1", "summary": "the share of each label",
        "tasks": ["single", "multi"], "output": "probabilities",
        "parameters": [
            {"name": "smoothing", "type": "number", "default": 1, "minimum": 0, "maximum": 10, "help": "added to every count"},
            {"name": "mode", "type": "choice", "default": "plain", "choices": ["plain", "other"]},
            {"name": "rounds", "type": "integer", "default": 3, "minimum": 1, "maximum": 9},
            {"name": "quick", "type": "boolean", "default": False},
        ],
    }
    match fault:
        case "greeting-silence": hang()
        case "greeting-garbage": raw("Traceback (most recent call last):\n")
        case "greeting-binary": sys.stdout.buffer.write(bytes(range(256)) + b"\n")
        case "greeting-depth": raw("[" * 1_000_000 + "\n")
        case "greeting-exit": sys.exit(3)
        case "greeting-version": greeting["protocol"] = 2
        case "greeting-name": greeting["name"] = "two words"
        case "greeting-taken": greeting["name"] = "taken"
        case "greeting-default": greeting["parameters"][0]["default"] = 11
        case "greeting-repeated": greeting["parameters"].append(greeting["parameters"][0])
        case "greeting-range": greeting["parameters"][0]["maximum"] = -1
        case "greeting-output": greeting["output"] = "labels"
        case "greeting-error": greeting = {"type": "error", "message": "the moon is not full"}
        case "scores": greeting["output"] = "scores"
        case "single-only": greeting["tasks"] = ["single"]
    say(greeting)


def fit(request):
    global model
    if fault == "fit-unread":
        hang()
    if fault == "fit-early":
        say({"type": "fitted"})
    counts, count = [0] * len(request["labels"]), 0
    for number, article in enumerate(articles()):
        count += 1
        for label in article["labels"]:
            counts[label] += 1
        if number == 2:
            if fault == "fit-exit":
                sys.exit(7)
            if fault == "fit-crash":
                os.kill(os.getpid(), signal.SIGSEGV)
    sys.stderr.write("learning from %d articles\n" % count)
    match fault:
        case "fit-hang": hang()
        case "fit-stopped": os.kill(os.getpid(), signal.SIGSTOP)
        case "fit-flood": flood(sys.stdout, '{"type":"progress","done":1,"total":2}\n' * 1000)
        case "fit-complaints": flood(sys.stderr, "oh dear\n" * 1000)
        case "fit-line": flood(sys.stdout, "x" * 10_000)
        case "fit-states": flood(sys.stdout, '{"type":"state","data":"' + "QUJD" * 100_000 + '"}\n')
        case "fit-base64": say({"type": "state", "data": "%%%"})
        case "fit-error": say({"type": "error", "message": "too few articles for me"})
        case "fit-closed": os.close(1)
        case "fit-wrong": say({"type": "loaded"})
        case "fit-unknown": say({"type": "hurrah"})
        case "fit-family":
            child = subprocess.Popen(["sleep", "3600"])
            with open(sys.argv[0] + "-child", "w") as file:
                file.write(str(child.pid))
            hang()
        case "fit-orphan":
            child = subprocess.Popen(["sleep", "3600"])
            with open(sys.argv[0] + "-child", "w") as file:
                file.write(str(child.pid))
            os._exit(5)
    if fault == "fit-closed":
        hang()
    smoothing = request["parameters"]["smoothing"]
    model = [(one + smoothing) / (count + smoothing * len(counts)) for one in counts]
    say({"type": "progress", "done": 1, "total": 1})
    say({"type": "note", "message": "counted %d articles" % count})
    say({"type": "state", "data": base64.b64encode(json.dumps(model).encode()).decode()})
    say({"type": "fitted"})


def predict(request):
    row = list(model)
    match fault:
        case "nan": row[0] = float("nan")
        case "infinite": row = 'Infinity'
        case "huge": row = None
        case "null": row[0] = None
        case "text": row = "high"
        case "range": row[0] = 1.5
        case "negative": row[0] = -0.25
        case "sum": row = [0.9] * len(row)
        case "short": row = row[1:]
        case "long": row = row + [0.0]
        case "predict-hang": hang()
        case "predict-exit": sys.exit(0)
    for number, _ in enumerate(articles()):
        if fault == "few" and number == 0:
            continue
        if fault == "slow":
            time.sleep(0.02)
        if fault == "huge":
            raw('{"type":"scores","row":[1e999' + ",0" * (len(model) - 1) + "]}\n")
        elif fault == "predict-middle" and number == 1:
            raw('{"type":"scores","row":[0.1,')
            sys.exit(0)
        else:
            say({"type": "scores", "row": row})
    if fault == "many":
        say({"type": "scores", "row": row})
    say({"type": "predicted"})
    if fault == "unasked":
        say({"type": "predicted"})


model = None
while True:
    request = read()
    match request["type"]:
        case "hello": hello()
        case "fit": fit(request)
        case "load":
            state = b"".join(base64.b64decode(piece["data"]) for piece in articles())
            if fault == "load":
                say({"type": "error", "message": "this is not what I have learnt"})
            model = json.loads(state)
            say({"type": "loaded"})
        case "predict": predict(request)
