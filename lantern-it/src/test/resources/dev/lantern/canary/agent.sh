#!/bin/sh
# Writes its secrets into its lines in every way that a shell knows, and what it wrote into the directory that it is told, for
# comparison. One step fails, with all of that in its error, and the first instance dies.
set -eu
kept=$1
epoch=$(curl -sS --fail "$LANTERN_URL/v1/run" | sed 's/.*"epoch":\([0-9]*\).*/\1/')

spell() {
  bytes=$(od -An -v -tx1 < "$1" | tr -d '\n')
  echo "$2 as it is: $(cat "$1")"
  echo "$2 in base64: $(base64 -w 0 < "$1")"
  echo "$2 in base64 of more: $( (printf 'user:'; cat "$1") | base64 -w 0)"
  echo "$2 in base64 for URLs: $(base64 -w 0 < "$1" | tr '+/' '-_')"
  echo "$2 in base64 in lines:"
  base64 -w 20 < "$1"
  echo "$2 in hex: $(echo "$bytes" | tr -d ' ')"
  echo "$2 in HEX: $(echo "$bytes" | tr -d ' ' | tr a-f A-F)"
  echo "$2 in a URL: https://example.com/?key=$(echo "$bytes" | sed 's/ /%/g')"
  echo "$2 in JSON: {\"key\":\"$(sed 's/\\/\\\\/g; s/"/\\"/g' < "$1" | awk 'NR > 1 { printf "\\n" } { printf "%s", $0 }')\"}"
  echo "$2 in JSON in numbers: {\"key\":\"$(echo "$bytes" | sed 's/ /\\u00/g')\"}"
}

spell "$LANTERN_SECRETS/API_KEY" API_KEY > "$kept/lines.$epoch"
spell "$LANTERN_SECRETS/DATABASE" DATABASE >> "$kept/lines.$epoch"
cat "$kept/lines.$epoch"
cat "$kept/lines.$epoch" >&2

if [ "$epoch" = 1 ]; then
  key=$(curl -sS --fail -X POST "$LANTERN_URL/v1/steps/call/begin")
  curl -sS --fail -o /dev/null -H "Lantern-Step-Key: $key" -H 'Content-Type: text/plain' \
    --data-binary "the service said no: $(cat "$kept/lines.$epoch")" "$LANTERN_URL/v1/steps/call/fail"
  kill -9 $$
fi
key=$(curl -sS --fail -X POST "$LANTERN_URL/v1/steps/call/begin")
curl -sS --fail -o /dev/null -H "Lantern-Step-Key: $key" -H 'Content-Type: text/plain' \
  --data 'called' "$LANTERN_URL/v1/steps/call/complete"
curl -sS --fail -o /dev/null -H 'Content-Type: text/plain' --data 'done' "$LANTERN_URL/v1/output"
