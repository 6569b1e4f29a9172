package dev.lantern.core.engine;

import dev.lantern.core.secrets.Masks;
import dev.lantern.secrets.SecretValue;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The values that are masked in one run's lines, old ones too: an agent may still write them. One thread at a time. */
final class MaskedValues implements AutoCloseable {
    /** As often as this a secret's value changes before the first one is forgotten. */
    private static final int MOST_OF_ONE = 32;

    private record Labelled(String label, SecretValue value) {}

    private final List<Labelled> values = new ArrayList<>();
    private Masks masks = Masks.builder().build();

    /**
     * Masks a copy of this value as well, from now on.
     *
     * @return whether it is long enough to be masked
     */
    boolean add(String label, SecretValue value) {
        if (!knows(label, value)) {
            List<Labelled> before =
                    values.stream().filter(known -> known.label().equals(label)).toList();
            if (before.size() >= MOST_OF_ONE) {
                values.remove(before.get(0));
                before.get(0).value().close();
            }
            byte[] bytes = value.reveal();
            values.add(new Labelled(label, SecretValue.of(bytes)));
            Arrays.fill(bytes, (byte) 0);
            build();
        }
        return !masks.tooShort().contains(label);
    }

    String mask(String line) {
        return masks.mask(line);
    }

    @Override
    public void close() {
        masks.close();
        values.forEach(known -> known.value().close());
        values.clear();
    }

    private void build() {
        Masks.Builder builder = Masks.builder();
        values.forEach(known -> builder.add(known.label(), known.value()));
        Masks old = masks;
        masks = builder.build();
        old.close();
    }

    private boolean knows(String label, SecretValue value) {
        byte[] bytes = value.reveal();
        try {
            return values.stream().anyMatch(known -> known.label().equals(label) && isSame(known.value(), bytes));
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static boolean isSame(SecretValue known, byte[] bytes) {
        byte[] own = known.reveal();
        try {
            return MessageDigest.isEqual(own, bytes);
        } finally {
            Arrays.fill(own, (byte) 0);
        }
    }
}
