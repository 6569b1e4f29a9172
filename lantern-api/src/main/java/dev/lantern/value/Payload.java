package dev.lantern.value;

import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Bytes and their media type: an input, an output, a step's result. Immutable.
 *
 * <p>A payload that came out of a runtime carries that runtime's codec, so {@code result.output().as(Report.class)}
 * needs no further argument. {@link #toString} shows no byte of it.
 */
public final class Payload {
    private final String mediaType;
    private final byte[] bytes;
    private final @Nullable PayloadCodec codec;

    private Payload(String mediaType, byte[] bytes, @Nullable PayloadCodec codec) {
        this.mediaType = Objects.requireNonNull(mediaType, "mediaType");
        this.bytes = bytes.clone();
        this.codec = codec;
    }

    /** A payload that is read as bytes: it carries no codec, so {@link #as(Class)} refuses. */
    public static Payload of(String mediaType, byte[] bytes) {
        return new Payload(mediaType, bytes, null);
    }

    /** A payload that {@link #as(Class)} decodes with {@code codec}. */
    public static Payload of(String mediaType, byte[] bytes, PayloadCodec codec) {
        return new Payload(mediaType, bytes, Objects.requireNonNull(codec, "codec"));
    }

    /** The media type as it was given, such as {@code application/json}. */
    public String mediaType() {
        return mediaType;
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * The value that these bytes encode.
     *
     * @throws LanternException if this payload carries no codec, or its bytes do not fit {@code type}
     */
    public <T> T as(Class<T> type) {
        return type.cast(as((Type) type));
    }

    /** As {@link #as(Class)}, for generic types. */
    public Object as(Type type) {
        if (codec == null) {
            throw new LanternException(
                    "this payload was made without a codec: read bytes(), or make it with Payload.of(mediaType, bytes, codec)");
        }
        return codec.decode(this, type);
    }

    /** Equal when media type and bytes are; the codec does not count. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Payload that && mediaType.equals(that.mediaType) && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * mediaType.hashCode() + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "Payload[" + mediaType + ", " + bytes.length + " bytes]";
    }
}
