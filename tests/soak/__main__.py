"""`python3 -m soak SECONDS SEED FOLDER` in tests/: what scripts/soak runs. Everybody's lines are in FOLDER when it ends."""

import pathlib
import shutil
import sys

from .soak import Soak


def main(seconds: float, seed: int, folder: pathlib.Path) -> int:
    # Processes start in folders of their own.
    folder = folder.resolve()
    shutil.rmtree(folder, ignore_errors=True)
    soak = Soak(folder, seconds, seed)
    try:
        return 0 if soak.run() else 1
    finally:
        soak.close()


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), int(sys.argv[2]), pathlib.Path(sys.argv[3])))
