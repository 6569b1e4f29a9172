package dev.lantern.testkit.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lantern.secrets.IssuedSecret;
import dev.lantern.secrets.SecretMode;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.secrets.SecretStore;
import dev.lantern.secrets.SecretValue;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link SecretStore} does. A store's test extends this class, says how to open one, and how somebody puts a
 * value where the store reads it.
 */
public abstract class SecretStoreContract {
    /** A place with a static value, for tests of one store's own. */
    protected static final SecretPlace PLACE = new SecretPlace("acme", "api-key");

    /** A place whose values are made, where a backend makes any. */
    protected static final SecretPlace MADE = new SecretPlace("acme", "database");

    private static final Duration TTL = Duration.ofMinutes(5);
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final String CANARY = "canary-7f3a-Zürich \"quoted\"";

    private SecretStore store;

    /** Only subclasses make one. */
    protected SecretStoreContract() {}

    /** A new store over a backend that holds nothing. */
    protected abstract SecretStore open() throws Exception;

    /** Puts a static value at the backend, instead of another that is there. */
    protected abstract void put(SecretPlace place, byte[] value) throws Exception;

    /** Takes the value away. */
    protected abstract void remove(SecretPlace place) throws Exception;

    /**
     * Has the backend make a new value for each who asks at {@link #MADE}, and at {@code database} of tenant
     * {@code umbrella}, good for at least {@link #longest} when that is wanted. False if it makes none; those tests are
     * skipped then.
     */
    protected boolean makeDynamic() throws Exception {
        return false;
    }

    /** The longest that a dynamic secret lives; only where some are made. */
    protected Duration longest() {
        return TTL;
    }

    /** Whether any bytes can be a value; otherwise UTF-8 text can. */
    protected boolean takesAnyBytes() {
        return true;
    }

    /** For tests of one store's own. */
    protected final SecretStore store() {
        return store;
    }

    @BeforeEach
    final void openStore() throws Exception {
        store = open();
    }

    @AfterEach
    final void closeStore() {
        store.close();
    }

    /** Issues from the store and says the text, if there is any; the value is closed. */
    protected final Optional<String> text(SecretPlace place) {
        return store.issue(place, TTL, WITHIN).map(SecretStoreContract::text);
    }

    private static String text(IssuedSecret issued) {
        try (SecretValue value = issued.value()) {
            return new String(value.reveal(), UTF_8);
        }
    }

    @Test
    void a_value_comes_back_byte_for_byte() throws Exception {
        List<byte[]> values = new ArrayList<>(List.of(
                "x".getBytes(UTF_8),
                CANARY.getBytes(UTF_8),
                " spaces, a tab\t and an end \r\n".getBytes(UTF_8),
                "-----BEGIN KEY-----\nAAAA\n-----END KEY-----\n".getBytes(UTF_8),
                "y".repeat(20_000).getBytes(UTF_8)));
        if (takesAnyBytes()) {
            byte[] every = new byte[256];
            for (int i = 0; i < every.length; i++) {
                every[i] = (byte) i;
            }
            values.add(every);
        }
        for (byte[] value : values) {
            put(PLACE, value);

            IssuedSecret issued = store.issue(PLACE, TTL, WITHIN).orElseThrow();

            assertThat(issued.value().reveal()).isEqualTo(value);
            issued.value().close();
        }
    }

    @Test
    void a_static_value_has_no_handle_and_is_good_for_as_long_as_it_was_wanted() throws Exception {
        put(PLACE, CANARY.getBytes(UTF_8));

        IssuedSecret issued = store.issue(PLACE, TTL, WITHIN).orElseThrow();

        assertThat(issued.mode()).isEqualTo(SecretMode.STATIC);
        assertThat(issued.handle()).isEmpty();
        assertThat(issued.ttl()).isEqualTo(TTL);
    }

    @Test
    void what_was_put_last_is_issued_and_what_was_issued_before_stays() throws Exception {
        put(PLACE, "the first".getBytes(UTF_8));
        IssuedSecret first = store.issue(PLACE, TTL, WITHIN).orElseThrow();
        put(PLACE, "the second".getBytes(UTF_8));
        IssuedSecret second = store.issue(PLACE, TTL, WITHIN).orElseThrow();

        if (first.version().isPresent()) {
            assertThat(second.version()).isPresent().isNotEqualTo(first.version());
        }
        assertThat(text(first)).isEqualTo("the first");
        assertThat(text(second)).isEqualTo("the second");
    }

    @Test
    void nothing_comes_from_a_place_that_was_never_filled_or_was_emptied() throws Exception {
        assertThat(store.issue(PLACE, TTL, WITHIN)).isEmpty();
        put(PLACE, CANARY.getBytes(UTF_8));
        remove(PLACE);

        assertThat(store.issue(PLACE, TTL, WITHIN)).isEmpty();
    }

    @Test
    void tenants_and_keys_do_not_mix() throws Exception {
        SecretPlace other = new SecretPlace("umbrella", PLACE.key());
        put(PLACE, "of acme".getBytes(UTF_8));
        assertThat(text(other)).isEmpty();
        put(other, "of umbrella".getBytes(UTF_8));

        assertThat(text(PLACE)).contains("of acme");
        assertThat(text(other)).contains("of umbrella");
        for (SecretPlace none : List.of(
                new SecretPlace("acme", "api"),
                new SecretPlace("acme", "api-key.1"),
                new SecretPlace("acme", "API-KEY"),
                new SecretPlace("acme-api", "key"),
                new SecretPlace("ACME", "api-key"))) {
            assertThat(text(none)).as(none.toString()).isEmpty();
        }
    }

