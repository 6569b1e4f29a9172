# Notes which process the agent is, and becomes the agent.
#
#   launch.sh <instance directory> <command> <argument>...
directory=$1
shift
stat=
{ read -r stat <"/proc/$$/stat"; } 2>/dev/null
# Some shells run this when the command cannot be executed; then the host knows that nothing of it ran.
trap 'echo "$?" >"$directory/not-executed"' EXIT
if [ -z "$stat" ]; then
    stat="$$ $(LC_ALL=C /bin/ps -o lstart= -p $$)"
fi
echo "$stat" >"$directory/process"
if [ -e "$directory/host-gone" ]; then
    exit 137
fi
exec "$@"
