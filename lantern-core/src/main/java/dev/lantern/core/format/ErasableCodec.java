package dev.lantern.core.format;

import dev.lantern.journal.Event;
import dev.lantern.value.Commitment;
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
 * salts = salt_1 ‖ … ‖ salt_n                                    32 bytes each
 * body  = seal(0x01 ‖ entry_1 ‖ … ‖ entry_n)
 * entry = form ‖ length of media type ‖ media type ‖ payload     1 byte, 1 byte, ASCII
 * form  = 0x00 inline | 0x01 salt only | 0x02 kept elsewhere
 * payload, inline only = length ‖ bytes                          4 bytes, big-endian
 * kept elsewhere: seal(bytes), under the commitment
 * </pre>
 *
 * <p>Nothing here is hashed: the event holds the commitments, in the same order, and what is read back is held
 * against them. A body that was swapped, cut or changed is refused, sealed or not. Immutable, and as thread-safe as
 * its seal.
 */
public final class ErasableCodec {
    private static final byte VERSION = 1;
    private static final byte INLINE = 0;
    private static final byte SALT_ONLY = 1;
    private static final byte ELSEWHERE = 2;

    private final Optional<PayloadSeal> seal;

    private ErasableCodec(Optional<PayloadSeal> seal) {
        this.seal = seal;
    }

    /** Payloads stand in the journal as they are. */
    public static ErasableCodec plain() {
        return new ErasableCodec(Optional.empty());
    }

    /** Payloads and media types stand in the journal sealed; salts stand open. */
    public static ErasableCodec sealedBy(PayloadSeal seal) {
        return new ErasableCodec(Optional.of(seal));
    }

    /** @param openings in the order of the event's commitments; at least one */
    public Event.Erasable encode(RunRef run, List<StoredOpening> openings) {
        if (openings.isEmpty()) {
            throw new LanternException("an event of run " + run + " without payloads has nothing to erase");
        }
        ByteBuffer salts = ByteBuffer.allocate(Opening.SALT_LENGTH * openings.size());
        ByteBuffer body = ByteBuffer.allocate(
                1 + openings.stream().mapToInt(ErasableCodec::length).sum());
        body.put(VERSION);
        for (StoredOpening opening : openings) {
            salts.put(opening.salt());
            put(body, opening);
        }
        return new Event.Erasable(salts.array(), sealed(run, body.array()));
    }

    /**
     * @param commitments what the event says, in its order
     * @return one entry for each commitment, every inline one verified against it
     * @throws LanternException if salts or body are not what was written for these commitments
     */
    public List<StoredOpening> decode(RunRef run, Event.Erasable erasable, List<Commitment> commitments) {
        if (erasable.salts().length != Opening.SALT_LENGTH * commitments.size()) {
            throw new LanternException("an event of run " + run + " commits to " + commitments.size()
                    + " payloads and its row holds " + erasable.salts().length + " bytes of salts; "
                    + Opening.SALT_LENGTH + " for each are right");
        }
        ByteBuffer body = ByteBuffer.wrap(opened(run, erasable.body()));
        List<StoredOpening> openings = new ArrayList<>(commitments.size());
        try {
            requireVersion(run, body.get());
            for (int i = 0; i < commitments.size(); i++) {
                byte[] salt =
                        Arrays.copyOfRange(erasable.salts(), i * Opening.SALT_LENGTH, (i + 1) * Opening.SALT_LENGTH);
                openings.add(read(run, body, salt, commitments.get(i)));
            }
        } catch (BufferUnderflowException e) {
            throw new LanternException("the payloads of an event of run " + run + " end too early: the row was cut", e);
        }
        if (body.hasRemaining()) {
            throw new LanternException("the payloads of an event of run " + run + " are followed by " + body.remaining()
                    + " bytes that belong to no commitment");
        }
        return openings;
    }

    /** What {@link dev.lantern.journal.Journal#keep} is to store for a payload that does not stand in its row. */
    public byte[] kept(RunRef run, Opening opening) {
        return sealed(run, opening.bytes());
    }

    /**
     * Puts a payload back together that was kept elsewhere.
     *
     * @throws LanternException if it is not the one behind the commitment
     */
    public Opening open(RunRef run, StoredOpening.Elsewhere stored, byte[] kept, Commitment commitment) {
        return verified(run, Opening.of(stored.mediaType(), stored.salt(), opened(run, kept)), commitment);
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

    private static void requireVersion(RunRef run, byte version) {
        if (version != VERSION) {
            throw new LanternException("the payloads of an event of run " + run + " are framed in version " + version
                    + "; this version reads " + VERSION);
        }
    }

    private static Opening verified(RunRef run, Opening opening, Commitment commitment) {
        if (!opening.commitment().equals(commitment)) {
            throw new LanternException("a payload of run " + run + " does not match its event, which commits to "
                    + commitment + ": the payload or its salt was changed");
        }
        return opening;
    }

    private byte[] sealed(RunRef run, byte[] plain) {
        return seal.isPresent() ? seal.get().seal(run, plain) : plain;
    }

    private byte[] opened(RunRef run, byte[] sealed) {
        return seal.isPresent() ? seal.get().open(run, sealed) : sealed;
    }
}
