"""ports.py PROTOCOL=HOST:PORT…: each address speaks the protocol that is expected of it."""
import http.client
import socket
import sys


def get(path, wanted):
    def ask(host, port):
        connection = http.client.HTTPConnection(host, port, timeout=20)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read().decode()
        if answer.status != 200 or wanted not in body:
            raise ValueError(f"GET {path} answers {answer.status}: {body[:200]!r}")

    return ask


def say(sent, *wanted):
    def ask(host, port):
        with socket.create_connection((host, port), timeout=20) as connection:
            connection.sendall(sent)
            answer = connection.recv(64)
        if not answer.startswith(wanted):
            raise ValueError(f"answers {answer!r}")

    return ask


PROTOCOLS = {
    "react-client": get("/", '<div id="root">'),
    "openwebui": get("/health", '"status":true'),
    "litellm": get("/health/liveliness", "alive"),
    "r2r": get("/v3/health", "ok"),
    "qdrant": get("/", "vector search engine"),
    # What a client says before anything else: do you speak TLS?
    "postgres": say(b"\0\0\0\x08\x04\xd2\x16\x2f", b"N", b"S"),
    "redis": say(b"PING\r\n", b"+PONG", b"-NOAUTH"),
}

faults = []
for word in sys.argv[1:]:
    protocol, address = word.split("=")
    host, port = address.rsplit(":", 1)
    try:
        PROTOCOLS[protocol](host, int(port))
    except (OSError, ValueError, http.client.HTTPException) as fault:
        faults.append(f"{protocol} at {address}: {fault}")
sys.exit("\n".join(faults) or 0)
