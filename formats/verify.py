#!/usr/bin/env python3
"""Checks Lantern's golden vectors and exported journals, without a line of Lantern's own code.

    verify.py                                             the vectors beside this file
    verify.py vectors DIRECTORY                           the vectors there
    verify.py journal FILE [TENANT/RUN] [SEQ:HASH]        an export; of that run, ending at that head

Standard library only. docs/formats.md explains every format. Exit status 0: all is as it must be; 1: the first
thing that is not is named.
"""
import base64, hashlib, json, os, re, sys

MAX_INTEGER = 2**53 - 1


class Bad(Exception):
    pass


def need(condition, what):
    if not condition:
        raise Bad(what)


# ---- canonical JSON: RFC 8785 with strings, booleans, integers below 2^53, arrays and objects only

def members(pairs):
    need(len(pairs) == len({name for name, _ in pairs}), "a member stands twice in one object")
    return dict(pairs)


def integer(text):
    need(text != "-0" and len(text) <= 17 and abs(int(text)) <= MAX_INTEGER, "an integer out of range")
    return int(text)


def refuse(text):
    raise Bad("a number that is no integer")


def parse(raw):
    """Any JSON document that means one thing to every reader."""
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=members, parse_int=integer,
                           parse_float=refuse, parse_constant=refuse)
        canonical(value)
        return value
    except (ValueError, RecursionError) as e:
        raise Bad("not JSON: " + type(e).__name__)


def canonical(value):
    if isinstance(value, str):
        value.encode("utf-8")  # fails on a lone surrogate
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    need(isinstance(value, dict), "null")
    names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
    return "{" + ",".join(canonical(name) + ":" + canonical(value[name]) for name in names) + "}"


def parse_canonical(raw):
    value = parse(raw)
    need(canonical(value).encode() == raw, "not in canonical form")
    return value


# ---- hashes

def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def genesis(tenant, run):
    return sha256(b"lantern/journal/v1\n", tenant.encode(), b"\0", run.encode())


def leaf(event):
    return sha256(b"\0", event)


def link(before, event):
    return sha256(b"\2", before, leaf(event))


# ---- Ed25519 (RFC 8032), strict: canonical encodings, points of prime order, S < L

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
NEUTRAL = (0, 1, 1, 0)


def decode_point(raw):
    y, sign = int.from_bytes(raw, "little") & (2**255 - 1), raw[31] >> 7
    need(y < P, "a point that is not encoded canonically")
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    need(x * x % P == square and not (x == 0 and sign), "no point of the curve")
    x = x if x & 1 == sign else P - x
    point = (x, y, 1, x * y % P)
    need(not same(point, NEUTRAL) and same(times(L, point), NEUTRAL), "a point that is not of prime order")
    return point


