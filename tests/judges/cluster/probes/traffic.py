"""traffic.py URL…: asks each of them, each time over a new connection, until standard input ends; every answer must be 200."""
import collections
import http.client
import sys
import threading
import urllib.parse

ended = threading.Event()
answered = collections.Counter()
failed = []


def ask(url):
    address = urllib.parse.urlsplit(url)
    while not ended.is_set():
        try:
            connection = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
            connection.request("GET", address.path)
            answer = connection.getresponse()
            answer.read()
            connection.close()
            if answer.status == 200:
                answered[url] += 1
            else:
                failed.append(f"{url} answers {answer.status}")
        except (OSError, http.client.HTTPException) as fault:
            failed.append(f"{url}: {fault!r}")
        ended.wait(0.05)


askers = [threading.Thread(target=ask, args=[url]) for url in sys.argv[1:]]
for asker in askers:
    asker.start()
sys.stdin.read()
ended.set()
for asker in askers:
    asker.join()
unheard = [url for url in sys.argv[1:] if not answered[url]]
if failed or unheard:
    sys.exit("\n".join([f"{len(failed)} of {len(failed) + answered.total()} requests failed", *failed[:20], *unheard]))
print(answered.total())
