#!/bin/sh
# Shows the credentials that it was given, and ends when it may.
set -eu
directory=$1
cp "$LANTERN_SECRETS/DATABASE" "$directory/credentials.part"
mv "$directory/credentials.part" "$directory/credentials"
while [ ! -e "$directory/finish" ]; do sleep 0.05; done
cmp "$LANTERN_SECRETS/DATABASE" "$directory/credentials"
curl -sS --fail -o /dev/null -H 'Content-Type: text/plain' --data 'done' "$LANTERN_URL/v1/output"
