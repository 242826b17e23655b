"""A headless Chromium as an independent reader: loads a page from a folder, runs its script, and hands back what the page wrote.

The page is served over HTTP on the loopback interface, so that a canvas may be read back (pixels of file: images may not)."""
import functools
import http.server
import json
import os
import queue
import re
import shutil
import signal
import subprocess
import tempfile
import threading

PROGRAM = next((p for p in map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser")) if p), None)
TIMEOUT = 120

PAGE = """<!doctype html><meta charset="utf-8"><title>test</title><script>
const later = ms => new Promise(go => setTimeout(go, ms));
function pixels(source, width, height) {
  const canvas = Object.assign(document.createElement('canvas'), {width, height});
  const context = canvas.getContext('2d', {colorSpace: 'srgb', willReadFrequently: true});
  context.drawImage(source, 0, 0);
  return (x, y) => Array.from(context.getImageData(x, y, 1, 1).data.slice(0, 3));
}
async function main() {
%s
}
main().then(value => ({value}), error => ({error: String(error)})).then(answer => fetch('/answer', {method: 'POST', body: JSON.stringify(answer)}));
</script>"""


class Folder(http.server.SimpleHTTPRequestHandler):
    """Serves a folder, and takes the page's answer."""
    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".webp": "image/webp", ".avif": "image/avif", ".apng": "image/apng", ".gif": "image/gif",
                      ".mp4": "video/mp4", ".webm": "video/webm"}

    def do_GET(self):
        """A part of a file where one is asked for: without it a browser cannot seek in a film."""
        wanted = re.match(r"bytes=(\d+)-(\d*)$", self.headers.get("Range", ""))
        path = self.translate_path(self.path)
        if not wanted or not os.path.isfile(path):
            super().do_GET()
            return
        with open(path, "rb") as f:
            data = f.read()
        first = min(int(wanted.group(1)), len(data))
        last = min(int(wanted.group(2) or len(data) - 1), len(data) - 1)
        self.send_response(206)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
        self.send_header("Content-Length", str(last - first + 1))
        self.end_headers()
        self.wfile.write(data[first:last + 1])

    def do_POST(self):
        self.server.answer.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def run(folder, script):
    """What `script` (the body of an async JavaScript function, with `pixels` and `later` at hand) returns, in a page that lies in `folder`."""
    if not PROGRAM:
        raise AssertionError("chromium is not installed: scripts/setup does it")
    page = os.path.join(folder, "chromium-test.html")
    with open(page, "w", encoding="utf-8") as f:
        f.write(PAGE % script)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Folder, directory=folder))
    server.answer = queue.Queue()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    profile = tempfile.mkdtemp(prefix="orl-chromium-")
    command = [PROGRAM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--force-color-profile=srgb", "--no-first-run",
               "--disable-extensions", "--autoplay-policy=no-user-gesture-required", "--remote-debugging-port=0", f"--user-data-dir={profile}",
               f"http://127.0.0.1:{server.server_port}/chromium-test.html"]
    browser = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
    try:
        answer = server.answer.get(timeout=TIMEOUT)
    except queue.Empty:
        answer = {"error": "no answer came"}
    finally:
        os.killpg(browser.pid, signal.SIGKILL)
        told = browser.communicate()[1].decode("utf-8", "replace")
        server.shutdown()
        server.server_close()
        thread.join()
        os.remove(page)
        shutil.rmtree(profile, ignore_errors=True)
    if "error" in answer:
        raise AssertionError(f"the page failed: {answer['error']}\n{told[-2000:]}")
    return answer["value"]
