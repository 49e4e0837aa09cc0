"""The lab: two worlds of the same invented people side by side, on pages of this machine.

`underwatch lab` serves them on 127.0.0.1; nothing leaves the machine. The lab calls the public
API that users call, and nothing beneath it: a page shows no number that a line of Python could
not give. The server holds no run: each is simulated by a process of its own, which writes small
files that the pages read.
"""
