# Runs one agent in a session of its own, and ends that session when the host is gone.
#
#   watch.sh <instance directory> <program that starts a session> <its arguments> <command> <argument>...
#
# Standard input is the host's pipe. A line TERM or KILL is a signal for the agent; the end of the pipe means that
# the host has closed it or is dead, and everything is killed at once. Standard output and error are the agent's.
# The exit code is the agent's, or 128 + n if signal n ended it.
directory=$1
shift
exec 3<&0 </dev/null
# The agent notes here which process it is. Held open: it is found even if somebody removes the directory.
true >"$directory/process" || exit 126
exec 5<"$directory/process" 6>>"$directory/process"

# The fields of /proc/<pid>/stat from the third on: the second is a name and may hold anything.
fields_of() {
    fields=
    { read -r fields <"/proc/$1/stat"; } 2>/dev/null
    fields=${fields##*) }
}

started() {
    echo "${20}"
}

# Finds the agent's process, unless its number has been given to another one.
find_agent() {
    if [ -z "$agent" ]; then
        read -r agent noted <&5
        birth=$(started ${noted##*) })
    fi
    if [ -n "$agent" ] && [ -e /proc/self/stat ]; then
        fields_of "$agent"
        if [ -n "$fields" ] && [ "$(started $fields)" != "$birth" ]; then
            return 1
        fi
    fi
    [ -n "$agent" ]
}

# Groups are joined and left freely, timeout(1) does it; the session is left by daemons alone.
kill_session() {
    kill -KILL "-$agent" 2>/dev/null
    for stat in $(command -p grep -ls "^[0-9]* (.*) [^XZ] [0-9]* [0-9]* $agent " /proc/[0-9]*/stat); do
        pid=${stat#/proc/}
        kill -KILL "${pid%/stat}" 2>/dev/null && left=yes
    done
}

obey() {
    # What ends the host's terminal session must not end this.
    trap '' HUP INT QUIT TERM
    agent=
    while read -r signal; do
        case $signal in
        TERM) find_agent && kill -TERM "-$agent" ;;
        KILL) find_agent && kill_session ;;
        esac
    done
    # An agent that has not noted its process yet looks for this file after noting it, and ends by itself.
    # Not with a colon: when that cannot write, the shell ends.
    true >"$directory/host-gone"
    if find_agent; then
        # Again while there are members, for one may have been in the middle of a fork; but not for ever, for one
        # may hang in the kernel.
        left=yes
        rounds=0
        while [ -n "$left" ] && [ "$rounds" -lt 500 ]; do
            left=
            rounds=$((rounds + 1))
            kill_session
        done
    fi
}

# In the background the agent would inherit ignored interrupts, so the one that waits for orders is there instead.
obey <&3 >/dev/null 2>&1 3<&- 6>&- &
exec 3<&- 5<&- 4>&2 2>/dev/null
# Caught, not ignored: an ignored signal would be ignored in the agent too.
trap : HUP INT QUIT TERM
# In a subshell, or what this shell says of the agent's death would stand in the agent's log.
(exec "$@" 2>&4 4>&-)
exit $?
