"""What npm brings for tests alone: into the build folder, where it is not there yet."""
import os
import shutil
import subprocess

FOLDER = os.path.join(os.path.abspath(os.environ.get("OPTREEL_BUILD", ".")), "npm")


def fetch(package, version):
    """The folder of a package, and None; or None, and why it is not here. Each has a folder of its own: npm removes what it was not told to bring."""
    top = os.path.join(FOLDER, f"{package}-{version}")
    folder = os.path.join(top, "node_modules", package)
    if os.path.isdir(folder):
        return folder, None
    if not shutil.which("npm"):
        return None, "npm is not installed"
    os.makedirs(top, exist_ok=True)
    command = ["npm", "install", "--prefix", top, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", f"{package}@{version}"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=120)
    except subprocess.TimeoutExpired:
        return None, f"npm did not bring {package} within two minutes"
    if os.path.isdir(folder):
        return folder, None
    return None, f"npm did not bring {package}: {done.stderr.decode('utf-8', 'replace')[-300:]}"
