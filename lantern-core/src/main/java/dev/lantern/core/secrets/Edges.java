package dev.lantern.core.secrets;

/** Which characters beside a piece of base64 hold some bits of the value too, and some of what stands beside it. */
final class Edges {
    static final byte NONE = 0;
    static final byte LEADING = 1;
    static final byte TRAILING = 2;

    private Edges() {}
}
