# A whole agent in Python 3.8 or newer, without packages.
# BANK is the world outside, a file. With DIE_ONCE=yes the first instance dies inside its charge; the next one goes on.
import http.client
import json
import os
import pathlib
import sys
import time
import urllib.parse

url = urllib.parse.urlsplit(os.environ["LANTERN_URL"])
bank = pathlib.Path(os.environ.get("BANK", "/tmp/bank"))


def call(method, path, body="", allowed=(200,), **headers):
    """The answer's status, headers and text. A lost answer is asked for again: the headers say that it is a repeat."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    for pause in (1, 1, 2, 4, 0):
        try:
            harness = http.client.HTTPConnection(url.hostname, url.port)
            harness.request(method, url.path + path, body.encode(), fields)
            answer = harness.getresponse()
            text = answer.read().decode()
            if answer.status != 503:
                return (answer.status, answer.headers, text) if answer.status in allowed else sys.exit(text)
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(pause)
    sys.exit("the harness does not answer " + path)


def step(name, work, effect="idempotent", given=""):
    """The step's result. work(key, attempt) finds it, if it is not recorded; attempt 0 means that it has happened."""
    at = f"/v1/steps/{name}"
    token = os.urandom(16).hex()
    begun = call("POST", f"{at}/begin?effect={effect}", given, (200, 201, 202, 409), Idempotency_Key=token)
    status, headers, text = begun
    if status == 200:
        return text
    if status == 409:
        if json.loads(text)["code"] != "step-in-doubt":
            sys.exit(text)
        happened = bank.exists() and json.loads(text)["idempotencyKey"] in bank.read_text().split()
        call("POST", f"{at}/resolve?occurrence=1&happened={str(happened).lower()}", "the bank's list says so")
        return step(name, work, effect, given)
    print(f"step {name} runs", file=sys.stderr)
    try:
        result = work(text, int(headers.get("Lantern-Attempt", 0)))
    except TimeoutError:
        call("POST", f"{at}/fail", "the model timed out", Lantern_Step_Key=text)
        return step(name, work, effect, given)
    call("POST", f"{at}/complete", result, Lantern_Step_Key=text, Content_Type="text/plain")
    return result


def summarise(key, attempt):
    used = {"provider": "example", "model": "small", "inputTokens": 812, "outputTokens": 64, "costUsd": "0.0041"}
    path = "/v1/steps/summarise/usage"
    call("POST", path, json.dumps(used), (202,), Lantern_Step_Key=key, Idempotency_Key="summary")
    return f"ticket {ticket}: login fails"


def classify(key, attempt):
    if attempt == 1:
        raise TimeoutError
    return "identity"


def charge(key, attempt):
    if attempt == 1 and os.environ.get("DIE_ONCE") == "yes":
        os._exit(137)
    if attempt:
        with bank.open("a") as lines:
            lines.write(key + "\n")
    return f"receipt {ticket}"


ticket = json.loads(call("GET", "/v1/input")[2])["id"]
print(json.loads(call("GET", "/v1/run")[2])["say"], file=sys.stderr)
summary = step("summarise", summarise)
team = step("classify", classify, "pure", summary)
receipt = step("charge", charge, "at_most_once")
used = {"provider": "example", "model": "embedding", "inputTokens": 120, "outputTokens": 0}
call("POST", "/v1/usage", json.dumps(used), Idempotency_Key="embedding")
output = {"ticket": ticket, "summary": summary, "team": team, "receipt": receipt}
call("POST", "/v1/output", json.dumps(output, separators=(",", ":")), Content_Type="application/json")
