"""What a measurement depends on: processor, libraries, versions."""
import json
import os
import pathlib
import platform
import re
import subprocess
import time


def facts(sectorkit, python, peers):
    """The environment as a table: name → value."""
    facts = {
        "processor": first(r"model name\s*: (.*)", read("/proc/cpuinfo")) or platform.machine(),
        "vector instructions": " ".join(
            name for name in ("avx2", "avx512f", "asimd") if f" {name} " in read("/proc/cpuinfo").replace("\n", " ")) or "none",
        "cores": f"{len(os.sched_getaffinity(0))} of {os.cpu_count()}",
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.0f} GB",
        "system": f"{first(r'PRETTY_NAME=.(.*).$', read('/etc/os-release'))}, Linux {first(r'^([0-9]+.[0-9]+)', platform.release())}",
        "SectorKit": output(sectorkit, "--version") + " " + output("git", "-C", pathlib.Path(__file__).parent, "describe", "--always", "--dirty"),
        "Swift": first(r"Swift version (\S+)", output("swift", "--version")),
        "BLAS of SectorKit": blas(),
        "BLAS of scikit-learn": output(python, "-c", NUMPY_BLAS),
        "compiler": output("g++", "--version").split("\n")[0],
        "Python": platform.python_version(),
    }
    if pathlib.Path(peers).exists():
        facts.update(json.loads(pathlib.Path(peers).read_text()))
    return facts


def busy():
    """What other processes take of all cores while this one waits for two seconds."""
    before = [int(part) for part in read("/proc/stat").split("\n")[0].split()[1:9]]
    time.sleep(2)
    after = [int(part) for part in read("/proc/stat").split("\n")[0].split()[1:9]]
    ticks = [new - old for new, old in zip(after, before)]
    # Idle, and waiting for a disk.
    share = 1 - (ticks[3] + ticks[4]) / max(1, sum(ticks))
    return f"{share:.0%}" + (" — **the machine had other work: these times mean nothing**" if share > 0.05 else "")


NUMPY_BLAS = """
import numpy
found = numpy.show_config(mode="dicts")["Build Dependencies"]["blas"]
print(found["name"], found["version"], "(with numpy)")
"""


def blas_path():
    """The library that is loaded for BLAS, behind the links of Debian's alternatives; empty without one."""
    path = first(r"libblas\.so\.3 .*=> (\S+)", output("/sbin/ldconfig", "-p"))
    return os.path.realpath(path) if path else ""


def blas():
    """The package and version of the library that is loaded for BLAS."""
    path = blas_path()
    if not path:
        return "none"
    package = output("dpkg", "-S", path).split(":")[0]
    return f"{package} {output('dpkg-query', '-W', '-f', '${Version}', package)}" if package else os.path.basename(path)


def read(path):
    return pathlib.Path(path).read_text() if os.path.exists(path) else ""


def first(pattern, text):
    match = re.search(pattern, text, re.MULTILINE)
    return match.group(1) if match else ""


def output(*command):
    try:
        return subprocess.run([str(part) for part in command], capture_output=True, text=True).stdout.strip()
    except FileNotFoundError:
        return ""
