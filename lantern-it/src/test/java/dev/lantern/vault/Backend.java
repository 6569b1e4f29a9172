package dev.lantern.vault;

import dev.lantern.core.secrets.VaultSecretStore;
import java.time.Duration;
import java.util.Map;

/** What an administrator does at a server, real or not, in the words of {@link Story}. */
interface Backend {
    /** A new store that logs in as {@code lantern} by the method {@code jwt}. */
    VaultSecretStore store() throws Exception;

    /** The next login shows a token that somebody else signed, or the right one again. */
    void signs(boolean right) throws Exception;

    void put(String tenant, String key, Map<String, ?> fields);

    void delete(String tenant, String key);

    void destroy(String tenant, String key, int version);

    /** Has the engine of acme make credentials that live so long. */
    void credentials(Duration life, Duration longest);

    /** The engine of acme has no role any more. */
    void forgetCredentials();

    /** What the engine of acme works on cannot be reached, or can again. */
    void away(boolean on);

    void revokeTokens();

    void seal(boolean on);

    /** Returns when the lease has ended by itself. */
    void hasEnded(String lease);
}
