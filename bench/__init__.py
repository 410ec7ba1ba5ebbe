"""The benchmark: our assistant, the default bot of `rasa init` and a bare Sanic echo, in one run on one machine.

`./wegweiser bench` runs it; docs/PERFORMANCE.md holds its table. Linux only, since memory is read from /proc.
"""
