package dev.lantern.core.identity;

import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import dev.lantern.value.internal.Quoted;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Names one instance to everybody: {@code spiffe://<domain>/t/<tenant>/a/<agent>/r/<run>/i/<epoch>}.
 *
 * <p>There is one way to write each id, so two ids are the same if and only if their texts are. Whatever is a valid
 * tenant, agent name and run id elsewhere in Lantern stands here without escaping.
 *
 * @param domain the trust domain
 * @param tenant whose run it is
 * @param agent the name in the spec
 * @param run the run's id within the tenant
 * @param epoch the instance's number within the run, from 1
 */
public record InstanceId(TrustDomain domain, String tenant, String agent, String run, int epoch) {
    static final String SCHEME = "spiffe://";

    private static final int LONGEST = 2048;
    private static final String FORM = "spiffe://<domain>/t/<tenant>/a/<agent>/r/<run>/i/<epoch>";
    private static final Pattern AGENT = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");
    private static final List<String> LABELS = List.of("t", "a", "r", "i");
    private static final int PARTS = 1 + 2 * 4;

    /** @throws LanternException if a part is of another form; the message names it */
    public InstanceId {
        Objects.requireNonNull(domain, "domain");
        new RunRef(tenant, run);
        if (!AGENT.matcher(agent).matches()) {
            throw new LanternException("agent name " + Quoted.name(agent)
                    + " is of another form; allowed are 1 to 63 of A-Z a-z 0-9 . _ - that begin and end with a letter"
                    + " or a digit");
        }
        if (epoch < 1) {
            throw new LanternException("instances are numbered from 1, found " + epoch);
        }
    }

    /** The id of this instance of an agent. */
    public static InstanceId of(TrustDomain domain, InstanceRef instance, String agent) {
        return new InstanceId(
                domain, instance.run().tenant(), agent, instance.run().run(), instance.epoch());
    }

    /**
     * Reads the one form that {@link #toString()} writes.
     *
     * @throws LanternException for every other text; the message names what is wrong first
     */
    public static InstanceId parse(String text) {
        if (text.length() > LONGEST) {
            throw refused("it has " + text.length() + " characters, allowed are " + LONGEST);
        }
        if (!text.startsWith(SCHEME)) {
            throw refused("it does not begin with " + SCHEME);
        }
        String rest = text.substring(SCHEME.length());
        requireCharacters(rest);
        if (rest.endsWith("/")) {
            throw refused("it ends with a slash");
        }
        String[] parts = rest.split("/", -1);
        if (parts.length != PARTS) {
            throw refused("it has " + parts.length + " parts between slashes, allowed are exactly " + PARTS);
        }
        for (int i = 0; i < LABELS.size(); i++) {
            if (!parts[1 + 2 * i].equals(LABELS.get(i))) {
                throw refused("part " + (2 + 2 * i) + " is " + Quoted.name(parts[1 + 2 * i]) + ", not \""
                        + LABELS.get(i) + "\"");
            }
        }
        try {
            return new InstanceId(new TrustDomain(parts[0]), parts[2], parts[4], parts[6], epoch(parts[8]));
        } catch (LanternException e) {
            throw new LanternException("reading an instance id: " + e.getMessage(), e);
        }
    }

    /** The instance, where the trust domain and the agent are known. */
    public InstanceRef instance() {
        return new InstanceRef(new RunRef(tenant, run), epoch);
    }

    /** The only text that stands for this id. */
    @Override
    public String toString() {
        return SCHEME + domain + "/t/" + tenant + "/a/" + agent + "/r/" + run + "/i/" + epoch;
    }

    /** Before anything else, so that escapes, ports, user names, queries and fragments need no thought of their own. */
    private static void requireCharacters(String rest) {
        for (int i = 0; i < rest.length(); i++) {
            char c = rest.charAt(i);
            boolean allowed = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '.'
                    || c == '_'
                    || c == '-'
                    || c == '/';
            if (!allowed) {
                throw refused("character " + (SCHEME.length() + i) + " is " + Quoted.name(String.valueOf(c))
                        + ", allowed are A-Z a-z 0-9 . _ - and /");
            }
        }
    }

    private static int epoch(String digits) {
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new LanternException("the epoch " + Quoted.name(digits) + " is no decimal number");
        }
        if (digits.charAt(0) == '0') {
            throw new LanternException("the epoch " + Quoted.name(digits) + " begins with 0");
        }
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            throw new LanternException("the epoch " + Quoted.name(digits) + " is above " + Integer.MAX_VALUE, e);
        }
    }

    private static LanternException refused(String what) {
        return new LanternException("reading an instance id: " + what + "; the form is " + FORM);
    }
}