def plus(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(factor, point):
    result = NEUTRAL
    while factor:
        result = plus(result, point) if factor & 1 else result
        point, factor = plus(point, point), factor >> 1
    return result


def same(p, q):
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


BASE = decode_point(bytes.fromhex("58" + "66" * 31))


def verify_signature(key, message, signature):
    need(len(key) == 32 and len(signature) == 64, "a key or a signature of the wrong length")
    a, r, s = decode_point(key), decode_point(signature[:32]), int.from_bytes(signature[32:], "little")
    need(s < L, "S is not below the group's order")
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    need(same(times(s, BASE), plus(r, times(k, a))), "the signature is not the key's over these bytes")


def unhex(text, length):
    need(re.fullmatch("[0-9a-f]{%d}" % (2 * length), text), "not %d bytes in lower-case hexadecimal" % length)
    return bytes.fromhex(text)


def verify_record(kind, record, key, signature):
    verify_signature(unhex(key, 32), b"lantern/%s-record/v1\n" % kind + canonical(record).encode(), unhex(signature, 64))


# ---- a run's events, one after the other

class Chain:
    KINDS = {"step_completed": b"step", "result_ready": b"output"}

    def __init__(self, tenant, run):
        self.tenant, self.run, self.seq, self.hash = tenant, run, 0, genesis(tenant, run)
        self.keys, self.signatures = {}, 0

    def add(self, raw):
        event = parse_canonical(raw)
        need(isinstance(event, dict) and set(event) == {"data", "epoch", "kind", "run", "seq", "tenant", "time", "v"},
             "no event: other members than an envelope has")
        for name, kind in (("data", dict), ("epoch", int), ("kind", str), ("seq", int), ("time", str), ("v", int)):
            need(type(event[name]) is kind, "member %s is of the wrong type" % name)
        need((event["tenant"], event["run"]) == (self.tenant, self.run), "an event of another run")
        need(event["seq"] == self.seq + 1, "event %d stands in its place" % event["seq"])
        need(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", event["time"], re.ASCII), "a time in another form")
        need(event["v"] > 0 and event["epoch"] >= 0, "a version or an epoch out of range")
        self.check_signature(event)
        self.seq, self.hash = self.seq + 1, link(self.hash, raw)

    def check_signature(self, event):
        kind, epoch, data = event["kind"], event["epoch"], event["data"]
        if kind == "instance_enrolled":
            need(epoch not in self.keys, "a second key for epoch %d" % epoch)
            decode_point(unhex(data["publicKey"], 32))
            self.keys[epoch] = data["publicKey"]
        elif kind in self.KINDS and data.get("source") != "substrate":
            record = data["record"]
            need((record["tenant"], record["run"], record["epoch"]) == (self.tenant, self.run, epoch),
                 "a record of another run or epoch")
            need(epoch in self.keys, "a record of epoch %d, which never enrolled" % epoch)
            verify_record(self.KINDS[kind], record, self.keys[epoch], data["signature"])
            self.signatures += 1


def check_journal(path, run=None, head=None):
    with open(path, "rb") as file:
        header = parse_canonical(whole_line(file.readline(), "the first line"))
        need(set(header) == {"format", "run", "tenant"} and header["format"] == "lantern/journal-export/v1",
             "the first line: no export of this format")
        need(run in (None, header["tenant"] + "/" + header["run"]), "the first line: an export of another run")
        chain = Chain(header["tenant"], header["run"])
        for line in file:
            place = "event %d" % (chain.seq + 1)
            try:
                row = parse_canonical(whole_line(line, place))
                need(set(row) == {"bytes", "hash", "seq"}, "other members than a row has")
                raw = base64.b64decode(row["bytes"], validate=True)
                need(base64.b64encode(raw).decode() == row["bytes"], "base64 in another form")
                chain.add(raw)
                need(row["seq"] == chain.seq and row["hash"] == chain.hash.hex(), "edited: its hash does not follow")
            except (Bad, ValueError, KeyError, TypeError, AttributeError) as e:
                raise Bad("%s: %s" % (place, e)) from e
    need(chain.seq > 0, "event 1: the journal is empty")
    if head:
        seq, digest = head.split(":")
        need(chain.seq >= int(seq), "event %d: cut off; the chain was longer" % (chain.seq + 1))
        need(chain.seq <= int(seq), "event %d: added behind the end" % (int(seq) + 1))
        need(chain.hash.hex() == digest, "event %s: the whole chain was written anew" % seq)
    return "%d events, %d signatures, head %d:%s" % (chain.seq, chain.signatures, chain.seq, chain.hash.hex())


def whole_line(line, place):
    need(line.endswith(b"\n"), place + ": the line has no end")
    return line[:-1]


# ---- golden vectors, one function per file

def refused(check, *arguments):
    try:
        check(*arguments)
    except (Bad, ValueError):
        return True
    return False


def canonical_json(vector, directory):
    for case in vector["cases"]:
        value = parse(case["input"].encode())
        need(canonical(value) == case["canonical"], case["name"])
        need(sha256(case["canonical"].encode()).hex() == case["sha256"], case["name"])
    for case in vector["refused"]:
        need(refused(parse, bytes.fromhex(case["hex"])), case["name"] + " is taken")


def event(vector, directory):
    for case in vector["cases"]:
        need(canonical(case["event"]) == case["bytes"], case["name"])
        need(leaf(case["bytes"].encode()).hex() == case["leaf"], case["name"])


def chain(vector, directory):
    links = Chain(vector["tenant"], vector["run"])
    need(links.hash.hex() == vector["genesis"], "genesis")
    for n, step in enumerate(vector["events"], 1):
        links.add(step["bytes"].encode())
        need(leaf(step["bytes"].encode()).hex() == step["leaf"], "leaf %d" % n)
        need(links.hash.hex() == step["hash"], "hash %d" % n)
    check_journal(os.path.join(directory, "journal-export.jsonl"), vector["tenant"] + "/" + vector["run"],
                  "%d:%s" % (links.seq, links.hash.hex()))


def opening(vector, directory):
    with open(os.path.join(directory, "openings", "SHA256SUMS")) as sums:
        listed = dict(reversed(line.rstrip("\n").split("  ", 1)) for line in sums)
    for case in vector["cases"]:
        header = canonical({"mediaType": case["mediaType"], "salt": case["salt"]}).encode() + b"\n"
        with open(os.path.join(directory, "openings", case["file"]), "rb") as file:
            need(file.read() == header + bytes.fromhex(case["bytes"]), case["file"])
        need(sha256(header, bytes.fromhex(case["bytes"])).hex() == case["commitment"], case["name"])
        need(listed.pop(case["file"], None) == case["commitment"], case["file"] + " in SHA256SUMS")
    need(not listed, "SHA256SUMS lists a file that is no case")


def record(kind):
    def check(vector, directory):
        for case in vector["cases"]:
            need(b"lantern/%s-record/v1\n" % kind + canonical(case["record"]).encode() == case["signed"].encode(), case["name"])
            verify_record(kind, case["record"], case["publicKey"], case["signature"])
        for case in vector["refused"]:
            need(refused(verify_signature, bytes.fromhex(case["publicKey"]), case["signed"].encode(),
                         bytes.fromhex(case["signature"])), case["name"] + " is taken")
    return check


def idempotency_key(vector, directory):
    for case in vector["cases"]:
        key = sha256(b"lantern/idempotency/v1\n", case["tenant"].encode(), b"\0", case["run"].encode(), b"\0",
                     canonical(case["step"]).encode())
        need(key.hex() == case["key"], case["name"])


def spec_digest(vector, directory):
    for case in vector["cases"]:
        need(canonical(parse(case["canonical"].encode())) == case["canonical"], case["name"])
        need(sha256(case["canonical"].encode()).hex() == case["digest"], case["name"])


def kubernetes_name(vector, directory):
    for case in vector["cases"]:
        names = [case["installation"].encode(), case["tenant"].encode(), case["run"].encode()]
        parts = [part for name in names for part in (len(name).to_bytes(4, "big"), name)]
        parts.append(case["epoch"].to_bytes(4, "big"))
        job = base64.b32encode(sha256(b"lantern/kubernetes/job/v1\n", *parts)).decode().lower()
        need("ln-" + job[:26] == case["job"], case["name"])
        need(sha256(b"lantern/kubernetes/loopback/v1\n", *parts)[:16].hex() == case["loopback"], case["name"])


VECTORS = {"canonical-json": canonical_json, "event": event, "chain": chain, "opening": opening,
           "step-record": record(b"step"), "output-record": record(b"output"), "idempotency-key": idempotency_key,
           "spec-digest": spec_digest, "kubernetes-name": kubernetes_name}


def check_vectors(directory):
    for name, check in VECTORS.items():
        with open(os.path.join(directory, name + ".json"), "rb") as file:
            vector = parse(file.read())
        need(vector["format"] == "lantern/vectors/" + name + "/v1", name + ": another format")
        cases = vector.get("cases", vector.get("events"))
        need(cases, name + ": no case")
        try:
            check(vector, directory)
        except (Bad, ValueError, KeyError, TypeError) as e:
            raise Bad("%s: %s" % (name, e)) from e
        print("ok  %-16s %3d cases, %d refused" % (name, len(cases), len(vector.get("refused", []))))


def main(arguments):
    try:
        if arguments[:1] == ["journal"] and len(arguments) > 1:
            run = next((a for a in arguments[2:] if "/" in a), None)
            head = next((a for a in arguments[2:] if ":" in a), None)
            print("ok  " + check_journal(arguments[1], run, head))
        elif not arguments or arguments[0] == "vectors" and len(arguments) == 2:
            check_vectors(arguments[1] if arguments else os.path.dirname(os.path.abspath(__file__)))
        else:
            print(__doc__)
            return 2
    except (Bad, OSError, ValueError, KeyError, TypeError) as e:
        print("BAD %s" % e)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
