"""Installs each peer of peers.toml into a virtual environment of its own, once for each wording of its `install`.

    install.py PEERS VENVS
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tomllib
import venv


def install(peer, venvs):
    """A name that would leave the folder is refused: it becomes a path."""
    if not peer["name"].replace("-", "").replace("_", "").isalnum():
        raise SystemExit(f"peers: {peer['name']!r} is no name: letters, digits, - and _ only")
    folder = venvs / peer["name"]
    stamp, wanted = folder / ".installed", json.dumps(peer["install"])
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    print(f"peers: installing {peer['name']} into {folder}")
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder, with_pip=True)
    pip = [str(folder / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *peer["install"]], check=True)
    stamp.write_text(wanted, encoding="utf-8")


def main():
    peers, venvs = map(pathlib.Path, sys.argv[1:3])
    for peer in tomllib.loads(peers.read_text(encoding="utf-8"))["peer"]:
        install(peer, venvs)


if __name__ == "__main__":
    main()
