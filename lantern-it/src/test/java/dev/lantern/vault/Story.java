package dev.lantern.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lantern.core.secrets.VaultSecretStore;
import dev.lantern.secrets.IssuedSecret;
import dev.lantern.secrets.SecretMode;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.secrets.SecretValue;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * One sequence of calls to a store and of what befalls its server, and what the store says to each, without what differs between
 * two servers: addresses, names and the ends of leases.
 */
final class Story {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SecretPlace KEY = new SecretPlace("acme", "api-key");
    private static final SecretPlace OTHER = new SecretPlace("acme", "other");
    private static final SecretPlace DATABASE = new SecretPlace("acme", "database");
    private static final Duration TTL = Duration.ofMinutes(5);
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofMillis(300);

    private final Backend backend;
    private final List<String> told = new ArrayList<>();
    private VaultSecretStore store;

    private Story(Backend backend) throws Exception {
        this.backend = backend;
        this.store = backend.store();
    }

    static List<String> told(Backend backend) throws Exception {
        Story story = new Story(backend);
        try {
            story.entries();
            story.credentials();
            story.ends();
            story.outages();
            story.logins();
            return story.told;
        } finally {
            story.store.close();
        }
    }

    private void entries() {
        issue("never put", KEY);
        backend.put("acme", "api-key", Map.of("value", "one"));
        issue("put", KEY);
        backend.put("acme", "api-key", Map.of("value", "two"));
        issue("put again", KEY);
        backend.delete("acme", "api-key");
        issue("deleted", KEY);
        backend.delete("acme", "api-key");
        backend.put("acme", "api-key", Map.of("value", "three"));
        issue("deleted twice and put", KEY);
        backend.destroy("acme", "api-key", 3);
        issue("destroyed", KEY);
        backend.put("acme", "api-key", Map.of("value", "four"));
        issue("destroyed and put", KEY);
        backend.delete("acme", "other");
        issue("deleted, never put", OTHER);
        backend.put("acme", "other", Map.of("password", "one"));
        issue("without its field", OTHER);
        backend.put("acme", "other", Map.of("value", 7));
        issue("a number", OTHER);
        backend.put("acme", "other", Map.of("value", ""));
        issue("an empty text", OTHER);
        backend.put("acme", "other", Map.of("value", "Zürich \"quoted\" <&> \\"));
        issue("an odd text", OTHER);
        backend.put("umbrella", "api-key", Map.of("value", "of another"));
        issue("of a tenant that no rule names", new SecretPlace("umbrella", "api-key"));
    }

    private void credentials() {
        backend.credentials(TTL, TTL.multipliedBy(4));
        issue("of a tenant that no rule names", new SecretPlace("umbrella", "database"));
        String lease = issue("made", DATABASE);
        renew("renewed", DATABASE, lease, TTL);
        renew("renewed for less", DATABASE, lease, Duration.ofSeconds(20));
        renew("renewed for too long", DATABASE, lease, Duration.ofHours(5));
        renew("of another place", new SecretPlace("umbrella", "database"), lease, TTL);
        renew("a lease that never was", DATABASE, lease.substring(0, lease.lastIndexOf('/')) + "/never", TTL);
        revoke("of another place", new SecretPlace("umbrella", "database"), lease);
        renew("still there", DATABASE, lease, TTL);
        revoke("ended", DATABASE, lease);
        revoke("ended again", DATABASE, lease);
        renew("ended", DATABASE, lease, TTL);
        revoke("a lease that never was", DATABASE, lease.substring(0, lease.lastIndexOf('/')) + "/never");
    }

    private void ends() {
        backend.credentials(Duration.ofSeconds(2), Duration.ofSeconds(3));
        String lease = issue("made for a short time", DATABASE);
        renew("up to its longest life", DATABASE, lease, TTL);
        backend.hasEnded(lease);
        renew("behind its longest life", DATABASE, lease, TTL);
        revoke("behind its longest life", DATABASE, lease);

        backend.credentials(TTL, TTL);
        String orphan = issue("made", DATABASE);
        backend.revokeTokens();
        renew("made with a token that is gone", DATABASE, orphan, TTL);
        revoke("made with a token that is gone", DATABASE, orphan);
        issue("with a new token", KEY);
    }

    private void outages() {
        String lease = issue("made", DATABASE);
        backend.away(true);
        soon("engine is away", () -> shown(store.issue(DATABASE, TTL, SOON)));
        renew("engine is away", DATABASE, lease, TTL);
        revoke("engine is away", DATABASE, lease);
        backend.away(false);
        renew("engine is back", DATABASE, lease, TTL);

        backend.seal(true);
        soon("sealed", () -> shown(store.issue(KEY, TTL, SOON)));
        soon("sealed", () -> String.valueOf(store.renew(DATABASE, lease, TTL, SOON)));
        backend.seal(false);
        issue("unsealed", KEY);
        renew("unsealed", DATABASE, lease, TTL);
        revoke("unsealed", DATABASE, lease);

        backend.forgetCredentials();
        issue("the engine has no such role", DATABASE);
    }

    private void logins() throws Exception {
        store.close();
        store = backend.store();
        backend.signs(false);
        issue("signed by somebody else", KEY);
        backend.signs(true);
        issue("signed as it should be", KEY);
    }

    /** Its lease, or nothing. */
    private String issue(String when, SecretPlace place) {
        List<String> lease = new ArrayList<>();
        tell("issue " + place, when, () -> {
            var issued = store.issue(place, TTL, WITHIN);
            issued.flatMap(IssuedSecret::handle).ifPresent(lease::add);
            return shown(issued);
        });
        return lease.isEmpty() ? "" : lease.get(0);
    }

    private void renew(String when, SecretPlace place, String lease, Duration ttl) {
        tell(
                "renew " + place,
                when,
                () -> store.renew(place, lease, ttl, WITHIN).map(Story::roughly).orElse("empty"));
    }

    private void revoke(String when, SecretPlace place, String lease) {
        tell("revoke " + place, when, () -> {
            store.revoke(place, lease, WITHIN);
            return "done";
        });
    }

    private void soon(String when, Supplier<String> call) {
        tell("a call", when, call);
    }

    private void tell(String what, String when, Supplier<String> call) {
        String result;
        try {
            result = call.get();
        } catch (LanternException e) {
            result = "! "
                    + e.getMessage()
                            .replace(store.name(), "the server")
                            .replaceAll("(creds/app/)[A-Za-z0-9]+", "$1<lease>")
                            .replaceAll("token in \\S+", "token in <file>");
        }
        told.add(what + ", " + when + ": " + result);
    }

    private static String shown(Optional<IssuedSecret> issued) {
        return issued.map(Story::shown).orElse("empty");
    }

    private static String shown(IssuedSecret issued) {
        try (SecretValue value = issued.value()) {
            if (issued.mode() == SecretMode.STATIC) {
                return "version " + issued.version().orElse("none") + " " + new String(value.reveal(), UTF_8);
            }
            JsonNode json = JSON.readTree(value.reveal());
            TreeSet<String> names = new TreeSet<>();
            json.fieldNames().forEachRemaining(names::add);
            return names + " for " + roughly(issued.ttl());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A real server takes some time itself. */
    private static String roughly(Duration time) {
        if (time.toSeconds() <= 3) {
            return "up to 3 s";
        }
        return time.toSeconds() > 60 ? time.plusSeconds(59).toMinutes() + " min" : time.toSeconds() + " s";
    }
}
