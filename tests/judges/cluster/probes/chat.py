"""chat.py URL MODEL: Open WebUI, or what forwards to it, streams an answer of MODEL; prints it."""
import json
import sys
import urllib.error
import urllib.request

url, model = sys.argv[1:]


def ask(path, body=None, token=None):
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(url + path, data=body and json.dumps(body).encode(), headers=headers)
    try:
        return urllib.request.urlopen(request, timeout=60)
    except urllib.error.HTTPError as fault:
        sys.exit(f"{path} answers {fault.code}: {fault.read().decode()[:500]}")


token = json.load(ask("/api/v1/auths/signin", {"email": "", "password": ""}))["token"]
known = [each["id"] for each in json.load(ask("/api/models", token=token))["data"]]
if model not in known:
    sys.exit(f"Open WebUI knows {', '.join(known) or 'no model'}, not {model}")
body = {"model": model, "stream": True, "messages": [{"role": "user", "content": "Hello"}]}
parts = []
for line in ask("/api/chat/completions", body, token):
    if line.startswith(b"data: {"):
        parts += [choice["delta"].get("content") or "" for choice in json.loads(line[6:]).get("choices", [])]
if len(parts) < 2:
    sys.exit(f"the answer is no stream: {parts}")
print("".join(parts))
