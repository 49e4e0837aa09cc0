"""A process that ignores SIGTERM, with a child that does as well: what a compiler may be like."""

import signal
import subprocess
import sys
import time
from pathlib import Path

from underwatch.lab.json_files import write_json

if __name__ == "__main__":
    if "listening" in sys.argv:
        from underwatch.lab.jobs.worker import begin

        begin()
    else:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    write_json(Path(sys.argv[1]) / "children.json", [child.pid])
    time.sleep(60)
