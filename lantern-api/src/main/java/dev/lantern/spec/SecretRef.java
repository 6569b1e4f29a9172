package dev.lantern.spec;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A secret an agent may ask for: the name it asks by, the place in the store, and how long one release lasts.
 *
 * <p>Immutable. Holds no secret.
 */
public final class SecretRef {
    /** How long a released value is valid unless the spec says otherwise. */
    public static final Duration DEFAULT_TTL = Duration.ofMinutes(5);
    /** The longest a spec may ask for. */
    public static final Duration MAX_TTL = Duration.ofMinutes(15);

    private static final String TTL_RULE = "a duration from 1s to 15m, such as 5m";

    private final String envName;
    private final SecretUri uri;
    private final Duration ttl;

    private SecretRef(String envName, SecretUri uri, Duration ttl) {
        this.envName = envName;
        this.uri = uri;
        this.ttl = ttl;
    }

    /**
     * The secret at {@code uri}, for {@value #DEFAULT_TTL_TEXT} at a time.
     *
     * @throws InvalidSpecException if {@code envName} is no name of an environment variable, or begins with LANTERN_
     */
    public static SecretRef of(String envName, SecretUri uri) {
        return new SecretRef(
                Environment.checkedName(SpecPath.of("env_name"), envName),
                Objects.requireNonNull(uri, "uri"),
                DEFAULT_TTL);
    }

    static final String DEFAULT_TTL_TEXT = "5m";

    /**
     * The same secret for another time.
     *
     * @throws InvalidSpecException unless {@code ttl} is whole milliseconds from 1 s to {@link #MAX_TTL}
     */
    public SecretRef ttl(Duration ttl) {
        boolean inRange = ttl.compareTo(Duration.ofSeconds(1)) >= 0 && ttl.compareTo(MAX_TTL) <= 0;
        if (!inRange || !DurationText.isWholeMillis(ttl)) {
            throw InvalidSpecException.of("ttl", DurationText.shown(ttl), TTL_RULE, "");
        }
        return new SecretRef(envName, uri, ttl);
    }

    /**
     * The same secret for another time, as {@code agent.yaml} writes it.
     *
     * @throws InvalidSpecException as {@link #ttl(Duration)}, and for text that is no duration
     */
    public SecretRef ttl(String text) {
        return ttl(DurationText.parse("ttl", text, TTL_RULE));
    }

    /** The name the agent asks by; also the name of the file the value appears in. */
    public String envName() {
        return envName;
    }

    /** The place in the secret store. */
    public SecretUri uri() {
        return uri;
    }

    /** How long one release is valid. */
    public Duration ttl() {
        return ttl;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SecretRef that
                && envName.equals(that.envName)
                && uri.equals(that.uri)
                && ttl.equals(that.ttl);
    }

    @Override
    public int hashCode() {
        return Objects.hash(envName, uri, ttl);
    }

    @Override
    public String toString() {
        return envName + " from " + uri + " for " + DurationText.of(ttl);
    }
}
