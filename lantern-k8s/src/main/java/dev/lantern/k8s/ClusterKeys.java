package dev.lantern.k8s;

import com.google.gson.JsonObject;
import dev.lantern.k8s.NotIdentified.Reason;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The keys that the cluster signs tokens with, and who it says it is. They are read when they are needed, again when they
 * are ten minutes old, and when somebody brings a token of a key or an issuer that is not known: but not more often than
 * every five seconds, whoever brings what. If they cannot be read, those that are there are good for an hour. Thread-safe.
 */
final class ClusterKeys {
    static final String PATH = "/openid/v1/jwks";
    static final String ISSUER_PATH = "/.well-known/openid-configuration";

    private static final long FRESH = TimeUnit.MINUTES.toNanos(10);
    private static final long GOOD = TimeUnit.HOURS.toNanos(1);
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(5);
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(5);

    private final Calls calls;
    private final Optional<String> issuer;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Found found;
    private volatile String failed = "they are being read, for longer than was to be waited";
    private boolean tried;
    private long triedAt;

    /**
     * @param issuer what tokens of this cluster name; empty to ask the cluster
     * @param nanos what time has passed, as {@link System#nanoTime}
     */
    ClusterKeys(Calls calls, Optional<String> issuer, LongSupplier nanos) {
        this.calls = calls;
        this.issuer = issuer;
        this.nanos = nanos;
    }

    /**
     * What the cluster said.
     *
     * @param issuer who it is
     * @param keys by their ids
     * @param readAt when it was asked, by the time that has passed
     */
    record Found(String issuer, Map<String, ClusterKey> keys, long readAt) {
        Found {
            keys = Collections.unmodifiableMap(new TreeMap<>(keys));
        }

        boolean know(String key, String of) {
            return keys.containsKey(key) && issuer.equals(of);
        }
    }

    /**
     * The keys of now, with that one among them if there is such a one.
     *
     * @param key that a token is said to be signed with
     * @param of the issuer that it names
     * @throws NotIdentified if none can be read
     */
    Found current(String key, String of, Duration within) throws NotIdentified {
        @Nullable Found now = found;
        boolean known = now != null && now.know(key, of) && isYoungerThan(GOOD, now);
        if (now != null && known && isYoungerThan(FRESH, now)) {
            return now;
        }
        // Who can do with what is there waits for nobody.
        long patience = known ? 0 : within.toNanos();
        long end = nanos.getAsLong() + within.toNanos();
        try {
            if (lock.tryLock(patience, TimeUnit.NANOSECONDS)) {
                try {
                    readAgain(end);
                } finally {
                    lock.unlock();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        @Nullable Found there = found;
        if (there == null || !isYoungerThan(GOOD, there)) {
            throw new NotIdentified(Reason.KEYS_UNREADABLE, failed);
        }
        return there;
    }

    private boolean isYoungerThan(long age, Found what) {
        return nanos.getAsLong() - what.readAt() < age;
    }

    private void readAgain(long end) {
        long now = nanos.getAsLong();
        if (!tried || now - triedAt >= PAUSE) {
            tried = true;
            triedAt = now;
            read(Duration.ofNanos(Math.min(Math.max(0, end - now), LONGEST)));
        }
    }

    private void read(Duration within) {
        long begun = nanos.getAsLong();
        try {
            String who = issuer.isPresent()
                    ? issuer.get()
                    : new View(get(ISSUER_PATH, within), "the configuration").text("issuer");
            Duration left = within.minusNanos(nanos.getAsLong() - begun);
            found = new Found(who, keys(new View(get(PATH, left), "the key set")), begun);
        } catch (UnreadableException e) {
            failed = String.valueOf(e.getMessage());
        }
    }

    private JsonObject get(String path, Duration within) throws UnreadableException {
        Result result = calls.read(Get.of(path, Rule.path(path)), path, within.isNegative() ? Duration.ZERO : within);
        if (result instanceof Done done) {
            return done.tree();
        }
        throw new UnreadableException(
                result instanceof Result.Refused refused
                        ? refused.why()
                        : result instanceof Result.Unknown unknown ? unknown.why() : "GET " + path + ": there is none");
    }

    private static Map<String, ClusterKey> keys(View set) throws UnreadableException {
        Map<String, ClusterKey> keys = new TreeMap<>();
        for (View jwk : set.children("keys")) {
            Optional<ClusterKey> key = ClusterKey.of(jwk);
            if (key.isPresent() && keys.put(key.get().id(), key.get()) != null) {
                throw new UnreadableException("two keys of the cluster have one id");
            }
        }
        return keys;
    }
}
