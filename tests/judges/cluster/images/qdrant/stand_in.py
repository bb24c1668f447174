"""What Qdrant's clients can see of it: health, and collections, over HTTP and gRPC. It searches nothing.

Like the real one, it takes its ports from QDRANT__SERVICE__*, keeps its data in /qdrant/storage, and says in a file that it
has started. With QDRANT__SERVICE__API_KEY, all but the paths of probes want that key.
"""
import json
import os
import pathlib
import signal
import threading
from concurrent import futures
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import grpc
from qdrant_client import grpc as qdrant

VERSION = "1.19.0"
TITLE = "qdrant - vector search engine"
PROBES = {
    "/": {"title": TITLE, "version": VERSION},
    "/healthz": "healthz check passed",
    "/livez": "healthz check passed",
    "/readyz": "all shards are ready",
}
STORAGE = pathlib.Path(os.environ.get("QDRANT__STORAGE__STORAGE_PATH", "/qdrant/storage")) / "collections"
KEY = os.environ.get("QDRANT__SERVICE__API_KEY")


def names():
    return sorted(entry.name for entry in STORAGE.iterdir())


class Http(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body):
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "text/plain" if isinstance(body, str) else "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def done(self, result):
        self.answer(200, {"result": result, "status": "ok", "time": 0.0})

    def allowed(self):
        if KEY and self.headers.get("api-key") != KEY:
            self.answer(401, "Must provide an API key or an Authorization bearer token")
            return False
        return True

    def collection(self):
        return self.path.split("?")[0].removeprefix("/collections/")

    def do_GET(self):
        if self.path in PROBES:
            self.answer(200, PROBES[self.path])
        elif not self.allowed():
            pass
        elif self.path == "/collections":
            self.done({"collections": [{"name": name} for name in names()]})
        elif self.collection() in names():
            config = json.loads((STORAGE / self.collection()).read_text())
            self.done({"status": "green", "points_count": 0, "config": {"params": config}})
        else:
            self.answer(404, {"status": {"error": f"Not found: {self.path}"}, "time": 0.0})

    def do_PUT(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.allowed():
            (STORAGE / self.collection()).write_text(json.dumps(json.loads(body or b"{}")))
            self.done(True)

    def do_DELETE(self):
        if self.allowed():
            (STORAGE / self.collection()).unlink(missing_ok=True)
            self.done(True)

    def log_message(self, *words):
        pass


class Health(qdrant.QdrantServicer):
    def HealthCheck(self, request, context):
        return qdrant.HealthCheckReply(title=TITLE, version=VERSION)


class Collections(qdrant.CollectionsServicer):
    def List(self, request, context):
        if KEY and dict(context.invocation_metadata()).get("api-key") != KEY:
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "Must provide an API key or an Authorization bearer token")
        found = [qdrant.CollectionDescription(name=name) for name in names()]
        return qdrant.ListCollectionsResponse(collections=found)


def main():
    STORAGE.mkdir(parents=True, exist_ok=True)
    port = {kind: os.environ.get(f"QDRANT__SERVICE__{kind}_PORT", default) for kind, default in (("HTTP", "6333"), ("GRPC", "6334"))}
    calls = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
    qdrant.add_QdrantServicer_to_server(Health(), calls)
    qdrant.add_CollectionsServicer_to_server(Collections(), calls)
    calls.add_insecure_port(f"0.0.0.0:{port['GRPC']}")
    calls.start()
    pages = ThreadingHTTPServer(("0.0.0.0", int(port["HTTP"])), Http)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=pages.shutdown).start())
    pathlib.Path(os.environ.get("QDRANT_INIT_FILE_PATH", ".qdrant-initialized")).touch()
    pages.serve_forever()


main()
