#!/bin/sh
# Two durable steps with two secrets. The second instance ends only when it may. The first one's second step is held up on
# its way, by the network; what the agent finds of its secrets when it is told to stop, it notes.
set -eu
directory=$1
epoch=$(curl -sS --fail "$LANTERN_URL/v1/run" | sed 's/.*"epoch":\([0-9]*\).*/\1/')

# note FILE: standard input; whoever sees the file sees all of it
note() {
  cat > "$directory/$1.part"
  mv "$directory/$1.part" "$directory/$1"
}

told_to_stop() {
  left=$(ls "$LANTERN_SECRETS")
  printf '%s' "$left" | note "left.$epoch"
  exit 143
}
trap told_to_stop TERM

echo "$LANTERN_SECRETS" | note "secrets.$epoch"
echo $$ | note "pid.$epoch"

# step NAME
step() {
  answer=$(curl -sS -X POST -w '\n%{http_code}' "$LANTERN_URL/v1/steps/$1/begin")
  body=$(printf '%s\n' "$answer" | sed '$d')
  case $(printf '%s\n' "$answer" | tail -n 1) in
    200) result=$body ;;
    201)
      result="$1 by $epoch"
      status=$(curl -sS -o /dev/null -w '%{http_code}' -H "Lantern-Step-Key: $body" -H 'Content-Type: text/plain' \
        --data-binary "$result" "$LANTERN_URL/v1/steps/$1/complete") || status=none
      echo "$1 $epoch $status" >> "$directory/completed"
      if [ "$status" != 200 ]; then
        while :; do sleep 0.05; done
      fi
      ;;
    *) printf '%s\n' "$body" >&2 && exit 1 ;;
  esac
}

step one
one=$result
step two
two=$result
echo "$epoch" | note worked
while [ ! -e "$directory/finish" ]; do sleep 0.05; done
curl -sS --fail -o /dev/null -H 'Content-Type: text/plain' --data-binary "$one, $two" "$LANTERN_URL/v1/output"
