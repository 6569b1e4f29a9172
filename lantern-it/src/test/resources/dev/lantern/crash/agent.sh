#!/bin/sh
# Five durable steps. Leaves a trace of the bodies that it runs: "<step> <epoch>", a line each.
set -eu
trace=$1
# Whoever kills it sees a whole number or no file.
echo $$ > "$trace.pid.$$"
mv "$trace.pid.$$" "$trace.pid"

call() {
  curl -sS --retry 5 --retry-connrefused "$@"
}

epoch=$(call --fail "$LANTERN_URL/v1/run" | sed 's/.*"epoch":\([0-9]*\).*/\1/')

step() {
  answer=$(call -X POST -w '\n%{http_code}' "$LANTERN_URL/v1/steps/$1/begin")
  body=$(printf '%s\n' "$answer" | sed '$d')
  case $(printf '%s\n' "$answer" | tail -n 1) in
    200) printf '%s' "$body" ;;
    201)
      echo "$1 $epoch" >> "$trace"
      call --fail -o /dev/null -H "Lantern-Step-Key: $body" -H 'Content-Type: text/plain' \
        --data-binary "result of $1" "$LANTERN_URL/v1/steps/$1/complete"
      printf 'result of %s' "$1"
      ;;
    *) printf '%s\n' "$body" >&2 && exit 1 ;;
  esac
}

one=$(step one)
two=$(step two)
three=$(step three)
four=$(step four)
five=$(step five)
call --fail -o /dev/null -H 'Content-Type: text/plain' --data-binary "$one, $two, $three, $four, $five" "$LANTERN_URL/v1/output"
