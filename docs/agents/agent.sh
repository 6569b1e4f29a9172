#!/bin/sh
# A whole agent in POSIX sh, with what a plain busybox image has: nc asks the harness, sed and tail read its answers.
# BANK is the world outside, a file. With DIE_ONCE=yes the first instance dies inside its charge; the next one goes on.
set -eu
url=${LANTERN_URL#http://} bank=${BANK:-/tmp/bank} calls=0
host=${url%%/*} token=${url#*/}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

stop() { echo "$*" >&2; exit 1; }

# call STATUSES METHOD PATH FILE [HEADER...]: sends FILE and leaves the answer in $work/head and $work/body.
# An answer that is lost or cut off is asked for again: the headers say that it is a repeat.
call() {
  allowed=$1 line="$2 /$token$3 HTTP/1.1" body=$4
  shift 4
  { printf '%s\r\n' "$line" "Host: $host" "Connection: close" "Content-Length: $(($(wc -c < "$body")))" "$@" ''
    cat "$body"; } > "$work/request"
  for pause in 1 1 2 4 0; do
    nc "${host%:*}" "${host#*:}" < "$work/request" > "$work/response" || :
    sed "/^$(printf '\r')\$/q" "$work/response" > "$work/head"
    tail -c "+$(($(wc -c < "$work/head") + 1))" "$work/response" > "$work/body"
    status=$(sed -n '1s/^HTTP[^ ]* \([0-9]*\).*/\1/p' "$work/head")
    if [ "$(field content-length)" = "$(($(wc -c < "$work/body")))" ] && [ "$status" != 503 ]; then
      case " $allowed " in *" $status "*) return ;; *) stop "$(cat "$work/body")" ;; esac
    fi
    sleep "$pause"
  done
  stop 'the harness does not answer'
}
field() { grep -i "^$1:" "$work/head" | sed 's/^[^:]*: *//' | tr -d '\r'; } # field NAME: a header of the answer
member() { sed -n "s/.*\"$1\":\"\\([^\"]*\\)\".*/\\1/p" "$work/body"; } # member NAME: a string of its JSON

# step NAME EFFECT INPUT COMMAND: leaves the step's result in $work/NAME. COMMAND prints it, if it is not recorded.
step() {
  calls=$((calls + 1))
  call '200 201 202 409' POST "/v1/steps/$1/begin?effect=$2" "$3" "Idempotency-Key: ${work##*/}-$calls"
  key=$(field lantern-step-key) attempt=$(field lantern-attempt) begun=$status
  case $begun in
    200) cp "$work/body" "$work/$1"; return ;;
    201 | 202) ;; # run it; it has happened, find its result out
    409)
      [ "$(member code)" = step-in-doubt ] || stop "$(cat "$work/body")"
      in_bank "$(member idempotencyKey)" && happened=true || happened=false
      echo "the bank's list says so" > "$work/how"
      call 200 POST "/v1/steps/$1/resolve?occurrence=1&happened=$happened" "$work/how"
      step "$@"
      return ;;
  esac
  echo "step $1 runs" >&2
  if "$4" > "$work/$1"; then
    call 200 POST "/v1/steps/$1/complete" "$work/$1" "Lantern-Step-Key: $key" 'Content-Type: text/plain'
  else
    echo 'the model timed out' > "$work/why"
    call 200 POST "/v1/steps/$1/fail" "$work/why" "Lantern-Step-Key: $key"
    return 1
  fi
}

summarise() {
  echo '{"provider":"example","model":"small","inputTokens":812,"outputTokens":64,"costUsd":"0.0041"}' > "$work/used"
  call 202 POST /v1/steps/summarise/usage "$work/used" "Lantern-Step-Key: $key" 'Idempotency-Key: summary'
  printf 'ticket %s: login fails' "$ticket"
}
classify() { [ "$attempt" -gt 1 ] && printf identity; }
in_bank() { grep -qs "^$1\$" "$bank"; }
charge() {
  if [ "$begun" = 201 ]; then
    [ "$attempt" != 1 ] || [ "${DIE_ONCE:-}" != yes ] || exit 137
    echo "$key" >> "$bank"
  fi
  printf 'receipt %s' "$ticket"
}

call 200 GET /v1/input /dev/null
ticket=$(sed 's/.*"id":\([0-9]*\).*/\1/' "$work/body")
call 200 GET /v1/run /dev/null
member say >&2
step summarise idempotent /dev/null summarise
until step classify pure "$work/summarise" classify; do echo 'once more' >&2; done
step charge at_most_once /dev/null charge
echo '{"provider":"example","model":"embedding","inputTokens":120,"outputTokens":0}' > "$work/used"
call 200 POST /v1/usage "$work/used" 'Idempotency-Key: embedding'
printf '{"ticket":%s,"summary":"%s","team":"%s","receipt":"%s"}' \
  "$ticket" "$(cat "$work/summarise")" "$(cat "$work/classify")" "$(cat "$work/charge")" > "$work/output"
call 200 POST /v1/output "$work/output" 'Content-Type: application/json'
