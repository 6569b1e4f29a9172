package dev.lantern.core.secrets;

import dev.lantern.secrets.IssuedSecret;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.secrets.SecretStore;
import dev.lantern.secrets.SecretValue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Secrets in variables of the host's own environment, for development. Thread-safe.
 *
 * <p>The host says which variable is which secret, one by one: there is no rule by which a name in an agent's spec becomes the
 * name of a variable. Values are UTF-8 text, and stand in the process's environment, which cannot be wiped, for as long as
 * it lives.
 */
public final class EnvironmentSecretStore implements SecretStore {
    private static final String NAME = "environment variables";

    private final Map<SecretPlace, String> variables;
    private final Function<String, Optional<String>> environment;
    private volatile boolean closed;

    private EnvironmentSecretStore(Map<SecretPlace, String> variables, Function<String, Optional<String>> environment) {
        this.variables = new LinkedHashMap<>(variables);
        this.environment = environment;
    }

    /** The secrets in these variables of this process. */
    public static EnvironmentSecretStore of(Map<SecretPlace, String> variables) {
        return of(variables, variable -> Optional.ofNullable(System.getenv(variable)));
    }

    /** The secrets in these variables of another environment, such as one that was read from a file. */
    public static EnvironmentSecretStore of(
            Map<SecretPlace, String> variables, Function<String, Optional<String>> environment) {
        return new EnvironmentSecretStore(variables, Objects.requireNonNull(environment, "environment"));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<IssuedSecret> issue(SecretPlace place, Duration ttl, Duration within) {
        begin("issuing", place, within);
        return Optional.ofNullable(variables.get(place))
                .flatMap(environment)
                .filter(text -> !text.isEmpty())
                .map(text -> IssuedSecret.ofStatic(SecretValue.of(text.getBytes(StandardCharsets.UTF_8)), ttl));
    }

    /** Empty: a variable has no end. */
    @Override
    public Optional<Duration> renew(SecretPlace place, String handle, Duration ttl, Duration within) {
        begin("renewing", place, within);
        return Optional.empty();
    }

    /** Nothing: it issues no handles. */
    @Override
    public void revoke(SecretPlace place, String handle, Duration within) {
        begin("revoking", place, within);
    }

    @Override
    public void close() {
        closed = true;
    }

    private void begin(String verb, SecretPlace place, Duration within) {
        Asked asked = new Asked(verb, place, NAME);
        if (closed) {
            throw asked.closed();
        }
        asked.begin(within);
    }
}
