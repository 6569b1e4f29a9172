#!/usr/bin/env node
// Verifies a Lantern instance token with jose, offline.
//
//     node verify_token.cjs JWKS-FILE TRUST-DOMAIN < token
//
// Prints the claims and ends with 0, or says why not and ends with 1. Needs: npm install jose, and Node 20.19 or later.
const { readFileSync } = require('node:fs')
const { createLocalJWKSet, jwtVerify } = require('jose')

async function verify(token, jwks, domain, now) {
  const { payload } = await jwtVerify(token, createLocalJWKSet(jwks), {
    // The algorithm is ours to choose, never the token's.
    algorithms: ['EdDSA'],
    currentDate: now,
    issuer: 'lantern:' + domain,
    maxTokenAge: '15m',
    requiredClaims: ['cnf', 'exp', 'iat', 'jti', 'nbf', 'sub'],
    typ: 'wit+jwt',
  })
  const instance = payload['lantern.dev/instance']
  const expected =
    `spiffe://${domain}/t/${instance.tenant}/a/${instance.agent}/r/${instance.run}/i/${instance.epoch}`
  if (payload.sub !== expected) {
    throw new Error('the claims name another instance than sub')
  }
  return payload
}

const [, , file, domain, at] = process.argv
const now = at === undefined ? new Date() : new Date(1000 * Number(at))
verify(readFileSync(0, 'utf8'), JSON.parse(readFileSync(file, 'utf8')), domain, now).then(
  (claims) => console.log(JSON.stringify(claims)),
  (refusal) => {
    console.error('refused: ' + refusal.message)
    process.exitCode = 1
  },
)
