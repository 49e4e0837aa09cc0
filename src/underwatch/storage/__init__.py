"""Files and folders on disk that are either whole or not there, and are checked on reading.

| function | what it does |
|---|---|
| `write_whole` | write one file: all of it, or nothing |
| `whole_folder` | write a folder: all of it with its manifest, or nothing |
| `seal` | write the manifest of a folder that is there already |
| `check_folder` | compare a folder with its manifest before anything in it is read |
| `held_lock` | keep other processes away from a folder, until this one ends |
| `acquired` | the same by a file descriptor, for an object that closes it |
| `refuse_if_held` | find out that another process keeps this one away |

Nothing here removes or replaces what this package did not write.
"""

from underwatch.storage.files import sync as sync
from underwatch.storage.files import sync_files as sync_files
from underwatch.storage.files import write_whole as write_whole
from underwatch.storage.folders import whole_folder as whole_folder
from underwatch.storage.lock import acquired as acquired
from underwatch.storage.lock import held_lock as held_lock
from underwatch.storage.lock import refuse_if_held as refuse_if_held
from underwatch.storage.manifest import MANIFEST as MANIFEST
from underwatch.storage.manifest import check_folder as check_folder
from underwatch.storage.manifest import faults as faults
from underwatch.storage.manifest import hash_file as hash_file
from underwatch.storage.manifest import hash_files as hash_files
from underwatch.storage.manifest import seal as seal
