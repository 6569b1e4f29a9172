package dev.lantern.core.format;

import dev.lantern.journal.Event;
import dev.lantern.value.Commitment;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import dev.lantern.value.Opening;
import dev.lantern.value.PayloadSeal;
import dev.lantern.value.RunRef;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Frames the openings of an event's payloads into the two columns beside the event, and reads them back.
 *
 * <pre>
 * entry = form ‖ length of media type ‖ media type ‖ payload     1 byte, 1 byte, ASCII
 * form  = 0x00 inline | 0x01 salt only | 0x02 kept elsewhere
 * payload, inline only = length ‖ bytes                          4 bytes, big-endian
 *
 * unsealed: salts = salt_1 ‖ … ‖ salt_n                          32 bytes each
 *           body  = 0x01 ‖ entry_1 ‖ … ‖ entry_n
 *           kept elsewhere, under the commitment: bytes
 * sealed:   salts = nothing
 *           body  = seal(the event's hash, 0x02 ‖ salt_1 ‖ … ‖ salt_n ‖ entry_1 ‖ … ‖ entry_n)
 *           kept elsewhere: seal(the commitment, bytes)
 * </pre>
 *
 * <p>Nothing here is hashed: the event holds the commitments, in the same order, and what is read back is held
 * against them. A body that was swapped, cut or changed is refused, sealed or not. Immutable, and as thread-safe as
 * its seal.
 */
public final class ErasableCodec {
    private static final byte UNSEALED = 1;
    private static final byte SEALED = 2;
    private static final byte INLINE = 0;
    private static final byte SALT_ONLY = 1;
    private static final byte ELSEWHERE = 2;

    private final Optional<PayloadSeal> seal;
    private final boolean readsUnsealed;

    private ErasableCodec(Optional<PayloadSeal> seal, boolean readsUnsealed) {
        this.seal = seal;
        this.readsUnsealed = readsUnsealed;
    }

    /** Payloads stand in the journal as they are. */
    public static ErasableCodec plain() {
        return new ErasableCodec(Optional.empty(), true);
    }

    /** Payloads, salts and media types stand in the journal sealed; what stands there unsealed is refused. */
    public static ErasableCodec sealedBy(PayloadSeal seal) {
        return new ErasableCodec(Optional.of(seal), false);
    }

    /** Writes as {@link #sealedBy}, and reads what was written before there was a seal. */
    public static ErasableCodec sealedFromNowOn(PayloadSeal seal) {
        return new ErasableCodec(Optional.of(seal), true);
    }

    /**
     * @param hash the chain's hash at the event
     * @param openings in the order of the event's commitments; at least one
     */
    public Event.Erasable encode(RunRef run, Digest hash, List<StoredOpening> openings) {
        if (openings.isEmpty()) {
            throw new LanternException("an event of run " + run + " without payloads has nothing to erase");
        }
        ByteBuffer salts = ByteBuffer.allocate(Opening.SALT_LENGTH * openings.size());
        ByteBuffer body = ByteBuffer.allocate(
                1 + openings.stream().mapToInt(ErasableCodec::length).sum());
        body.put(UNSEALED);
        for (StoredOpening opening : openings) {
            salts.put(opening.salt());
            put(body, opening);
        }
        Event.Erasable unsealed = new Event.Erasable(salts.array(), body.array());
        return seal.isPresent() ? seal(run, hash, unsealed) : unsealed;
    }

    /** Whether what stands beside an event was sealed: its salts are where its payloads are. */
    public static boolean isSealed(Event.Erasable erasable) {
        return erasable.salts().length == 0;
    }

    /**
     * Seals what was written before there was a seal, whatever its payloads are.
     *
     * @throws LanternException if that is not framed as this version frames it
     */
    public Event.Erasable seal(RunRef run, Digest hash, Event.Erasable unsealed) {
        byte[] body = unsealed.body();
        requireFrame(run, body.length == 0 ? 0 : body[0], UNSEALED);
        byte[] sealed = ByteBuffer.allocate(unsealed.salts().length + body.length)
                .put(SEALED)
                .put(unsealed.salts())
                .put(body, 1, body.length - 1)
                .array();
        return new Event.Erasable(new byte[0], seal.orElseThrow().seal(run, hash, sealed));
    }

    /**
     * @param hash the chain's hash at the event
     * @param commitments what the event says, in its order
     * @return one entry for each commitment, every inline one verified against it
     * @throws LanternException if salts or body are not what was written for these commitments, or are sealed and
     *     there is no seal, or the other way round
     */
    public List<StoredOpening> decode(RunRef run, Digest hash, Event.Erasable erasable, List<Commitment> commitments) {
        try {
            return isSealed(erasable)
                    ? sealedOpenings(run, hash, erasable, commitments)
                    : unsealedOpenings(run, erasable, commitments);
        } catch (BufferUnderflowException e) {
            throw new LanternException("the payloads of an event of run " + run + " end too early: the row was cut", e);
        }
    }

    private List<StoredOpening> sealedOpenings(
            RunRef run, Digest hash, Event.Erasable erasable, List<Commitment> commitments) {
        PayloadSeal opener = seal.orElseThrow(() -> new LanternException("the payloads of an event of run " + run
                + " are sealed and this runtime has no seal; build it with .seal(…)"));
        ByteBuffer body = ByteBuffer.wrap(opener.open(run, hash, erasable.body()));
        requireFrame(run, body.get(), SEALED);
        byte[] salts = take(body, Opening.SALT_LENGTH * commitments.size());
        return openings(run, body, salts, commitments);
    }

    private List<StoredOpening> unsealedOpenings(RunRef run, Event.Erasable erasable, List<Commitment> commitments) {
        if (!readsUnsealed) {
            throw new LanternException("the payloads of an event of run " + run + " stand unsealed and this runtime"
                    + " has a seal; if the journal is older than its seal, build the runtime with .sealFromNowOn(…)"
                    + " until they are sealed, else ask who wrote them");
        }
        if (erasable.salts().length != Opening.SALT_LENGTH * commitments.size()) {
            throw new LanternException("an event of run " + run + " commits to " + commitments.size()
                    + " payloads and its row holds " + erasable.salts().length + " bytes of salts; "
                    + Opening.SALT_LENGTH + " for each are right");
        }
        ByteBuffer body = ByteBuffer.wrap(erasable.body());
        requireFrame(run, body.get(), UNSEALED);
        return openings(run, body, erasable.salts(), commitments);
    }

    private static List<StoredOpening> openings(
            RunRef run, ByteBuffer body, byte[] salts, List<Commitment> commitments) {
        List<StoredOpening> openings = new ArrayList<>(commitments.size());
        for (int i = 0; i < commitments.size(); i++) {
            byte[] salt = Arrays.copyOfRange(salts, i * Opening.SALT_LENGTH, (i + 1) * Opening.SALT_LENGTH);
            openings.add(read(run, body, salt, commitments.get(i)));
        }
        if (body.hasRemaining()) {
            throw new LanternException("the payloads of an event of run " + run + " are followed by " + body.remaining()
                    + " bytes that belong to no commitment");
        }
        return openings;
    }

    /** What {@link dev.lantern.journal.Journal#keep} is to store for a payload that does not stand in its row. */
    public byte[] kept(RunRef run, Opening opening) {
        byte[] plain = opening.bytes();
        return seal.isPresent() ? seal.get().seal(run, opening.commitment().digest(), plain) : plain;
    }

    /**
     * Puts a payload back together that was kept elsewhere.
     *
     * @throws LanternException if it is not the one behind the commitment
     */
    public Opening open(RunRef run, StoredOpening.Elsewhere stored, byte[] kept, Commitment commitment) {
        if (readsUnsealed && kept.length <= Opening.MAX_BYTES) {
            // Bytes do not say whether they are sealed; the commitment does.
            Opening asItStands = Opening.of(stored.mediaType(), stored.salt(), kept);
            if (seal.isEmpty() || asItStands.commitment().equals(commitment)) {
                return verified(run, asItStands, commitment);
            }
        }
        PayloadSeal opener = seal.orElseThrow(
                () -> new LanternException("a payload of run " + run + " has " + kept.length + " bytes, more than any"
                        + " that is not sealed, and this runtime has no seal; build it with .seal(…)"));
        byte[] plain = opener.open(run, commitment.digest(), kept);
        return verified(run, Opening.of(stored.mediaType(), stored.salt(), plain), commitment);
    }

    private static int length(StoredOpening opening) {
        int payload = opening instanceof StoredOpening.Inline inline
                ? Integer.BYTES + inline.opening().size()
                : 0;
        return 2 + opening.mediaType().length() + payload;
    }

    private static void put(ByteBuffer body, StoredOpening opening) {
        body.put(form(opening));
        body.put((byte) opening.mediaType().length());
        body.put(opening.mediaType().getBytes(StandardCharsets.US_ASCII));
        if (opening instanceof StoredOpening.Inline inline) {
            body.putInt(inline.opening().size());
            body.put(inline.opening().bytes());
        }
    }

    private static byte form(StoredOpening opening) {
        if (opening instanceof StoredOpening.Inline) {
            return INLINE;
        }
        return opening instanceof StoredOpening.SaltOnly ? SALT_ONLY : ELSEWHERE;
    }

    private static StoredOpening read(RunRef run, ByteBuffer body, byte[] salt, Commitment commitment) {
        byte form = body.get();
        String mediaType = new String(take(body, body.get() & 0xff), StandardCharsets.ISO_8859_1);
        return switch (form) {
            case INLINE ->
                new StoredOpening.Inline(
                        verified(run, Opening.of(mediaType, salt, take(body, body.getInt())), commitment));
            case SALT_ONLY -> new StoredOpening.SaltOnly(mediaType, salt);
            case ELSEWHERE -> new StoredOpening.Elsewhere(mediaType, salt);
            default ->
                throw new LanternException(
                        "an event of run " + run + " keeps a payload in form " + form + "; this version knows 0 to 2");
        };
    }

    /** Never allocates more than there is. */
    private static byte[] take(ByteBuffer body, int length) {
        if (length < 0 || length > body.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        body.get(bytes);
        return bytes;
    }

    private static void requireFrame(RunRef run, byte found, byte expected) {
        if (found != expected) {
            throw new LanternException("the payloads of an event of run " + run + " are framed in version " + found
                    + "; this version reads " + expected);
        }
    }

    private static Opening verified(RunRef run, Opening opening, Commitment commitment) {
        if (!opening.commitment().equals(commitment)) {
            throw new LanternException("a payload of run " + run + " does not match its event, which commits to "
                    + commitment + ": the payload or its salt was changed");
        }
        return opening;
    }
}
