"""Vowpal Wabbit, for which PyPI has no command line program: its library runs its own parser and loop.

    python -I -S vowpal_wabbit.py SITE-PACKAGES ARGUMENT…      the arguments of `vw`, with the data as -d FILE

Imports the extension alone, since the package around it takes a fifth of a second.
"""
import sys

sys.path.append(sys.argv[1])
import pylibvw

workspace = pylibvw.vw(sys.argv[2:])
workspace.run_parser()
workspace.finish()
