"""page.py URL TEXT: the page's program, as the server gives it now, holds TEXT."""
import re
import sys
import urllib.request

url, text = sys.argv[1:]


def get(path):
    with urllib.request.urlopen(url + path, timeout=20) as answer:
        return answer.read().decode()


programs = re.findall(r'<script[^>]* src="([^"]+\.js)"', get("/"))
if not any(text in get(program) for program in programs):
    sys.exit(f"{text!r} is in none of {programs}")
