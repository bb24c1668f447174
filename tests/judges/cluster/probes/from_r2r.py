"""Run in R2R's container: the addresses in its environment lead to a Redis, and to a Qdrant on both of its ports."""
import os
import socket
import subprocess
import urllib.parse
import urllib.request

redis = urllib.parse.urlsplit(os.environ["REDIS_URL"])
with socket.create_connection((redis.hostname, redis.port), timeout=10) as connection:
    login = f"AUTH {urllib.parse.unquote(redis.password)}\r\n" if redis.password else ""
    connection.sendall(f"{login}PING\r\n".encode())
    answer = b""
    while b"PONG" not in answer:
        part = connection.recv(64)
        assert part, f"Redis answers {answer!r}"
        answer += part

qdrant = os.environ["R2R_QDRANT_HOST"]
with urllib.request.urlopen(f"http://{qdrant}:{os.environ['R2R_QDRANT_PORT']}/collections", timeout=10) as answer:
    assert b'"status": "ok"' in answer.read()

# An empty message of gRPC is five bytes; the answer holds the version.
call = [
    "curl", "--silent", "--show-error", "--max-time", "10", "--http2-prior-knowledge", "--header", "content-type: application/grpc",
    "--header", "te: trailers", "--data-binary", "@-", f"http://{qdrant}:6334/qdrant.Qdrant/HealthCheck",
]
answer = subprocess.run(call, input=bytes(5), check=True, capture_output=True).stdout
assert b"vector search engine" in answer, f"Qdrant's gRPC answers {answer!r}"
