# An agent that has nothing but a shell: says what it finds of its secret, writes it into its lines in every way it knows, and
# ends when the value is another one.
file=$LANTERN_SECRETS/API_KEY
echo "mode $(stat -c %a "$file")"
while read -r device place type options; do
  [ "$place" = "$LANTERN_SECRETS" ] && echo "mounted $type ${options%%,*}"
done < /proc/mounts

# tried WHAT COMMAND: says whether the command worked
tried() {
  if sh -c "$2" 2> /dev/null; then
    echo "$1: yes"
  else
    echo "$1: no"
  fi
}
tried 'overwrites its secret' "echo x > '$file'"
tried 'makes a file beside it' "echo x > '$LANTERN_SECRETS/OTHER'"
tried 'removes its secret' "rm -f '$file'"
tried 'finds it in its environment' "env | grep -q '^API_KEY='"

echo "the value is $(cat "$file")"
echo "base64 $(base64 < "$file" | tr -d '\n')"
base64 < "$file" | fold -w 16
echo "hex $(od -An -v -tx1 < "$file" | tr -d ' \n')"
echo "url $(od -An -v -tx1 < "$file" | tr -d '\n' | sed 's/ /%/g')"
first=$(cat "$file")
echo waits
while [ "$(cat "$file")" = "$first" ]; do sleep 1; done
echo "the next value is $(cat "$file")"
printf '{"rotated":true}' > "$LANTERN_RESULT_FILE.part"
mv "$LANTERN_RESULT_FILE.part" "$LANTERN_RESULT_FILE"
