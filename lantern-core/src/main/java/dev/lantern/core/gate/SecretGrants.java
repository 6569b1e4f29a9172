package dev.lantern.core.gate;

import dev.lantern.secrets.SecretPolicy;
import java.util.Optional;

/**
 * What the gate has to know of secrets: whose run it is, and who is given what.
 *
 * @param tenant the run's
 * @param policy empty where no agent is given any secret
 */
public record SecretGrants(String tenant, Optional<SecretPolicy> policy) {
    /** A host without a secret store. */
    public static final SecretGrants NONE = new SecretGrants("default", Optional.empty());
}
