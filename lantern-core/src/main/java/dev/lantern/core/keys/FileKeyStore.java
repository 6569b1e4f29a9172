package dev.lantern.core.keys;

import dev.lantern.core.turns.SystemInstants;
import dev.lantern.core.turns.SystemRandom;
import dev.lantern.identity.AuthorityKey;
import dev.lantern.identity.KeyStore;
import dev.lantern.value.LanternException;
import dev.lantern.value.internal.Quoted;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * An authority's keys in a file that its owner alone may read.
 *
 * <pre>{@code
 * KeyStore keys = FileKeyStore.openOrCreate(Path.of("/var/lib/lantern/authority.keys"));
 * }</pre>
 *
 * <p>Whoever has the file can name any instance; whoever loses it needs a new one, and running instances have to start
 * anew. It is read again whenever the keys are asked for, so that processes that share it follow each other's rotations;
 * a file that is gone, damaged or open to others is an error from then on. Thread-safe within one process, and changed by
 * one process at a time.
 */
public final class FileKeyStore implements KeyStore {
    private final AuthorityFile file;
    private final InstantSource clock;
    private final SecureRandom random;
    private volatile List<HeldKey> held;
    private boolean closed;

    private FileKeyStore(AuthorityFile file, InstantSource clock, SecureRandom random, List<HeldKey> held) {
        this.file = file;
        this.clock = clock;
        this.random = random;
        this.held = List.copyOf(held);
    }

    /**
     * Reads the file.
     *
     * @throws LanternException if it is missing, a link, another user's, open to others, or not as it was written
     */
    public static FileKeyStore open(Path file) {
        return open(file, SystemInstants.source(), SystemRandom.source());
    }

    /**
     * As {@link #open(Path)}; where there is no file, one with a new key that signs at once is made, on disk before this
     * returns. Of several who make it at the same moment, all get the same key.
     */
    public static FileKeyStore openOrCreate(Path file) {
        return openOrCreate(file, SystemInstants.source(), SystemRandom.source());
    }

    static FileKeyStore open(Path path, InstantSource clock, SecureRandom random) {
        AuthorityFile file = new AuthorityFile(Objects.requireNonNull(path, "file"));
        return new FileKeyStore(file, clock, random, read(file));
    }

    static FileKeyStore openOrCreate(Path path, InstantSource clock, SecureRandom random) {
        if (!Files.exists(Objects.requireNonNull(path, "file"), LinkOption.NOFOLLOW_LINKS)) {
            AuthorityFile file = new AuthorityFile(path);
            HeldKey first = newKey(now(clock), Duration.ZERO, random);
            try {
                file.create(List.of(first), random);
                return new FileKeyStore(file, clock, random, List.of(first));
            } catch (FileAlreadyExistsException e) {
                // Somebody else made it at the same moment; theirs stands.
                first.seed().close();
            } catch (IOException e) {
                first.seed().close();
                throw new LanternException("making the authority's keys in " + path + ": " + e, e);
            }
        }
        return open(path, clock, random);
    }

    /**
     * The keys as the file has them now; the last ones that were read, once this is closed.
     *
     * @throws LanternException if the file is missing or may not be read, as with {@link #open(Path)}
     */
    @Override
    public synchronized List<AuthorityKey> keys(Duration within) {
        follow();
        return held.stream().map(HeldKey::key).toList();
    }

    @Override
    public byte[] sign(String keyId, byte[] message, Duration within) {
        return held(keyId, "signing with").seed().sign(message);
    }

    /**
     * Makes a new key, which takes over after the {@linkplain Overlap#standard() standard overlap}.
     *
     * @return the new key
     * @throws LanternException if the file could not be read or written; nothing has changed then
     */
    public AuthorityKey rotate() {
        return rotate(Overlap.standard());
    }

    /**
     * Makes a new key that takes over from whichever signs when its time comes; keys whose time is over, and keys that
     * would have begun later, go. The file is on disk before the key is known.
     *
     * @return the new key
     * @throws LanternException if the file could not be read or written, or holds too many keys; nothing has changed then
     */
    public synchronized AuthorityKey rotate(Overlap overlap) {
        follow();
        Instant now = now(clock);
        HeldKey fresh = newKey(now, overlap.published(), random);
        List<HeldKey> next = new ArrayList<>();
        for (HeldKey former : held) {
            AuthorityKey key = former.key();
            boolean neverSigns = key.signsFrom().isAfter(now)
                    && !key.signsFrom().isBefore(fresh.key().signsFrom());
            if (!neverSigns) {
                AuthorityKey retired = retired(key, fresh.key().signsFrom(), overlap.trusted());
                if (retired.isTrustedAt(now)) {
                    next.add(new HeldKey(retired, former.seed()));
                }
            }
        }
        next.add(fresh);
        try {
            write(next, "adding an authority key to ");
        } catch (LanternException e) {
            fresh.seed().close();
            throw e;
        }
        return fresh.key();
    }

