"""What the peers share: the plugin protocol (docs/plugin-protocol.md), and how labels become targets.

A peer is a class with a greeting and two methods,

    fit(articles, request) -> model          anything that pickle can write
    rows(model, texts) -> rows               one number a label for every text

and ends with `serve(Peer())`. It runs in the environment that Benchmarks/install-peers made, whichever Python starts it. A learnt model
is pickled, and so safe to open only where the model file is one's own.
"""
import base64
import hashlib
import json
import os
import pathlib
import pickle
import sys

VENV = pathlib.Path(__file__).resolve().parents[2] / ".venv"
PIECE = 3 << 18


def enter_environment():
    """Starts the program again in the environment of the peers, if it is in another."""
    python = VENV / "bin/python"
    if python.exists() and pathlib.Path(sys.prefix).resolve() != VENV.resolve():
        os.execv(python, [str(python), *sys.argv])


enter_environment()
# Nothing but messages may go to standard output, whatever a library prints.
_messages = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)


class Article:
    """A training article: its text, the positions of its labels, and of those that nobody judged on it."""

    def __init__(self, message):
        self.text = message["title"] + "\n" + message["text"]
        self.labels = message.get("labels", [])
        self.unjudged = message.get("unjudged", [])


def say(**message):
    _messages.write(json.dumps(message) + "\n")
    _messages.flush()


def warn(text):
    say(type="warning", message=text)


def _body():
    for line in sys.stdin:
        message = json.loads(line)
        if message["type"] == "end":
            return
        yield message


def serve(peer):
    """Answers requests until there are no more."""
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    model = None
    for line in sys.stdin:
        request = json.loads(line)
        kind = request["type"]
        if kind == "hello":
            say(type="hello", protocol=1, **peer.greeting)
            continue
        body = _body()
        try:
            if kind == "fit":
                model = peer.fit([Article(message) for message in body], request)
                state = pickle.dumps(model, protocol=5)
                for start in range(0, len(state), PIECE):
                    say(type="state", data=base64.b64encode(state[start:start + PIECE]).decode())
                say(type="fitted")
            elif kind == "load":
                model = pickle.loads(b"".join(base64.b64decode(message["data"]) for message in body))
                say(type="loaded")
            elif kind == "predict":
                texts = [Article(message).text for message in body]
                rows = peer.rows(model, texts)
                if len(rows) != len(texts):
                    raise RuntimeError(f"{len(rows)} rows for {len(texts)} texts")
                for row in rows:
                    say(type="scores", row=[float(value) for value in row])
                say(type="predicted")
        except Exception as error:  # Whatever it is, the user should read it.
            say(type="error", message=f"{type(error).__name__}: {error}")
            raise


def number(name, default, minimum, maximum, help, logarithmic=True):
    return {"name": name, "type": "number", "default": default, "minimum": minimum, "maximum": maximum, "help": help,
            "scale": "logarithmic" if logarithmic else "linear"}


def integer(name, default, minimum, maximum, help):
    return {"name": name, "type": "integer", "default": default, "minimum": minimum, "maximum": maximum, "help": help}


def version(package):
    import importlib.metadata

    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        say(type="error", message=f"{package} is not installed: run Benchmarks/install-peers")
        sys.exit(1)


def sources():
    """What of this folder is loaded: a part of the version, so that `sectorkit benchmark` measures anew when a shared file changes."""
    folder = pathlib.Path(__file__).resolve().parent
    files = {pathlib.Path(module.__file__).resolve() for module in list(sys.modules.values()) if getattr(module, "__file__", None)}
    content = b"".join(file.read_bytes() for file in sorted(files) if file.parent == folder)
    return hashlib.sha256(content).hexdigest()[:8]


def greeting(name, package, summary, output, parameters=(), tasks=("single", "multi")):
    return {"name": name, "version": f"{package}-{version(package)}+{sources()}", "summary": summary, "output": output,
            "parameters": list(parameters), "tasks": list(tasks)}


class OneAgainstRest:
    """A model a label, each fitted to the articles on which its label was judged; for tasks with several labels."""

    def __init__(self, make, rows, articles, label_count):
        import numpy

        self.models = []
        for label in range(label_count):
            judged = [place for place, article in enumerate(articles) if label not in article.unjudged]
            truth = numpy.array([label in articles[place].labels for place in judged], dtype=int)
            if truth.min(initial=1) == truth.max(initial=0):
                # Never given or always: there is nothing to tell apart.
                self.models.append(float(truth[0]) if len(truth) else 0.0)
            else:
                self.models.append(make().fit(rows[judged], truth))

    def columns(self, score, constant):
        """The score of every label; `constant` makes one of the share of a label that was never in doubt."""
        import numpy

        parts = [None if isinstance(model, float) else score(model) for model in self.models]
        count = next(len(part) for part in parts if part is not None)
        return numpy.column_stack([
            numpy.full(count, constant(model)) if part is None else part for model, part in zip(self.models, parts)])


def classes(articles):
    """The one label of each article of a single-label task."""
    return [article.labels[0] for article in articles]


def spread(columns, known, label_count, missing):
    """Columns of the labels that a model knows, at their places among all labels."""
    import numpy

    full = numpy.full((columns.shape[0], label_count), missing, dtype=float)
    full[:, known] = columns
    return full
