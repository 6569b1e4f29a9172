# An agent that has nothing but a shell and nc.
#   MODE=through  goes from beginning to end
#   MODE=held     stays after step one, if it was this instance that ran it, until it is ended
#   MODE=slow     makes twenty steps of a second
#   MODE=fence    says whether it reaches FORBIDDEN, host:port, and goes through
#   MODE=dial     does nothing but dial FORBIDDEN for two seconds first, says how often that worked, and goes through
if [ "$MODE" = dial ]; then
  reached=0 until=$(($(date +%s) + 3))
  while [ "$(date +%s)" -lt "$until" ]; do
    nc -w 1 "${FORBIDDEN%:*}" "${FORBIDDEN#*:}" < /dev/null > /dev/null 2>&1 && reached=$((reached + 1))
  done
  echo "the forbidden address was reached $reached times"
fi
rest=${LANTERN_URL#http://} host=${rest%%/*} token=/${rest#*/}
host=${host%/}

# call METHOD PATH HEADERS BODY: prints the whole answer
call() {
  printf '%s %s%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%bContent-Length: %s\r\n\r\n%s' \
    "$1" "$token" "$2" "$host" "$3" "${#4}" "$4" | nc "${host%:*}" "${host#*:}"
}

# must ANSWER
must() {
  case $1 in
    'HTTP/1.1 200 '*) ;;
    *) echo "unexpected: $1"; exit 1 ;;
  esac
}

begun=0
# step NAME RESULT: 0 if it ran, 1 if it was recorded
step() {
  begun=$((begun + 1))
  answer=$(call POST "/v1/steps/$1/begin" "Idempotency-Key: $HOSTNAME-$begun\r\n" "")
  case $answer in
    'HTTP/1.1 200 '*) echo "step $1 was recorded"; return 1 ;;
    'HTTP/1.1 201 '*) echo "step $1 runs" ;;
    *) echo "unexpected: $answer"; exit 1 ;;
  esac
  must "$(call POST "/v1/steps/$1/complete" "Content-Type: text/plain\r\n" "$2")"
}

trap 'exit 143' TERM
head -n 1 /proc/version
case $MODE in
  through) step one first; step two second ;;
  held)
    if step one first; then
      echo held
      while :; do sleep 1 & wait $!; done
    fi
    step two second
    ;;
  fence)
    if nc -w 3 "${FORBIDDEN%:*}" "${FORBIDDEN#*:}" < /dev/null > /dev/null 2>&1; then
      echo 'the forbidden address is reached'
    else
      echo 'the forbidden address is not reached'
    fi
    step one first
    ;;
  dial) step one first ;;
  slow)
    for second in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
      step "second-$second" done
      sleep 1
    done
    ;;
esac
printf '{"mode":"%s"}' "$MODE" > "$LANTERN_RESULT_FILE.part"
mv "$LANTERN_RESULT_FILE.part" "$LANTERN_RESULT_FILE"
