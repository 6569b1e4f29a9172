package dev.lantern.core.secrets;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.secrets.SecretValue;
import dev.lantern.value.LanternException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MasksTest {
    private static final int LEAST_PLACED = 2_400;
    private static final int LEAST_CUT = 31_000;
    private static final int LEAST_RANDOM = 18_000;
    private static final String LEFT_OUT = " [… 4711 more bytes of this line left out]";

    private static final Map<String, byte[]> VALUES = values();
    private static final Map<String, Function<String, String>> PLACES = places();

    private static Map<String, byte[]> values() {
        Map<String, byte[]> values = new LinkedHashMap<>();
        values.put("a word", "canary".getBytes(UTF_8));
        values.put("a password", "c@nary/+ \"q\"\\b<&>%41=~".getBytes(UTF_8));
        values.put("other scripts", "kanárek-漢字-🜁-żółć".getBytes(UTF_8));
        values.put("a token", "canary_Zm9v-YmFy.0123456789abcdefABCDEF".getBytes(UTF_8));
        byte[] key = new byte[32];
        new Random(7).nextBytes(key);
        values.put("a key", key);
        return values;
    }

    private static Map<String, Function<String, String>> places() {
        Map<String, Function<String, String>> places = new LinkedHashMap<>();
        places.put("alone", text -> text);
        places.put("first", text -> text + ", said the bird");
        places.put("last", text -> "The bird said " + text);
        places.put("between", text -> "key=" + text + " ; other=漢字");
        places.put("in quotes", text -> "{\"name\":\"x\",\"key\":\"" + text + "\"}");
        places.put("in an address", text -> "GET /path?key=" + text + "&x=1");
        places.put("twice", text -> text + " " + text);
        return places;
    }

    private static Masks masks(byte[]... values) {
        Masks.Builder builder = Masks.builder();
        for (byte[] value : values) {
            builder.add("CANARY", SecretValue.of(value));
        }
        return builder.build();
    }

    private static Masks masks(String... values) {
        return masks(Arrays.stream(values).map(value -> value.getBytes(UTF_8)).toArray(byte[][]::new));
    }

    @Test
    void no_spelling_of_a_value_gets_through_wherever_it_stands() {
        int cases = 0;
        for (var value : VALUES.entrySet()) {
            Masks masks = masks(value.getValue());
            for (var spelling : Spelling.all().entrySet()) {
                if (value.getKey().equals("a key") && !Spelling.takesAnyBytes(spelling.getKey())) {
                    continue;
                }
                String written = spelling.getValue().apply(value.getValue());
                assertThat(Leaks.find(written, value.getValue()))
                        .as("the search knows " + spelling.getKey())
                        .isPresent();
                for (var place : PLACES.entrySet()) {
                    String line = place.getValue().apply(written);
                    String masked = masks.mask(line);
                    String name = value.getKey() + ", " + spelling.getKey() + ", " + place.getKey() + ": " + masked;
                    assertThat(masked).as(name).contains("[secret CANARY]");
                    assertThat(Leaks.find(masked, value.getValue())).as(name).isEmpty();
                    String around = place.getValue().apply("");
                    assertThat(masked.replaceAll("[^a-z]", ""))
                            .as(name)
                            .contains(
                                    around.length() > 12
                                            ? around.replaceAll("[^a-z]", "").substring(0, 3)
                                            : "");
                    cases++;
                }
            }
        }
        System.out.println("masks: " + cases + " spellings in their places");
        assertThat(cases).isGreaterThanOrEqualTo(LEAST_PLACED);
    }

    @Test
    void no_spelling_gets_through_wherever_its_line_was_cut() {
        int cases = 0;
        for (var value : VALUES.entrySet()) {
            Masks masks = masks(value.getValue());
            byte[] beginning = Arrays.copyOf(value.getValue(), 6);
            for (var spelling : Spelling.all().entrySet()) {
                if (value.getKey().equals("a key") && !Spelling.takesAnyBytes(spelling.getKey())) {
                    continue;
                }
                String written = spelling.getValue().apply(value.getValue());
                for (int end = 1; end < written.length(); end++) {
                    for (String mark : List.of(LEFT_OUT, " … [cut]")) {
                        String line = "key: " + written.substring(0, end) + mark;
                        String masked = masks.mask(line);
                        assertThat(masked).startsWith("key: ").endsWith(mark);
                        assertThat(Leaks.find(masked, beginning))
                                .as(value.getKey() + ", " + spelling.getKey() + ", " + line + " -> " + masked)
                                .isEmpty();
                        cases++;
                    }
                }
            }
        }
        System.out.println("masks: " + cases + " lines cut in a secret");
        assertThat(cases).isGreaterThanOrEqualTo(LEAST_CUT);
    }

    @Test
    void base64_broken_into_lines_is_masked_in_each_of_them() {
        byte[] value = new byte[300];
        new Random(11).nextBytes(value);
        Masks masks = masks(value);
        int lines = 0;
        for (int columns : List.of(64, 76)) {
            for (int before = 0; before < 60; before++) {
                for (String indent : List.of("", "    ")) {
                    byte[] whole = new byte[before + value.length + 40];
                    Arrays.fill(whole, (byte) 'u');
                    System.arraycopy(value, 0, whole, before, value.length);
                    String text =
                            Base64.getMimeEncoder(columns, "\n".getBytes(UTF_8)).encodeToString(whole);
                    StringBuilder masked = new StringBuilder();
                    for (String line : text.split("\n")) {
                        masked.append(masks.mask(indent + line)).append("  ");
                        lines++;
                    }
                    for (int i = 0; i + 6 <= value.length; i++) {
                        String left = masked.toString();
                        assertThat(Leaks.find(left, Arrays.copyOfRange(value, i, i + 6)))
                                .as(columns + " columns, " + before + " before, byte " + i + ": " + left)
                                .isEmpty();
                    }
                }
            }
        }
        System.out.println("masks: " + lines + " lines of base64");
        assertThat(lines).isGreaterThanOrEqualTo(1_000);
    }

    @Test
    void random_values_in_random_surroundings_leave_nothing() {
        Random random = new Random(20260102);
        List<Map.Entry<String, Function<byte[], String>>> spellings =
                List.copyOf(Spelling.all().entrySet());
        int cases = 0;
        for (int round = 0; round < 250; round++) {
            List<byte[]> values = IntStream.range(0, 4)
                    .mapToObj(i -> printable(random, 6 + random.nextInt(60)))
                    .toList();
            Masks masks = masks(values.toArray(byte[][]::new));
            for (var spelling : spellings) {
                byte[] value = values.get(random.nextInt(values.size()));
                // A backslash before it would be another spelling.
                String line = noise(random) + " " + spelling.getValue().apply(value) + " " + noise(random);
                String masked = masks.mask(line);
                assertThat(Leaks.find(masked, value))
                        .as("round " + round + ", " + spelling.getKey() + ", " + line + " -> " + masked)
                        .isEmpty();
                cases++;
            }
        }
        System.out.println("masks: " + cases + " random lines");
        assertThat(cases).isGreaterThanOrEqualTo(LEAST_RANDOM);
    }

    private static byte[] printable(Random random, int length) {
        return random.ints(length, 0x20, 0x7f)
                .map(c -> c == ' ' ? '/' : c)
                .mapToObj(c -> String.valueOf((char) c))
                .collect(Collectors.joining())
                .getBytes(UTF_8);
    }

    private static String noise(Random random) {
        return random.ints(random.nextInt(40), 0x20, 0x7f)
                .filter(c -> c != '\\')
                .mapToObj(c -> String.valueOf((char) c))
                .collect(Collectors.joining());
    }

    @Test
    void each_line_of_a_value_is_masked_and_so_is_the_value_without_its_blanks() {
        Masks masks = masks("-----BEGIN KEY-----\r\nMIIEvQIBADANBg\nshort\n   indented  \n-----END KEY-----\n");

        assertThat(masks.mask("x MIIEvQIBADANBg y")).isEqualTo("x [secret CANARY] y");
        assertThat(masks.mask("-----BEGIN KEY-----")).isEqualTo("[secret CANARY]");
        assertThat(masks.mask("x indented y")).isEqualTo("x [secret CANARY] y");
        assertThat(masks.mask("a short line stays")).isEqualTo("a short line stays");
        assertThat(masks("  p4ssword \n").mask("it is p4ssword!")).isEqualTo("it is [secret CANARY]!");
    }

    @Test
    void each_text_of_a_document_is_masked() {
        Masks masks = masks(
                "{\"password\":\"A1a-\\u00e9\\\"x\",\"port\":5432,\"username\":\"v-acme-7\",\"x\":[\"nested1\"]}");

        assertThat(masks.mask("login v-acme-7 with A1a-é\"x, 5432 and nested1"))
                .isEqualTo("login [secret CANARY] with [secret CANARY], 5432 and [secret CANARY]");
        assertThat(masks("{not json but secret").mask("a {not json but secret b"))
                .isEqualTo("a [secret CANARY] b");
    }

    @Test
    void bytes_that_are_no_text_are_masked_as_a_line_shows_them() {
        byte[] value = "can\u0001ary-\u00ff\u00fe-bytes".getBytes(ISO_8859_1);

        String line = "x " + new String(value, UTF_8) + " y";

        assertThat(masks(value).mask(line)).isEqualTo("x [secret CANARY] y");
        assertThat(masks(value).mask(line.replace('\u0001', '\uFFFD'))).isEqualTo("x [secret CANARY] y");
    }

    @Test
    void a_value_too_short_blacks_out_nothing_and_is_named() {
        Masks masks = Masks.builder()
                .add("LONG", SecretValue.of("123456".getBytes(UTF_8)))
                .add("SHORT", SecretValue.of("12345".getBytes(UTF_8)))
                .add("BLANK", SecretValue.of("  123   \n".getBytes(UTF_8)))
                .add("SHORT", SecretValue.of("abc".getBytes(UTF_8)))
                .build();

        assertThat(masks.tooShort()).containsExactly("SHORT", "BLANK");
        assertThat(masks.mask("abc 12345 123456 123")).isEqualTo("abc 12345 [secret LONG] 123");
    }

    @Test
    void what_overlaps_is_hidden_as_a_whole_and_what_touches_is_told_apart() {
        Masks masks = Masks.builder()
                .add("ONE", SecretValue.of("abcdefgh".getBytes(UTF_8)))
                .add("TWO", SecretValue.of("efghijkl".getBytes(UTF_8)))
                .add("ALSO_ONE", SecretValue.of("abcdefgh".getBytes(UTF_8)))
                .build();

        assertThat(masks.mask("-abcdefghijkl-")).isEqualTo("-[secret ONE]-");
        assertThat(masks.mask("-abcdefghefghijkl-")).isEqualTo("-[secret ONE][secret TWO]-");
    }

    @Test
    void the_characters_of_base64_that_hold_bits_of_the_value_go_and_no_more() {
        Masks masks = masks("canary-1234");

        assertThat(masks.mask("Basic " + base64("u:canary-1234") + "; x"))
                .isEqualTo(
                        "Basic d[secret CANARY]; x".replace("d[", base64("u:").substring(0, 2) + "["));
        assertThat(masks.mask(base64("abccanary-1234xyz")))
                .isEqualTo("YWJj[secret CANARY]h5eg=="
                        .replace("h5eg==", base64("abccanary-1234xyz").substring(4 + 15)));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    @Test
    void a_beginning_is_masked_only_where_a_line_was_cut() {
        Masks masks = masks("canary-1234");

        assertThat(masks.mask("it is canary")).isEqualTo("it is canary");
        assertThat(masks.mask("it is canary" + LEFT_OUT)).isEqualTo("it is [secret CANARY]" + LEFT_OUT);
        assertThat(masks.mask("it is canar" + LEFT_OUT)).isEqualTo("it is canar" + LEFT_OUT);
        assertThat(masks.mask("it is canary" + LEFT_OUT + " by me")).isEqualTo("it is canary" + LEFT_OUT + " by me");
    }

    @Test
    void lines_without_secrets_stay_the_very_same() {
        Masks masks = masks("canary-1234", "another one");
        for (String line : List.of(
                "", "x", "\\", "\\u", "\\u12", "\\ud83d\\u0041", "%", "%4", "%zz", "+", "漢字 🜁", "\uD83D", "====")) {
            assertThat(masks.mask(line)).isSameAs(line);
        }
        assertThat(Masks.builder().build().mask("canary-1234")).isEqualTo("canary-1234");
    }

    @Test
    void hundreds_of_values_and_lines_made_to_be_slow_are_masked_in_one_pass() {
        Masks.Builder builder = Masks.builder();
        Random random = new Random(3);
        for (int i = 0; i < 500; i++) {
            builder.add("S" + i, SecretValue.of(printable(random, 40)));
        }
        // All of one letter: wherever a search that begins anew looks, it looks far.
        builder.add("SAME", SecretValue.of(("a".repeat(SecretValue.MAX_LENGTH - 1) + "b").getBytes(UTF_8)));
        try (Masks masks = builder.build()) {
            String same = "a".repeat(64 * 1024);
            assertThat(masks.mask(same)).isSameAs(same);
            assertThat(masks.mask("a" + same.substring(1) + LEFT_OUT)).isEqualTo("a[secret SAME]" + LEFT_OUT);
            assertThat(masks.mask(same + "b")).isEqualTo("a[secret SAME]");
            assertThat(masks.mask("A".repeat(64 * 1024))).hasSize(64 * 1024);
        }
    }

    @Test
    void closed_masks_let_no_line_through_and_show_nothing() {
        Masks masks = masks("canary-1234");
        assertThat(masks).hasToString("Masks[1 values]");

        masks.close();
        masks.close();

        assertThatThrownBy(() -> masks.mask("canary-1234"))
                .isInstanceOf(LanternException.class)
                .hasMessage("these masks were closed, and know no secret any more; the line is not shown");
    }

    @Test
    void threads_mask_at_once() throws Exception {
        Masks masks = masks("canary-1234");
        List<Thread> threads = new ArrayList<>();
        List<String> wrong = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 4; i++) {
            String own = "thread-" + i;
            Thread thread = new Thread(() -> {
                for (int round = 0; round < 500; round++) {
                    String masked = masks.mask(own + " canary-1234 " + round);
                    if (!masked.equals(own + " [secret CANARY] " + round)) {
                        wrong.add(masked);
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(wrong).isEmpty();
    }
}
