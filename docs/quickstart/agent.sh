#!/bin/sh
# The triage agent: five durable steps, in POSIX sh and curl.
set -eu

# step NAME COMMAND...: the recorded result of the step, or what COMMAND prints, recorded before it is used.
step() {
  name=$1
  shift
  answer=$(curl -sS -X POST -w '\n%{http_code}' "$LANTERN_URL/v1/steps/$name/begin")
  body=$(printf '%s\n' "$answer" | sed '$d')
  case $(printf '%s\n' "$answer" | tail -n 1) in
    200) printf '%s\n' "$body" ;;
    201)
      echo "running $name" >&2
      result=$(STEP_KEY=$body "$@")
      printf '%s' "$result" | curl -sS --fail -o /dev/null -H "Lantern-Step-Key: $body" -H 'Content-Type: text/plain' \
        --data-binary @- "$LANTERN_URL/v1/steps/$name/complete"
      printf '%s\n' "$result"
      ;;
    *) printf '%s\n' "$body" >&2 && exit 1 ;;
  esac
}

# effect LINE: something in the world, here a line in a file, that must not happen twice. The step's idempotency
# key is the same on every try, so whoever has seen it does nothing.
effect() {
  sleep 0.4
  grep -qs "^$STEP_KEY " "$outbox" || printf '%s %s\n' "$STEP_KEY" "$1" >> "$outbox"
}

read_ticket() { effect "ticket read"; echo "login fails since Monday"; }
find_customer() { effect "customer found"; echo "ACME, gold"; }
summarise() {
  effect "summary bought"
  curl -sS --fail -o /dev/null -H "Lantern-Step-Key: $STEP_KEY" -H 'Content-Type: application/json' --data-binary \
    '{"provider":"example","model":"small","inputTokens":812,"outputTokens":64,"costUsd":"0.0041"}' \
    "$LANTERN_URL/v1/steps/summarise/usage"
  echo "$2: $1"
}
assign() { effect "assigned"; echo "identity team"; }
answer() { effect "answer sent"; echo "We are on it."; }

outbox=$(curl -sS --fail "$LANTERN_URL/v1/input" | sed 's/.*"outbox":"\([^"]*\)".*/\1/')

ticket=$(step read-ticket read_ticket)
customer=$(step find-customer find_customer)
echo "process $$ has two steps behind it"
summary=$(step summarise summarise "$ticket" "$customer")
team=$(step assign assign "$summary")
reply=$(step answer answer "$team")

printf '{"summary":"%s","team":"%s","reply":"%s"}' "$summary" "$team" "$reply" |
  curl -sS --fail -o /dev/null -H 'Content-Type: application/json' --data-binary @- "$LANTERN_URL/v1/output"
