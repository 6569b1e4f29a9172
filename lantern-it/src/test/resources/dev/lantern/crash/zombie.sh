#!/bin/sh
# Three durable steps. The first instance halts at a named place inside or behind the second body until it may go on.
set -eu
directory=$1
halt_at=$2
epoch=$(curl -sS --fail "$LANTERN_URL/v1/run" | sed 's/.*"epoch":\([0-9]*\).*/\1/')
echo $$ > "$directory/pid.$epoch"

halt() {
  if [ "$1" = "$halt_at" ] && [ "$epoch" = 1 ] && [ "$2" = two ]; then
    : > "$directory/halted"
    while [ ! -e "$directory/go" ]; do sleep 0.05; done
  fi
}

step() {
  answer=$(curl -sS -X POST -w '\n%{http_code}' "$LANTERN_URL/v1/steps/$1/begin")
  body=$(printf '%s\n' "$answer" | sed '$d')
  case $(printf '%s\n' "$answer" | tail -n 1) in
    200) printf '%s' "$body" ;;
    201)
      halt inside "$1"
      result="$1 by $epoch"
      halt behind "$1"
      status=$(curl -sS -o /dev/null -w '%{http_code}' -H "Lantern-Step-Key: $body" -H 'Content-Type: text/plain' \
        --data-binary "$result" "$LANTERN_URL/v1/steps/$1/complete")
      echo "$1 $epoch $status" >> "$directory/completed"
      [ "$status" = 200 ]
      printf '%s' "$result"
      ;;
    *) printf '%s\n' "$body" >&2 && exit 1 ;;
  esac
}

one=$(step one)
two=$(step two)
three=$(step three)
curl -sS --fail -o /dev/null -H 'Content-Type: text/plain' --data-binary "$one, $two, $three" "$LANTERN_URL/v1/output"
