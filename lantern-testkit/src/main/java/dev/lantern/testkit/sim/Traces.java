package dev.lantern.testkit.sim;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** By what a value is told again in a text: its beginning, as it is and in base64 at each of the three offsets. */
record Traces(List<String> pieces) {
    private static final int PIECE = 10;

    static Traces of(String value) {
        List<String> pieces = new ArrayList<>(List.of(value.substring(0, PIECE)));
        for (int offset = 0; offset < 3; offset++) {
            byte[] shifted = new byte[offset + value.length()];
            System.arraycopy(value.getBytes(StandardCharsets.US_ASCII), 0, shifted, offset, value.length());
            // Of the first characters some bits belong to what stands before the value.
            int clean = offset == 0 ? 0 : offset + 1;
            pieces.add(Base64.getEncoder().encodeToString(shifted).substring(clean, clean + PIECE));
        }
        return new Traces(pieces);
    }

    boolean in(String text) {
        return pieces.stream().anyMatch(text::contains);
    }

    @Override
    public String toString() {
        return "Traces[…]";
    }
}
