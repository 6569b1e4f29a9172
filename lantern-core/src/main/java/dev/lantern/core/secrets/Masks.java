package dev.lantern.core.secrets;

import dev.lantern.secrets.SecretValue;
import dev.lantern.value.LanternException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces secrets in lines by {@code [secret <label>]}, however they are written. Thread-safe.
 *
 * <pre>{@code
 * try (Masks masks = Masks.builder().add("API_KEY", value).build()) {
 *     out.println(masks.mask(line));
 * }
 * }</pre>
 *
 * <p>Known are: the value as it is; escaped as in JSON or in a URL, path or form, twice too; hexadecimal digits;
 * base64 in both alphabets, with padding or not, also inside the base64 of something longer, and broken into lines; of each
 * of these the beginning, if the line was cut right behind it. So is each line of a value of several lines, the value
 * without the blanks around it, and each text of a value that is a JSON document. Not known are: the parts that somebody
 * takes a value apart to, other encodings (compressed, encrypted, reversed, in HTML), and a value shorter than
 * {@value #MIN_LENGTH} bytes, which would black out the logs: {@link #tooShort} names those. Masking keeps honest programs
 * from leaking by accident. It stops nobody who wants to.
 *
 * <p>The time for a line grows with its length, whoever wrote it and however many values are known.
 */
public final class Masks implements AutoCloseable {
    /** Shorter values, blanks around them not counted, are not masked. */
    public static final int MIN_LENGTH = 6;

    /** What those who cut long lines write behind them: the two splitters of lines, and the stores of lines. */
    private static final Pattern CUT =
            Pattern.compile(" \\[… [0-9]{1,19} more bytes of this line left out]$| … \\[cut]$");

    private static final byte[] PLAIN = PlainText.fold();
    private static final byte[] HEX = PlainText.hexFold();
    private static final byte[] BASE64 = Base64Text.fold();

    private final List<String> labels;
    private final List<String> tooShort;
    private final PatternSearch plain;
    private final PatternSearch hex;
    private final PatternSearch base64;
    private final Base64Pieces pieces;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    private Masks(Builder builder) {
        labels = List.copyOf(builder.labels);
        tooShort = builder.tooShort.stream().distinct().toList();
        plain = builder.plain;
        hex = builder.hex;
        base64 = builder.base64;
        pieces = builder.pieces;
    }

    /** Masks that know nothing yet. */
    public static Builder builder() {
        return new Builder();
    }

    /** The labels of values too short to be masked, for a warning; each once, in the order in which they were added. */
    public List<String> tooShort() {
        return tooShort;
    }

    /**
     * The line without the secrets; the very same if there were none.
     *
     * @throws LanternException if the masks are closed: a line is not let through unseen
     */
    public String mask(String line) {
        Objects.requireNonNull(line, "line");
        lock.readLock().lock();
        try {
            if (closed) {
                throw new LanternException(
                        "these masks were closed, and know no secret any more; the line is not shown");
            }
            return labels.isEmpty() ? line : masked(line);
        } finally {
            lock.readLock().unlock();
        }
    }

    private String masked(String line) {
        Matcher cut = CUT.matcher(line);
        boolean isCut = cut.find(Math.max(0, line.length() - 80));
        int end = isCut ? cut.start() : line.length();
        int leastCut = isCut ? MIN_LENGTH : Integer.MAX_VALUE;
        List<Hit> hits = new ArrayList<>();
        LineView raw = LineView.of(line, end);
        pieces.search(raw, base64Hits(raw, hits));
        boolean escaped = raw.has('\\');
        LineView once = escaped ? raw.json() : raw;
        search(raw, leastCut, hits);
        searchUrl(raw, leastCut, hits);
        if (escaped) {
            search(once, leastCut, hits);
            searchUrl(once, leastCut, hits);
        }
        if (escaped && once.has('\\')) {
            searchOnce(once.json(), leastCut, hits);
        }
        raw.wipe();
        once.wipe();
        return hits.isEmpty() ? line : replaced(line, hits);
    }

    private void searchUrl(LineView view, int leastCut, List<Hit> hits) {
        boolean percent = view.has('%');
        if (percent) {
            LineView path = view.url(false);
            search(path, leastCut, hits);
            if (path.has('%')) {
                searchOnce(path.url(false), leastCut, hits);
                searchOnce(path.url(true), leastCut, hits);
            }
            path.wipe();
        }
        if (percent || view.has('+')) {
            searchOnce(view.url(true), leastCut, hits);
        }
    }

    private void searchOnce(LineView view, int leastCut, List<Hit> hits) {
        search(view, leastCut, hits);
        view.wipe();
    }

    private void search(LineView view, int leastCut, List<Hit> hits) {
        plain.search(view, PLAIN, leastCut, (begin, end, label, edges) -> hits.add(hit(view, begin, end, label)));
        hex.search(view, HEX, leastCut, (begin, end, label, edges) -> hits.add(hit(view, begin, end, label)));
        base64.search(view, BASE64, leastCut, base64Hits(view, hits));
        if (view.has('\n') || view.has('\r')) {
            LineView joined = view.joined();
            base64.search(joined, BASE64, leastCut, base64Hits(joined, hits));
            joined.wipe();
        }
    }

    /** With the characters on either side that hold some of its bits, and the padding behind. */
    private static PatternSearch.Found base64Hits(LineView view, List<Hit> hits) {
        return (begin, end, label, edges) -> {
            int first = begin;
            int last = end;
            if ((edges & Edges.LEADING) != 0 && first > 0 && Base64Text.bits(view.at(first - 1)) >= 0) {
                first--;
            }
            if ((edges & Edges.TRAILING) != 0 && last < view.length() && Base64Text.bits(view.at(last)) >= 0) {
                last++;
            }
            while (last < view.length() && last < end + 3 && view.at(last) == '=') {
                last++;
            }
            hits.add(hit(view, first, last, label));
        };
    }

    private static Hit hit(LineView view, int begin, int end, int label) {
        return new Hit(view.from(begin), view.to(end - 1), label);
    }

    /** Where a secret stands in a line. */
    private record Hit(int begin, int end, int label) {}

    private String replaced(String line, List<Hit> hits) {
        hits.sort(Comparator.comparingInt(Hit::begin)
                .thenComparing(Comparator.comparingInt(Hit::end).reversed()));
        StringBuilder out = new StringBuilder(line.length());
        int shown = 0;
        for (Hit hit : hits) {
            if (hit.begin() >= shown) {
                out.append(line, shown, hit.begin())
                        .append("[secret ")
                        .append(labels.get(hit.label()))
                        .append(']');
            }
            // What overlaps is hidden under the label of what begins first.
            shown = Math.max(shown, hit.end());
        }
        return out.append(line, shown, line.length()).toString();
    }

    /** Wipes what is known of the values, as far as Java lets; waits for lines that are being masked. Idempotent. */
    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            closed = true;
            plain.wipe();
            hex.wipe();
            base64.wipe();
            pieces.wipe();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** How many values, and no more. */
    @Override
    public String toString() {
        return "Masks[" + labels.size() + " values]";
    }

    /** Collects what is to be masked. One thread; builds once. */
    public static final class Builder {
        private final List<String> labels = new ArrayList<>();
        private final List<String> tooShort = new ArrayList<>();
        private final PatternSearch plain = new PatternSearch();
        private final PatternSearch hex = new PatternSearch();
        private final PatternSearch base64 = new PatternSearch();
        private final Base64Pieces pieces = new Base64Pieces();

        private Builder() {}

        /**
         * A value to be masked, which stays the caller's. A label may have several, such as a former one; a value that two
         * labels have is shown under the first.
         */
        public Builder add(String label, SecretValue value) {
            Objects.requireNonNull(label, "label");
            byte[] bytes = value.reveal();
            if (MaskedForms.length(bytes) < MIN_LENGTH) {
                tooShort.add(label);
            } else {
                labels.add(label);
                MaskedForms forms = MaskedForms.of(bytes);
                forms.list().forEach(form -> add(form, labels.size() - 1));
                forms.wipe();
            }
            Arrays.fill(bytes, (byte) 0);
            return this;
        }

        private void add(byte[] form, int label) {
            plain.add(form, label, Edges.NONE);
            for (boolean clean : new boolean[] {false, true}) {
                addIfAny(MaskedForms.shown(form, clean), bytes -> plain.add(bytes, label, Edges.NONE));
            }
            byte[] digits = PlainText.hex(form);
            hex.add(digits, label, Edges.NONE);
            Arrays.fill(digits, (byte) 0);
            addBase64(form, label);
            addIfAny(MaskedForms.escaped(form), bytes -> addBase64(bytes, label));
        }

        private void addBase64(byte[] form, int label) {
            for (int before = 0; before < 3; before++) {
                byte[] text = Base64Text.of(form, before);
                base64.add(text, label, Base64Text.edges(before, form.length));
                pieces.add(text, label);
                Arrays.fill(text, (byte) 0);
            }
        }

        private static void addIfAny(byte[] bytes, Consumer<byte[]> adding) {
            if (bytes.length > 0) {
                adding.accept(bytes);
                Arrays.fill(bytes, (byte) 0);
            }
        }

        /** The masks. */
        public Masks build() {
            plain.finish();
            hex.finish();
            base64.finish();
            return new Masks(this);
        }
    }
}
