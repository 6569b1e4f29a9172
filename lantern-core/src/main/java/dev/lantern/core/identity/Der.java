package dev.lantern.core.identity;

import dev.lantern.value.LanternException;

/**
 * A look at the frame of a DER encoding (X.690) before a library reads it: lengths are definite and shortest, elements
 * fill those around them exactly, and nesting ends soon enough for every stack.
 */
final class Der {
    private static final int DEEPEST = 16;
    private static final int CONSTRUCTED = 0x20;
    private static final int HIGH_TAG = 0x1f;
    private static final int LONG_FORM = 0x80;

    private final byte[] bytes;

    private Der(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @throws LanternException unless the bytes are the frame of one element, and nothing more */
    static void requireOneElement(byte[] bytes) {
        int end = new Der(bytes).element(0, bytes.length, 1);
        if (end != bytes.length) {
            throw new LanternException((bytes.length - end) + " bytes stand behind the element");
        }
    }

    /** The offset behind the element that begins at {@code at}. */
    private int element(int at, int limit, int depth) {
        if (depth > DEEPEST) {
            throw new LanternException("elements nest deeper than " + DEEPEST);
        }
        int tag = next(at, limit);
        if ((tag & HIGH_TAG) == HIGH_TAG) {
            throw new LanternException("a tag of more than one byte at offset " + at);
        }
        int first = next(at + 1, limit);
        int begin = at + 2;
        int length = first;
        if (first >= LONG_FORM) {
            int digits = first - LONG_FORM;
            if (digits == 0 || digits > 3) {
                throw new LanternException("a length that is indefinite or far too large at offset " + (at + 1));
            }
            length = 0;
            for (int i = 0; i < digits; i++) {
                length = length << 8 | next(begin++, limit);
            }
            if (length < LONG_FORM || length >>> 8 * (digits - 1) == 0) {
                throw new LanternException("a length that could be written shorter at offset " + (at + 1));
            }
        }
        int end = begin + length;
        if (end > limit) {
            throw new LanternException("an element at offset " + at + " that ends behind what it is in");
        }
        if ((tag & CONSTRUCTED) != 0) {
            int child = begin;
            while (child < end) {
                child = element(child, end, depth + 1);
            }
        }
        return end;
    }

    private int next(int at, int limit) {
        if (at >= limit) {
            throw new LanternException("the bytes end within an element");
        }
        return bytes[at] & 0xff;
    }
}
