package dev.lantern.agent.harness.process;

import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads the variables of a harness process and remembers everything that is wrong with them: what is asked for and not
 * there reads as empty, until {@link #requireNoFault} says so. Values are never shown. One thread at a time.
 */
final class Environment {
    static final String GATEWAY = "LANTERN_GATEWAY";
    static final String TENANT = "LANTERN_TENANT";
    static final String RUN = "LANTERN_RUN";
    static final String EPOCH = "LANTERN_EPOCH";
    static final String SECRET_FILE = "LANTERN_ENROLMENT_FILE";
    static final String RESULT_FILE = "LANTERN_RESULT_FILE";
    static final String INPUT_FILE = "LANTERN_INPUT_FILE";
    static final String SECRETS = "LANTERN_SECRETS";
    static final String TRUST_DOMAIN = "LANTERN_TRUST_DOMAIN";
    static final String AUTHORITIES = "LANTERN_AUTHORITIES";
    static final String URL_FILE = "LANTERN_URL_FILE";
    static final String URL = "LANTERN_URL";
    static final String RELEASE_PORT = "LANTERN_RELEASE_PORT";
    static final String FORBIDDEN = "LANTERN_FORBIDDEN_ADDRESSES";
    static final String GRACE_SECONDS = "LANTERN_GRACE_SECONDS";

    private final Map<String, String> variables;
    private final List<String> faults = new ArrayList<>();

    Environment(Map<String, String> variables) {
        this.variables = variables;
    }

    /** Something is wrong that is not about one variable. */
    void fault(String what) {
        faults.add(what);
    }

    /** @throws LanternException that names everything that was found wrong by now */
    void requireNoFault() {
        if (!faults.isEmpty()) {
            throw new LanternException(String.join("; ", faults));
        }
    }

    /** @param read throws {@link LanternException} for what is malformed, with a message that shows no value */
    <T> Optional<T> required(String name, Function<String, T> read) {
        Optional<String> text = required(name);
        try {
            return text.map(read);
        } catch (LanternException e) {
            fault(name + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    Optional<RunRef> run() {
        Optional<String> tenant = required(TENANT);
        Optional<String> run = required(RUN);
        if (tenant.isEmpty() || run.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new RunRef(tenant.get(), run.get()));
        } catch (LanternException e) {
            fault(TENANT + " and " + RUN + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    Optional<Path> requiredPath(String name) {
        return required(name).map(Path::of);
    }

    /** As {@link #required(String, Function)}; empty if it is not set. */
    <T> Optional<T> optional(String name, Function<String, T> read) {
        return variables.containsKey(name) ? required(name, read) : Optional.empty();
    }

    Optional<Path> path(String name) {
        return Optional.ofNullable(variables.get(name)).map(Path::of);
    }

    /** A number from {@code least} to {@code most}. */
    Optional<Integer> number(String name, int least, int most) {
        return required(name).flatMap(text -> number(name, text, least, most));
    }

    /** As {@link #number(String, int, int)}; {@code usual} if it is not set. */
    Optional<Integer> number(String name, int least, int most, int usual) {
        return number(name, variables.getOrDefault(name, Integer.toString(usual)), least, most);
    }

    private Optional<Integer> number(String name, String text, int least, int most) {
        try {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return Optional.of(value);
            }
            fault(range(name, least, most));
        } catch (NumberFormatException e) {
            fault(range(name, least, most));
        }
        return Optional.empty();
    }

    private static String range(String name, int least, int most) {
        return name + " must be a number from " + least + (most == Integer.MAX_VALUE ? " up" : " to " + most);
    }

    private Optional<String> required(String name) {
        Optional<String> value = Optional.ofNullable(variables.get(name)).filter(text -> !text.isEmpty());
        if (value.isEmpty()) {
            fault(name + " is not set");
        }
        return value;
    }
}
