#!/bin/sh
# Handles canaries: one in a step's input, one in a small result, one in a large one, one in its output. Dies once on
# the way, so that the second instance is answered from the journal.
set -eu

call() {
  curl -sS --retry 5 --retry-connrefused "$@"
}

epoch=$(call --fail "$LANTERN_URL/v1/run" | sed 's/.*"epoch":\([0-9]*\).*/\1/')
input=$(call --fail "$LANTERN_URL/v1/input")

# step NAME EFFECT RESULT-FILE: leaves the recorded result in the file recorded.
step() {
  status=$(call -X POST -o recorded -w '%{http_code}' -H 'Content-Type: text/plain' \
    --data-binary "canary-step-input for $1" "$LANTERN_URL/v1/steps/$1/begin?effect=$2")
  case $status in
    200) ;;
    201)
      call --fail -o /dev/null -H "Lantern-Step-Key: $(cat recorded)" -H 'Content-Type: text/plain' \
        --data-binary "@$3" "$LANTERN_URL/v1/steps/$1/complete"
      cp "$3" recorded
      ;;
    *) cat recorded >&2 && exit 1 ;;
  esac
}

printf 'canary-result' > small.txt
awk 'BEGIN { for (i = 0; i < 6000; i++) printf "canary-large-result " }' > large.txt
step small at_most_once small.txt
small=$(cat recorded)
step large idempotent large.txt
large=$(wc -c < recorded | tr -d ' ')
if [ "$epoch" = 1 ]; then
  kill -9 $$
fi
printf 'canary-output after %s: %s, %s, %s' "$epoch" "$input" "$small" "$large" |
  call --fail -o /dev/null -H 'Content-Type: text/plain' --data-binary @- "$LANTERN_URL/v1/output"
