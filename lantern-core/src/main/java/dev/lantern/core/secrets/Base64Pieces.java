package dev.lantern.core.secrets;

import java.util.Arrays;

/**
 * Knows a piece of base64 when it sees one, wherever a writer broke the text into lines: by every six characters that stand
 * together in it. Filled by one thread, then only read, by any; until it is wiped.
 */
final class Base64Pieces {
    /** The shortest piece that is known. */
    static final int LEAST = 6;

    private static final long MASK = (1L << 6 * LEAST) - 1;
    private static final int FIRST_ROOM = 1024;

    /** One more than six characters' bits, so that 0 is an empty slot; a power of two, at most half of it used. */
    private long[] slots = new long[FIRST_ROOM];

    private int[] labels = new int[FIRST_ROOM];
    private int used;

    void add(byte[] text, int label) {
        long window = 0;
        for (int i = 0; i < text.length; i++) {
            window = (window << 6 | Base64Text.bits(text[i])) & MASK;
            if (i >= LEAST - 1) {
                add(window, label);
            }
        }
    }

    private void add(long window, int label) {
        if (2 * used >= slots.length) {
            grow();
        }
        int slot = slot(window);
        if (slots[slot] == 0) {
            slots[slot] = window + 1;
            labels[slot] = label;
            used++;
        }
    }

    private void grow() {
        long[] formerSlots = slots;
        int[] formerLabels = labels;
        slots = new long[2 * formerSlots.length];
        labels = new int[slots.length];
        for (int i = 0; i < formerSlots.length; i++) {
            if (formerSlots[i] != 0) {
                int slot = slot(formerSlots[i] - 1);
                slots[slot] = formerSlots[i];
                labels[slot] = formerLabels[i];
            }
        }
        Arrays.fill(formerSlots, 0);
    }

    private int slot(long window) {
        int slot = (int) ((window * 0x9E3779B97F4A7C15L) >>> 40) & slots.length - 1;
        while (slots[slot] != 0 && slots[slot] != window + 1) {
            slot = slot + 1 & slots.length - 1;
        }
        return slot;
    }

    /** Finds what begins or ends the line, blanks apart, and goes on for as long as it is known. */
    void search(LineView view, PatternSearch.Found found) {
        int begin = 0;
        int end = view.length();
        while (begin < end && isBlank(view.at(begin))) {
            begin++;
        }
        while (end > begin && (isBlank(view.at(end - 1)) || view.at(end - 1) == '=')) {
            end--;
        }
        forward(view, begin, end, found);
        backward(view, begin, end, found);
    }

    private void forward(LineView view, int begin, int end, PatternSearch.Found found) {
        int label = label(view, begin, end);
        if (label < 0) {
            return;
        }
        int last = begin;
        while (label(view, last + 1, end) >= 0) {
            last++;
        }
        found.at(begin, last + LEAST, label, Edges.TRAILING);
    }

    private void backward(LineView view, int begin, int end, PatternSearch.Found found) {
        int first = end - LEAST;
        int label = first < begin ? -1 : label(view, first, end);
        if (label < 0) {
            return;
        }
        while (first > begin && label(view, first - 1, end) >= 0) {
            first--;
        }
        found.at(first, end, label, (byte) (Edges.LEADING | Edges.TRAILING));
    }

    /** Whose the six characters from here on are; -1 if they are nobody's. */
    private int label(LineView view, int begin, int end) {
        if (begin + LEAST > end) {
            return -1;
        }
        long window = 0;
        for (int i = begin; i < begin + LEAST; i++) {
            int bits = Base64Text.bits(view.at(i));
            if (bits < 0) {
                return -1;
            }
            window = window << 6 | bits;
        }
        int slot = slot(window);
        return slots[slot] == 0 ? -1 : labels[slot];
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r';
    }

    void wipe() {
        Arrays.fill(slots, 0);
    }
}