    /**
     * Drops a former key before its time and wipes its private half: what it signed is believed no longer, from the next
     * time on that an authority reads this store.
     *
     * @throws LanternException if it signs now or will, or is none of these, or the file could not be read or written
     */
    public synchronized void forget(String keyId) {
        follow();
        HeldKey key = held(keyId, "forgetting");
        if (key.key().signsUntil().map(now(clock)::isBefore).orElse(true)) {
            throw new LanternException("forgetting authority key " + keyId
                    + ": it signs, or is going to; call rotate(Overlap.none()) if somebody else may have it");
        }
        List<HeldKey> next = new ArrayList<>(held);
        next.remove(key);
        write(next, "dropping authority key " + keyId + " from ");
    }

    /** Wipes the private halves; nothing signs from now on. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        held.forEach(key -> key.seed().close());
    }

    @Override
    public String toString() {
        return "FileKeyStore[" + file.path() + ", "
                + held.stream().map(key -> key.key().keyId()).toList() + "]";
    }

    /** Nothing that is known to be over begins anew, and no end moves further away. */
    private static AuthorityKey retired(AuthorityKey key, Instant successorFrom, Duration trusted) {
        Instant signsUntil = key.signsUntil().filter(successorFrom::isAfter).orElse(successorFrom);
        Instant usual = signsUntil.plus(trusted);
        return key.retired(signsUntil, key.trustedUntil().filter(usual::isAfter).orElse(usual));
    }

    private void write(List<HeldKey> next, String attempt) {
        if (next.size() > AuthorityFile.MOST_KEYS) {
            throw new LanternException(attempt + file.path() + ": it would hold " + next.size() + " keys, allowed are "
                    + AuthorityFile.MOST_KEYS + "; wait until some are trusted no longer, or rotate without overlap");
        }
        try {
            file.replace(next);
        } catch (IOException e) {
            throw new LanternException(attempt + file.path() + ": " + e, e);
        }
        hold(next);
    }

    /** Who went by what was read before would undo what another process has changed since. */
    private void follow() {
        if (!closed) {
            List<HeldKey> read = read(file);
            List<HeldKey> next = read.stream().map(this::withKnownSeed).toList();
            hold(next);
        }
    }

    /** Whoever signs with a seed at this moment keeps it. */
    private HeldKey withKnownSeed(HeldKey read) {
        for (HeldKey known : held) {
            if (known.key().keyId().equals(read.key().keyId())) {
                read.seed().close();
                return new HeldKey(read.key(), known.seed());
            }
        }
        return read;
    }

    private void hold(List<HeldKey> next) {
        List<HeldKey> before = held;
        held = List.copyOf(next);
        before.stream()
                .map(HeldKey::seed)
                .filter(seed -> next.stream().noneMatch(kept -> kept.seed() == seed))
                .forEach(Seed::close);
    }

    private static List<HeldKey> read(AuthorityFile file) {
        try {
            return file.read();
        } catch (NoSuchFileException e) {
            throw new LanternException(
                    "reading the authority's keys in " + file.path() + ": there is no such file; put it back, or call"
                            + " openOrCreate where no instance has an identity yet",
                    e);
        } catch (IOException e) {
            throw new LanternException("reading the authority's keys in " + file.path() + ": " + e, e);
        }
    }

    private HeldKey held(String keyId, String attempt) {
        return held.stream()
                .filter(key -> key.key().keyId().equals(keyId))
                .findFirst()
                .orElseThrow(() -> new LanternException(
                        attempt + " authority key " + Quoted.name(keyId) + ": there is none of this name in " + this));
    }

    private static HeldKey newKey(Instant now, Duration published, SecureRandom random) {
        Seed seed = Seed.random(random);
        return new HeldKey(AuthorityKey.of(seed.publicKey(), now, now.plus(published)), seed);
    }

    /** In whole seconds, as certificates have it. */
    private static Instant now(InstantSource clock) {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }
}
