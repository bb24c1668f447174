"""retrieval.py URL WORD: R2R takes a document with WORD in it, and finds it again."""
import json
import sys
import time
import urllib.error
import urllib.request

url, word = sys.argv[1:]
TEXT = f"The {word} is kept in the third drawer of the old oak desk."


def ask(path, body, kind="application/json"):
    request = urllib.request.Request(url + path, data=body, headers={"content-type": kind})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["results"]
    except urllib.error.HTTPError as fault:
        sys.exit(f"{path} answers {fault.code}: {fault.read().decode()[:500]}")


form = "".join(
    f'--part\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
    for name, value in (("raw_text", TEXT), ("ingestion_mode", "fast"), ("run_with_orchestration", "false"))
)
ask("/v3/documents", (form + "--part--\r\n").encode(), "multipart/form-data; boundary=part")
for _ in range(30):
    found = ask("/v3/retrieval/search", json.dumps({"query": word, "search_mode": "basic"}).encode())
    if any(TEXT in chunk["text"] for chunk in found["chunk_search_results"]):
        break
    time.sleep(1)
else:
    sys.exit(f"R2R does not find what it was given: {json.dumps(found)[:500]}")
