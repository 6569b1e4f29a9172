package dev.lantern.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.core.engine.ManualTurns;
import dev.lantern.core.identity.Authority;
import dev.lantern.core.identity.TestSigner;
import dev.lantern.core.identity.TrustDomain;
import dev.lantern.identity.AuthorityKey;
import dev.lantern.identity.KeyStore;
import dev.lantern.value.LanternException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a host shows of itself, as the hours pass and its authority's keys change. */
class HostIdentityTest {
    private static final Duration WITHIN = Duration.ofSeconds(1);
    private static final Duration READ_EVERY = Duration.ofSeconds(30);
    private static final Duration READ_AGAIN = Duration.ofSeconds(5);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final TestSigner FIRST = TestSigner.RFC8032_TEST_1;
    private static final TestSigner SECOND = TestSigner.RFC8032_TEST_2;

    private final ManualTurns turns = new ManualTurns();
    private final Store store = new Store();
    private final HostIdentity identity = new HostIdentity(
            Authority.of(store, new TrustDomain("agents.example"), turns::now, turns::random), turns, WITHIN);

    @BeforeEach
    void oneKeySigns() {
        store.keys = List.of(AuthorityKey.of(FIRST.key().bytes(), turns.now(), turns.now()));
    }

    @Test
    void host_without_an_identity_does_not_begin() {
        store.fails = true;
        assertThatThrownBy(identity::begin).isInstanceOf(LanternException.class).hasMessage("the store is away");
        assertThatThrownBy(identity::current).hasMessage("this host has no certificate yet");
    }

    @Test
    void certificate_is_renewed_at_two_thirds_of_its_time_and_never_ends_while_it_is_shown() {
        identity.begin();
        X509Certificate shown = leaf();
        for (Duration passed = Duration.ZERO;
                passed.compareTo(HOUR.multipliedBy(5)) < 0;
                passed = passed.plus(READ_EVERY)) {
            read(READ_EVERY);
            assertThat(leaf().getNotAfter().toInstant())
                    .as("shown after " + passed)
                    .isAfter(turns.now());
        }
        assertThat(leaf()).isNotEqualTo(shown);
        assertThat(leaf().getNotAfter().toInstant()).isAfter(turns.now().plus(HOUR.dividedBy(3)));
    }

    @Test
    void certificate_stays_until_its_time_comes() {
        identity.begin();
        X509Certificate shown = leaf();
        for (int i = 0; i < 79; i++) {
            read(READ_EVERY);
        }
        assertThat(leaf()).as("after 39:30 min").isEqualTo(shown);
        read(READ_EVERY);
        assertThat(leaf()).as("after 40 min").isNotEqualTo(shown);
    }

    @Test
    void key_that_takes_over_signs_the_certificate_from_its_first_moment_on() {
        identity.begin();
        AuthorityKey first = store.keys.get(0);
        store.keys = List.of(
                first.retired(
                        turns.now().plus(READ_EVERY.multipliedBy(4)),
                        turns.now().plus(HOUR)),
                AuthorityKey.of(SECOND.key().bytes(), turns.now(), turns.now().plus(READ_EVERY.multipliedBy(4))));
        for (int i = 0; i < 3; i++) {
            read(READ_EVERY);
            assertThat(authority())
                    .as("it is published and does not sign yet")
                    .isEqualTo(FIRST.key().bytes());
        }
        read(READ_EVERY);
        assertThat(authority()).isEqualTo(SECOND.key().bytes());
    }

    /** Instances that begin now pin the new key alone: who shows them the old one's certificate is nobody. */
    @Test
    void key_that_was_cut_off_is_shown_no_longer_than_until_the_next_reading() {
        identity.begin();
        store.keys = List.of(AuthorityKey.of(SECOND.key().bytes(), turns.now(), turns.now()));

        read(READ_EVERY);

        assertThat(authority()).isEqualTo(SECOND.key().bytes());
    }

    @Test
    void store_that_fails_is_asked_again_soon_and_what_there_is_is_shown_meanwhile() {
        identity.begin();
        X509Certificate shown = leaf();
        store.fails = true;
        read(READ_EVERY);
        read(READ_AGAIN);
        assertThat(leaf()).isEqualTo(shown);

        store.fails = false;
        store.keys = List.of(AuthorityKey.of(SECOND.key().bytes(), turns.now(), turns.now()));
        read(READ_AGAIN);
        assertThat(authority()).isEqualTo(SECOND.key().bytes());
        turns.pass(READ_AGAIN);
        assertThat(turns.waitingCalls())
                .as("all is well again, and there is no hurry")
                .isZero();
    }

    @Test
    void closed_host_reads_nothing_any_more() {
        identity.begin();
        identity.close();
        turns.pass(HOUR);
        assertThat(turns.waitingCalls()).isZero();
    }

    /** Lets the time pass and the reading that is due then happen. */
    private void read(Duration time) {
        turns.pass(time);
        assertThat(turns.callNext()).as("a reading is due").isTrue();
        assertThat(turns.waitingCalls()).isZero();
    }

    private X509Certificate leaf() {
        return identity.current().chain().get(0);
    }

    /** The raw key under which the certificate was issued, as the one behind it says. */
    private byte[] authority() {
        byte[] encoded = identity.current().chain().get(1).getPublicKey().getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    }

    /** Keys that change, and may be away. */
    private static final class Store implements KeyStore {
        private final Map<String, TestSigner> signers = Map.of(
                AuthorityKey.thumbprint(FIRST.key().bytes()),
                FIRST,
                AuthorityKey.thumbprint(SECOND.key().bytes()),
                SECOND);
        private List<AuthorityKey> keys = List.of();
        private boolean fails;

        @Override
        public List<AuthorityKey> keys(Duration within) {
            requireThere();
            return keys;
        }

        @Override
        public byte[] sign(String keyId, byte[] message, Duration within) {
            requireThere();
            @Nullable TestSigner signer = signers.get(keyId);
            if (signer == null) {
                throw new AssertionError("nobody has the key " + keyId);
            }
            return signer.sign(message);
        }

        private void requireThere() {
            if (fails) {
                throw new LanternException("the store is away");
            }
        }

        @Override
        public void close() {}
    }
}
