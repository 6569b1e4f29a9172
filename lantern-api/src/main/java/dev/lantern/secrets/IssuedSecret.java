package dev.lantern.secrets;

import dev.lantern.value.LanternException;
import java.time.Duration;
import java.util.Optional;

/**
 * A secret that a store gave out.
 *
 * @param value its bytes, which belong to whoever has this
 * @param mode what ends it
 * @param handle names what was issued at the backend, for {@link SecretStore#renew} and {@link SecretStore#revoke}: an
 *     identifier, worth nothing by itself. Each {@link SecretMode#DYNAMIC} secret has one, no static one does
 * @param ttl how long it is good from when it was asked for: what the backend granted, and of a static one what was wanted
 * @param version which of its values it is, as the backend counts, where it does
 */
public record IssuedSecret(
        SecretValue value, SecretMode mode, Optional<String> handle, Duration ttl, Optional<String> version) {

    /** @throws LanternException if the handle does not fit the mode, or the time is none */
    public IssuedSecret {
        if (handle.isPresent() != (mode == SecretMode.DYNAMIC)
                || handle.filter(String::isEmpty).isPresent()) {
            throw new LanternException("a " + mode + " secret with "
                    + handle.map(text -> "the handle \"" + text + '"').orElse("no handle")
                    + ": a DYNAMIC one has a handle that is not empty, a STATIC one has none");
        }
        if (ttl.isZero() || ttl.isNegative()) {
            throw new LanternException("an issued secret is good for some time, found " + ttl);
        }
    }

    /** A static secret of which a backend counts no versions. */
    public static IssuedSecret ofStatic(SecretValue value, Duration ttl) {
        return new IssuedSecret(value, SecretMode.STATIC, Optional.empty(), ttl, Optional.empty());
    }

    /** All but the value. */
    @Override
    public String toString() {
        return "IssuedSecret[" + mode + ", handle=" + handle.orElse("none") + ", ttl=" + ttl + ", version="
                + version.orElse("none") + "]";
    }
}
