package dev.lantern.core.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.secrets.SecretPlace;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class InMemorySecretStoreTest {
    private static final SecretPlace PLACE = new SecretPlace("acme", "database");
    private static final Duration WITHIN = Duration.ofSeconds(1);
    private static final Duration TTL = Duration.ofMinutes(5);

    private Instant now = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void a_dynamic_secret_ends_by_the_clock_and_is_never_granted_more_than_the_longest() {
        InMemorySecretStore store = new InMemorySecretStore(() -> now)
                .makes(PLACE, Duration.ofMinutes(2), number -> ("made-" + number).getBytes(UTF_8));
        var issued = store.issue(PLACE, TTL, WITHIN).orElseThrow();
        assertThat(issued.ttl()).isEqualTo(Duration.ofMinutes(2));

        now = now.plus(Duration.ofSeconds(119));
        assertThat(store.renew(PLACE, issued.handle().orElseThrow(), TTL, WITHIN))
                .contains(Duration.ofMinutes(2));
        now = now.plus(Duration.ofMinutes(2));

        assertThat(store.renew(PLACE, issued.handle().orElseThrow(), TTL, WITHIN))
                .isEmpty();
    }

    @Test
    void a_test_sees_what_was_issued_and_what_was_revoked() {
        InMemorySecretStore store =
                new InMemorySecretStore(() -> now).makes(PLACE, TTL, number -> ("made-" + number).getBytes(UTF_8));
        store.issue(PLACE, TTL, WITHIN);
        store.issue(PLACE, TTL, WITHIN);

        store.revoke(PLACE, "acme/database/2", WITHIN);

        assertThat(store.leases())
                .containsExactly(
                        new InMemorySecretStore.Lease(PLACE, "acme/database/1", now.plus(TTL), false),
                        new InMemorySecretStore.Lease(PLACE, "acme/database/2", now.plus(TTL), true));
        assertThat(store.revoked()).containsExactly("acme/database/2");
    }

    @Test
    void only_what_is_there_is_rotated() {
        assertThatThrownBy(() -> new InMemorySecretStore().rotate(PLACE, "new".getBytes(UTF_8)))
                .isInstanceOf(LanternException.class)
                .hasMessage("rotating secret acme/database in in-memory secrets: there is no static one; put one there"
                        + " first");
    }
}