    @Test
    void a_static_value_is_neither_renewed_nor_revoked() throws Exception {
        put(PLACE, CANARY.getBytes(UTF_8));

        assertThat(store.renew(PLACE, "of/somebody/else", TTL, WITHIN)).isEmpty();
        store.revoke(PLACE, "of/somebody/else", WITHIN);

        assertThat(text(PLACE)).contains(CANARY);
    }

    @Test
    void a_dynamic_value_is_made_for_each_who_asks() throws Exception {
        assumeTrue(makeDynamic(), "makes no dynamic secrets");

        IssuedSecret one = store.issue(MADE, TTL, WITHIN).orElseThrow();
        IssuedSecret two = store.issue(MADE, TTL, WITHIN).orElseThrow();

        assertThat(List.of(one.mode(), two.mode())).containsOnly(SecretMode.DYNAMIC);
        assertThat(one.handle()).isPresent().isNotEqualTo(two.handle());
        assertThat(one.ttl()).isPositive().isLessThanOrEqualTo(longest());
        assertThat(text(one)).isNotEqualTo(text(two));
    }

    @Test
    void a_dynamic_value_is_renewed_until_it_is_revoked_and_revoked_as_often_as_somebody_likes() throws Exception {
        assumeTrue(makeDynamic(), "makes no dynamic secrets");
        String handle = issuedHandle();
        String other = issuedHandle();

        assertThat(store.renew(MADE, handle, TTL, WITHIN))
                .hasValueSatisfying(time -> assertThat(time).isPositive().isLessThanOrEqualTo(longest()));
        store.revoke(MADE, handle, WITHIN);
        store.revoke(MADE, handle, WITHIN);

        assertThat(store.renew(MADE, handle, TTL, WITHIN)).isEmpty();
        assertThat(store.renew(MADE, other, TTL, WITHIN)).isPresent();
    }

    @Test
    void a_handle_of_another_place_is_none() throws Exception {
        assumeTrue(makeDynamic(), "makes no dynamic secrets");
        String handle = issuedHandle();

        for (SecretPlace other : List.of(
                new SecretPlace("umbrella", MADE.key()),
                new SecretPlace("acme", "data"),
                new SecretPlace("acme", "database2"))) {
            assertThat(store.renew(other, handle, TTL, WITHIN))
                    .as(other.toString())
                    .isEmpty();
            store.revoke(other, handle, WITHIN);
        }
        for (String none : List.of("none", "../" + handle, handle + "/..", handle + "?", handle + "x")) {
            assertThat(store.renew(MADE, none, TTL, WITHIN)).as(none).isEmpty();
            store.revoke(MADE, none, WITHIN);
        }

        assertThat(store.renew(MADE, handle, TTL, WITHIN)).isPresent();
    }

    private String issuedHandle() {
        IssuedSecret issued = store.issue(MADE, TTL, WITHIN).orElseThrow();
        issued.value().close();
        return issued.handle().orElseThrow();
    }

    @Test
    void without_time_nothing_is_asked_and_the_message_names_the_place() throws Exception {
        put(PLACE, CANARY.getBytes(UTF_8));

        for (Duration none : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
            refused(() -> store.issue(PLACE, TTL, none), "no time");
            refused(() -> store.renew(PLACE, "handle", TTL, none), "no time");
            refused(() -> store.revoke(PLACE, "handle", none), "no time");
        }
    }

    @Test
    void an_interrupted_call_throws_and_the_thread_stays_interrupted() throws Exception {
        put(PLACE, CANARY.getBytes(UTF_8));

        Thread.currentThread().interrupt();
        try {
            refused(() -> store.issue(PLACE, TTL, WITHIN), "interrupted");
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }

        assertThat(text(PLACE)).contains(CANARY);
    }

    @Test
    void a_closed_store_says_so_and_closes_again() throws Exception {
        put(PLACE, CANARY.getBytes(UTF_8));
        store.close();
        store.close();

        refused(() -> store.issue(PLACE, TTL, WITHIN), "closed");
        refused(() -> store.renew(PLACE, "handle", TTL, WITHIN), "closed");
        refused(() -> store.revoke(PLACE, "handle", WITHIN), "closed");
    }

    @Test
    void a_value_outlives_its_store() throws Exception {
        put(PLACE, CANARY.getBytes(UTF_8));
        IssuedSecret issued = store.issue(PLACE, TTL, WITHIN).orElseThrow();

        store.close();

        assertThat(text(issued)).isEqualTo(CANARY);
    }

    @Test
    void neither_the_store_nor_what_it_issues_shows_a_value() throws Exception {
        put(PLACE, CANARY.getBytes(UTF_8));

        IssuedSecret issued = store.issue(PLACE, TTL, WITHIN).orElseThrow();

        assertThat(store.name()).isNotBlank();
        for (Object shown : List.of(store, store.name(), issued, issued.value(), Optional.of(issued))) {
            assertThat(shown.toString()).doesNotContain("canary");
        }
        issued.value().close();
    }

    @Test
    void threads_that_ask_at_once_all_get_the_value() throws Exception {
        put(PLACE, CANARY.getBytes(UTF_8));

        List<Optional<String>> all = Rivals.race(4, rival -> text(PLACE));

        assertThat(all).hasSize(4).containsOnly(Optional.of(CANARY));
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String why) {
        assertThatThrownBy(call)
                .isInstanceOf(LanternException.class)
                .hasMessageContaining(PLACE.toString())
                .hasMessageContaining(why)
                .hasMessageNotContaining("canary");
    }
}
