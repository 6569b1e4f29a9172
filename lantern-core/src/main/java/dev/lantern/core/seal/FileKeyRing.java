package dev.lantern.core.seal;

import dev.lantern.core.turns.SystemRandom;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Keys in a file that its owner alone may read: a line for each, {@code <id> <64 hexadecimal digits>}, the current
 * one first. Lines that begin with {@code #} are for people.
 *
 * <p>Whoever loses the file loses every payload; whoever has it and the journal reads them all: keep copies, apart
 * from the journal's. Thread-safe within one process, and written by one process at a time. A file read by several
 * hosts is changed in two steps: the new key goes to all of them as the last line, then to the top.
 */
public final class FileKeyRing implements KeyRing {
    private static final int ID_BYTES = 4;

    private final KeyFile file;
    private final SecureRandom random;
    private volatile HeldKeys held;

    private FileKeyRing(KeyFile file, SecureRandom random, HeldKeys held) {
        this.file = file;
        this.random = random;
        this.held = held;
    }

    /**
     * Reads the file.
     *
     * @throws LanternException if it is missing, others may read it, or it is not of the form above
     */
    public static FileKeyRing open(Path file) {
        return open(file, SystemRandom.source());
    }

    /** As {@link #open(Path)}; where there is no file, one with a new key is made, on disk before this returns. */
    public static FileKeyRing openOrCreate(Path file) {
        return openOrCreate(file, SystemRandom.source());
    }

    static FileKeyRing open(Path path, SecureRandom random) {
        KeyFile file = new KeyFile(Objects.requireNonNull(path, "file"));
        try {
            return new FileKeyRing(file, random, new HeldKeys(file.read()));
        } catch (NoSuchFileException e) {
            throw new LanternException(
                    "reading the seal keys in " + path + ": there is no such file; put it back,"
                            + " or call openOrCreate where nothing was sealed yet",
                    e);
        } catch (IOException e) {
            throw new LanternException("reading the seal keys in " + path + ": " + e, e);
        }
    }

    static FileKeyRing openOrCreate(Path path, SecureRandom random) {
        if (Files.notExists(path)) {
            KeyFile file = new KeyFile(path);
            HeldKeys first = HeldKeys.of(newKey(random));
            try {
                file.create(first.keys(), random);
                return new FileKeyRing(file, random, first);
            } catch (java.nio.file.FileAlreadyExistsException e) {
                // Somebody else made it at the same moment; theirs stands.
                first.close();
            } catch (IOException e) {
                first.close();
                throw new LanternException("making the seal keys in " + path + ": " + e, e);
            }
        }
        return open(path, random);
    }

    @Override
    public SealKey current() {
        return held.current();
    }

    @Override
    public Optional<SealKey> find(String id) {
        return held.find(id);
    }

    /** The ids of all keys, the current one first. */
    public List<String> ids() {
        return held.keys().stream().map(SealKey::id).toList();
    }

    /**
     * Makes a new key the current one; the former ones still open what they sealed. The file is on disk before the
     * key is used.
     *
     * @return the new key's id
     * @throws LanternException if the file could not be written; nothing has changed then
     */
    public synchronized String rotate() {
        SealKey fresh = newKey(random);
        List<SealKey> keys = new ArrayList<>(List.of(fresh));
        keys.addAll(held.keys());
        write(keys, "adding a seal key to ");
        return fresh.id();
    }

    /**
     * Drops a former key from the file and wipes it: what it sealed and {@link Resealing} did not seal anew is lost.
     *
     * @throws LanternException if it is the current key or none of this ring, or the file could not be written
     */
    public synchronized void forget(String id) {
        SealKey key = held.find(id)
                .orElseThrow(() -> new LanternException("forgetting seal key \"" + id + "\": the ring holds " + ids()));
        if (key == held.current()) {
            throw new LanternException(
                    "forgetting seal key \"" + id + "\": it is the current one; call rotate() before, and seal anew");
        }
        List<SealKey> keys = new ArrayList<>(held.keys());
        keys.remove(key);
        write(keys, "dropping seal key \"" + id + "\" from ");
        key.close();
    }

    @Override
    public void close() {
        held.close();
    }

    @Override
    public String toString() {
        return "FileKeyRing[" + file.path() + ", " + ids() + "]";
    }

    private void write(List<SealKey> keys, String attempt) {
        HeldKeys next = new HeldKeys(keys);
        try {
            file.replace(next.keys());
        } catch (IOException e) {
            throw new LanternException(attempt + file.path() + ": " + e, e);
        }
        held = next;
    }

    /** Chance keeps the id of a key in a file that was lost and made anew from meaning two keys. */
    private static SealKey newKey(SecureRandom random) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return SealKey.random("key-" + HexFormat.of().formatHex(id), random);
    }
}
