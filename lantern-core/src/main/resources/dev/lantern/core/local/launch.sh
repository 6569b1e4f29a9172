# Notes which process the agent is, and becomes the agent.
#
#   launch.sh <instance directory> <command> <argument>...
#
# Descriptor 6 is where to note it: what /proc says of this process or, where there is none, its number and start.
directory=$1
shift
stat=
{ read -r stat <"/proc/$$/stat"; } 2>/dev/null
if [ -z "$stat" ]; then
    stat="$$ $(LC_ALL=C /bin/ps -o lstart= -p $$)"
fi
echo "$stat" >&6 || exit 126
if [ -e "$directory/host-gone" ] || [ ! -d "$directory" ]; then
    exit 137
fi
# Some shells run this when the command cannot be executed; then the host knows that nothing of it ran.
trap 'echo "$?" >"$directory/not-executed"' EXIT
exec 6>&-
exec "$@"
