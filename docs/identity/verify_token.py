#!/usr/bin/env python3
"""Verifies a Lantern instance token with PyJWT, offline.

    verify_token.py JWKS-FILE TRUST-DOMAIN < token

Prints the claims and ends with 0, or says why not and ends with 1. Needs: pip install "pyjwt[crypto]"
"""
import json
import sys
import time

import jwt


def verify(token, jwks, domain, now):
    header = jwt.get_unverified_header(token)
    if set(header) != {"alg", "kid", "typ"} or header["typ"] != "wit+jwt":
        raise jwt.InvalidTokenError("no instance token: %s" % sorted(header))
    keys = [key for key in jwks["keys"] if key["kid"] == header["kid"]]
    if len(keys) != 1:
        raise jwt.InvalidTokenError("the token's key is none of the authority's")
    # The algorithm is ours to choose, never the token's. Times are checked below, at a moment that can be said.
    claims = jwt.decode(
        token,
        jwt.PyJWK(keys[0], algorithm="EdDSA").key,
        algorithms=["EdDSA"],
        issuer="lantern:" + domain,
        options={
            "require": ["cnf", "exp", "iat", "iss", "jti", "nbf", "sub"],
            "verify_exp": False,
            "verify_iat": False,
            "verify_nbf": False,
        },
    )
    if not claims["nbf"] <= now < claims["exp"] or claims["exp"] - claims["iat"] > 15 * 60:
        raise jwt.InvalidTokenError("not valid now, or for too long")
    instance = claims["lantern.dev/instance"]
    expected = "spiffe://%s/t/%s/a/%s/r/%s/i/%d" % (
        domain, instance["tenant"], instance["agent"], instance["run"], instance["epoch"])
    if claims["sub"] != expected:
        raise jwt.InvalidTokenError("the claims name another instance than sub")
    return claims


if __name__ == "__main__":
    at = float(sys.argv[3]) if len(sys.argv) > 3 else time.time()
    with open(sys.argv[1]) as file:
        published = json.load(file)
    try:
        print(json.dumps(verify(sys.stdin.read(), published, sys.argv[2], at), sort_keys=True))
    except jwt.InvalidTokenError as refusal:
        sys.exit("refused: %s" % refusal)
