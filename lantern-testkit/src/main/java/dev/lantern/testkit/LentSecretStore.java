package dev.lantern.testkit;

import dev.lantern.secrets.IssuedSecret;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.secrets.SecretStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A test's own store, lent to one runtime after the other: none of them closes it. Remembers what it issued, to tell it
 * again where it must not be. Thread-safe if the store is.
 */
final class LentSecretStore implements SecretStore {
    private final SecretStore store;
    private final Set<String> values = new LinkedHashSet<>();
    private final Set<String> open = new LinkedHashSet<>();

    LentSecretStore(SecretStore store) {
        this.store = store;
    }

    /** Every value that was issued, one character for each byte. */
    synchronized List<String> values() {
        return List.copyOf(values);
    }

    /** The handles of dynamic secrets that nobody has revoked. */
    synchronized List<String> open() {
        return List.copyOf(open);
    }

    @Override
    public String name() {
        return store.name();
    }

    @Override
    public Optional<IssuedSecret> issue(SecretPlace place, Duration ttl, Duration within) {
        Optional<IssuedSecret> issued = store.issue(place, ttl, within);
        issued.ifPresent(this::remember);
        return issued;
    }

    private synchronized void remember(IssuedSecret issued) {
        values.add(new String(issued.value().reveal(), StandardCharsets.ISO_8859_1));
        issued.handle().ifPresent(open::add);
    }

    @Override
    public Optional<Duration> renew(SecretPlace place, String handle, Duration ttl, Duration within) {
        return store.renew(place, handle, ttl, within);
    }

    @Override
    public void revoke(SecretPlace place, String handle, Duration within) {
        store.revoke(place, handle, within);
        synchronized (this) {
            open.remove(handle);
        }
    }

    @Override
    public void close() {
        // Whoever made it closes it.
    }
}
