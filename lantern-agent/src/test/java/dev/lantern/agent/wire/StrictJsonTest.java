package dev.lantern.agent.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lantern.agent.wire.StrictJson.Bounds;
import dev.lantern.value.LanternException;
import dev.lantern.value.internal.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StrictJsonTest {
    private static final Bounds BOUNDS = new Bounds(4096, 8, 500);

    /** What is refused, why, and where. */
    record Junk(String family, byte[] document, String reason) {
        static Junk text(String family, String document, String reason) {
            return new Junk(family, document.getBytes(StandardCharsets.UTF_8), reason);
        }

        static Junk hex(String family, String hex, String reason) {
            return new Junk(family, HexFormat.of().parseHex(hex), reason);
        }

        @Override
        public String toString() {
            return family + " → " + reason;
        }
    }

    static Stream<Junk> junk() {
        String malformed = "not well-formed JSON, at character ";
        String fraction = "a number with a fraction or an exponent; allowed are integers, at character ";
        String large = "an integer of 2^53 or more in magnitude, at character ";
        String surrogate = "a string with a surrogate that is not part of a pair, at character ";
        return Stream.of(
                Junk.text("duplicate", "{\"a\":1,\"a\":1}", "member \"a\" stands twice in one object, at character 7"),
                Junk.text("duplicate by escape", "{\"a\":1,\"\\u0061\":2}", "member \"a\" stands twice"),
                Junk.text("duplicate, nested", "{\"x\":[{\"k\":1,\"j\":2,\"k\":3}]}", "member \"k\" stands twice"),
                Junk.text("duplicate, empty name", "{\"\":1,\"\":2}", "member \"\" stands twice"),
                Junk.text("duplicate, unprintable", "{\"\\n\":1,\"\\u000a\":2}", "member \"\\u{a}\" stands twice"),
                Junk.text("null", "null", "null; leave the member out, at character 0"),
                Junk.text("null in object", "{\"a\":null}", "null; leave the member out, at character 5"),
                Junk.text("null in array", "[1,null]", "null; leave the member out, at character 3"),
                Junk.text("fraction", "[1.5]", fraction + "1"),
                Junk.text("whole fraction", "{\"a\":1.0}", fraction + "5"),
                Junk.text("exponent", "1e3", fraction + "0"),
                Junk.text("capital exponent", "[-1E-3]", fraction + "1"),
                Junk.text("huge exponent", "[1e999999999]", fraction + "1"),
                Junk.text("2^53", "[9007199254740992]", large + "1"),
                Junk.text("-2^53", "[-9007199254740992]", large + "1"),
                Junk.text("2^53+1", "[9007199254740993]", large + "1"),
                Junk.text("2^64", "[18446744073709551616]", large + "1"),
                Junk.text("a thousand digits", "[" + "9".repeat(1000) + "]", large + "1"),
                Junk.text("-0", "[-0]", "-0, which readers disagree about; write 0, at character 1"),
                Junk.text("leading zero", "[01]", malformed),
                Junk.text("leading plus", "[+1]", malformed),
                Junk.text("hexadecimal", "[0x1]", malformed),
                Junk.text("bare point", "[.5]", malformed),
                Junk.text("open fraction", "[1.]", malformed),
                Junk.text("lone minus", "[-]", malformed),
                Junk.text("NaN", "[NaN]", malformed),
                Junk.text("Infinity", "[Infinity]", malformed),
                Junk.text("-Infinity", "[-Infinity]", malformed),
                Junk.hex("byte order mark", "efbbbf7b7d", "a byte order mark at byte 0; write UTF-8 without one"),
                Junk.hex("UTF-16 big endian", "007b007d", malformed + "1"),
                Junk.hex("UTF-16 little endian", "7b007d00", malformed),
                Junk.hex("UTF-16 with mark", "feff007b007d", "not UTF-8 at byte 0"),
                Junk.hex("UTF-32", "0000007b0000007d", malformed + "1"),
                Junk.hex("lone continuation", "5b2280225d", "not UTF-8 at byte 2"),
                Junk.hex("cut sequence", "5b22e282225d", "not UTF-8 at byte 2"),
                Junk.hex("cut at the end", "22f09f98", "not UTF-8 at byte 1"),
                Junk.hex("overlong slash", "5b22c0af225d", "not UTF-8 at byte 2"),
                Junk.hex("overlong in three", "5b22e080af225d", "not UTF-8 at byte 2"),
                Junk.hex("raw high surrogate", "5b22eda080225d", "not UTF-8 at byte 2"),
                Junk.hex("raw low surrogate", "5b22edb080225d", "not UTF-8 at byte 2"),
                Junk.hex("raw surrogate pair", "5b22eda0bdedb880225d", "not UTF-8 at byte 2"),
                Junk.hex("above U+10FFFF", "5b22f4908080225d", "not UTF-8 at byte 2"),
                Junk.hex("byte ff", "5b22ff225d", "not UTF-8 at byte 2"),
                Junk.text("escaped high", "[\"\\ud800\"]", surrogate + "1"),
                Junk.text("escaped low", "[\"\\udc00\"]", surrogate + "1"),
                Junk.text("escaped pair, swapped", "[\"\\udc00\\ud800\"]", surrogate + "1"),
                Junk.text("high, then text", "[\"\\ud83dx\"]", surrogate + "1"),
                Junk.text("high twice, then low", "[\"\\ud83d\\ud83d\\ude00\"]", surrogate + "1"),
                Junk.text("surrogate in a name", "{\"\\ud800\":1}", malformed),
                Junk.text("low surrogate in a name", "{\"x\\udc00\":1}", malformed),
                Junk.text("two documents", "{}{}", "text behind the document, at character 2"),
                Junk.text("two numbers", "1 2", "text behind the document, at character 2"),
                Junk.text("closing brace behind", "{}}", malformed),
                Junk.text("comma behind", "{},", malformed),
                Junk.text("word behind", "{} x", malformed),
                Junk.hex("NUL behind", "7b7d00", malformed),
                Junk.hex("mark behind", "7b7defbbbf", malformed),
                Junk.text("comment", "{/* */}", malformed),
                Junk.text("line comment", "{} // x", malformed),
                Junk.text("hash comment", "# x\n{}", malformed),
                Junk.text("trailing comma", "[1,]", malformed),
                Junk.text("trailing comma in object", "{\"a\":1,}", malformed),
                Junk.text("missing value", "{\"a\":}", malformed),
                Junk.text("missing values", "[,]", malformed),
                Junk.text("missing colon", "{\"a\" 1}", malformed),
                Junk.text("missing comma", "[1 2]", malformed),
                Junk.text("number against string", "[1\"a\"]", malformed),
                Junk.text("literal against string", "[true\"a\"]", malformed),
                Junk.text("unquoted name", "{a:1}", malformed),
                Junk.text("single quotes", "['a']", malformed),
                Junk.text("wrong literal", "[truth]", malformed),
                Junk.text("capital literal", "[True]", malformed),
                Junk.text("mismatched brackets", "[}", malformed),
                Junk.text("open array", "[1", malformed),
                Junk.text("open object", "{\"a\":1", malformed),
                Junk.text("open string", "[\"a", malformed),
                Junk.text("open escape", "[\"\\", malformed),
                Junk.text("raw newline", "[\"a\nb\"]", malformed),
                Junk.text("raw NUL", "[\"\u0000\"]", malformed),
                Junk.text("unknown escape", "[\"\\x41\"]", malformed),
                Junk.text("escaped apostrophe", "[\"\\'\"]", malformed),
                Junk.text("short unicode escape", "[\"\\u12\"]", malformed),
                Junk.text("digit of another script", "[\"\\u001\u0732\"]", malformed + "7"),
                Junk.text("full-width digit", "[\"\\u004\uff11\"]", malformed + "7"),
                Junk.text("escape at the end", "\"\\u004", malformed),
                Junk.text("form feed as space", "[\f1]", malformed),
                Junk.text("no-break space", "[\u00a01]", malformed),
                Junk.text("line separator", "[\u20281]", malformed),
                Junk.text("record separator", "\u001e{}", malformed),
                Junk.text("empty", "", "the document is empty"),
                Junk.text("only space", " \n\t\r ", "the document is empty"),
                Junk.text("nine deep", "[".repeat(9) + "]".repeat(9), "nested deeper than 8, at character 8"),
                Junk.text(
                        "a thousand deep", "[".repeat(1000) + "]".repeat(1000), "nested deeper than 8, at character 8"),
                Junk.text(
                        "deep objects",
                        "{\"a\":".repeat(9) + "1" + "}".repeat(9),
                        "nested deeper than 8, at character 40"),
                Junk.text("501 values", "[" + "1,".repeat(499) + "1]", "more than 500 values, at character 999"),
                Junk.text("4097 bytes", "[" + " ".repeat(4095) + "]", "at most 4096 bytes are allowed, found 4097"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("junk")
    void junk_is_refused_with_reason_and_place(Junk junk) {
        assertThatThrownBy(() -> StrictJson.parse(junk.document(), BOUNDS))
                .isExactlyInstanceOf(LanternException.class)
                .hasNoCause()
                .hasMessageStartingWith("cannot read JSON: ")
                .hasMessageContaining(junk.reason());
    }

    @Test
    void the_table_of_junk_has_not_shrunk() {
        long cases = junk().count();
        System.out.println("StrictJson: " + cases + " kinds of junk refused");
        assertThat(cases).isGreaterThanOrEqualTo(96);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":\"hunter2\",\"a\":1}",
                "[\"hunter2\",nope]",
                "[\"hunter2\\q\"]",
                "[\"hunter2\\ud800\"]",
                "[hunter2]",
                "{\"a\":\"hunter2\" \"b\"}",
                "\"hunter2\" \"x\"",
                "[\"hunter2"
            })
    void messages_hold_no_value_of_the_document(String document) {
        LanternException refused =
                catchThrowableOfType(LanternException.class, () -> StrictJson.parse(utf8(document), BOUNDS));
        assertThat(refused).isNotNull();
        assertThat(refused).hasNoCause();
        assertThat(refused.getMessage()).doesNotContain("hunter2");
        assertThat(refused.getSuppressed()).isEmpty();
    }

    @Test
    void a_long_name_is_cut_in_messages() {
        String name = "n".repeat(500);
        assertThatThrownBy(() -> StrictJson.parse(utf8("{\"" + name + "\":1,\"" + name + "\":2}"), BOUNDS))
                .hasMessage("cannot read JSON: member \"" + "n".repeat(64)
                        + "\"… stands twice in one object, at character 506");
    }

    @Test
    void what_is_read_is_what_was_written() {
        Json.Obj json = StrictJson.parseObject(
                utf8(
                        " {\"b\" : [ true , false, \"x\", -7 ], \"a\":{\"max\":9007199254740991,\"min\":-9007199254740991},"
                                + "\"text\":\"\\u00e9\\ud83d\\ude00\\/\\b\\f\\n\\r\\t\\\"\\\\é😀\",\"zero\":0, \"empty\":{}, \"none\":[], \"\\ud83d\\ude00\":true }\n"),
                BOUNDS);
        assertThat(json.array("b"))
                .isEqualTo(List.of(new Json.Bool(true), new Json.Bool(false), new Json.Text("x"), new Json.Int(-7)));
        assertThat(json.object("a").integer("max")).isEqualTo(Json.MAX_INTEGER);
        assertThat(json.object("a").integer("min")).isEqualTo(-Json.MAX_INTEGER);
        assertThat(json.text("text")).isEqualTo("é😀/\b\f\n\r\t\"\\é😀");
        assertThat(json.integer("zero")).isZero();
        assertThat(json.object("empty").members()).isEmpty();
        assertThat(json.array("none")).isEmpty();
        assertThat(json.bool("😀")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"x\"", "17", "-17", "true", "false", "[]", "{}"})
    void any_value_may_be_the_document(String document) {
        assertThat(StrictJson.parse(utf8(document), BOUNDS).toString()).isEqualTo(document);
    }

    @Test
    void what_just_fits_the_bounds_is_read() {
        StrictJson.parse(utf8("[".repeat(8) + "]".repeat(8)), BOUNDS);
        StrictJson.parse(utf8("[" + "1,".repeat(498) + "1]"), BOUNDS);
        StrictJson.parse(utf8("[" + " ".repeat(4094) + "]"), BOUNDS);
    }

    @Test
    void the_deepest_bounds_do_not_exhaust_the_stack() {
        Bounds deepest = new Bounds(1_000_000, 256, 1000);
        StrictJson.parse(utf8("[".repeat(256) + "]".repeat(256)), deepest);
        assertThatThrownBy(() -> StrictJson.parse(utf8("[".repeat(500_000)), deepest))
                .hasMessageContaining("nested deeper than 256");
    }

    @Test
    void bounds_that_bound_nothing_cannot_be_made() {
        assertThatThrownBy(() -> new Bounds(0, 1, 1)).hasMessageContaining("found 0 bytes, depth 1, 1 values");
        assertThatThrownBy(() -> new Bounds(1, 257, 1)).hasMessageContaining("its depth is at most 256");
        assertThatThrownBy(() -> new Bounds(1, 1, 0)).hasMessageContaining("0 values");
        assertThat(Bounds.ofBytes(80_000)).isEqualTo(new Bounds(80_000, 32, 10_000));
        assertThat(Bounds.ofBytes(80)).isEqualTo(new Bounds(80, 32, 1000));
    }

    @Test
    void an_object_is_demanded_where_one_is_due() {
        assertThatThrownBy(() -> StrictJson.parseObject(utf8("[]"), BOUNDS))
                .hasMessage("cannot read JSON: the document must be an object");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ }",
                "{\"b\":1,\"a\":1}",
                "[\"\\/\"]",
                "[\"\\u0041\"]",
                "[\"\\u000A\"]",
                "[\"\\u001F\"]",
                "[\"\\u007f\"]",
                "[\"\\u00e9\"]",
                "[1, 2]",
                "{\"a\": 1}",
                "{}\n",
                " {}",
                "{\"\ue000\":1,\"😀\":2}"
            })
    void other_forms_than_the_canonical_one_are_refused(String document) {
        StrictJson.parse(utf8(document), BOUNDS);
        assertThatThrownBy(() -> StrictJson.parseCanonical(utf8(document), BOUNDS))
                .isExactlyInstanceOf(LanternException.class)
                .hasMessageStartingWith("cannot read JSON: not in canonical form")
                .hasMessageMatching(".*first difference at byte [0-9]+");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"a\":1,\"b\":[\"x\",true,-1]}",
                "[\"\\u0000\\u001f\\b\\t\\n\\f\\r\\\"\\\\/\u007fé\"]",
                "{\"😀\":2,\"\ue000\":1}"
            })
    void the_canonical_form_is_read(String document) {
        assertThat(StrictJson.parseCanonical(utf8(document), BOUNDS).toString()).isEqualTo(document);
    }

    /**
     * Mutants of good documents are refused in our words or mean one thing: what is accepted has a canonical
     * form that reads back as the same value.
     */
    @Test
    void mutated_documents_are_refused_or_have_one_meaning() {
        Random random = new Random(20261123);
        List<byte[]> seeds = Stream.of(
                        "{\"data\":{\"input\":\"00ff\",\"usage\":[{\"inputTokens\":12,\"model\":\"m\"}]},\"kind\":\"run_created\",\"seq\":1,\"v\":1}",
                        "[\"\\ud83d\\ude00\",\"é😀\",\"\\u0000\",true,false,-9007199254740991,0,{},[]]",
                        "{\"a\":{\"b\":{\"c\":[[[1]]]}},\"k\":\"\\\"\\\\\\/\"}")
                .map(StrictJsonTest::utf8)
                .toList();
        int accepted = 0;
        int refused = 0;
        for (int i = 0; i < 100_000; i++) {
            byte[] mutant = mutate(seeds.get(i % seeds.size()), random);
            try {
                Json value = StrictJson.parse(mutant, BOUNDS);
                assertThat(StrictJson.parseCanonical(value.bytes(), Bounds.ofBytes(20_000)))
                        .isEqualTo(value);
                accepted++;
            } catch (LanternException e) {
                assertThat(e.getMessage()).startsWith("cannot read JSON: ");
                refused++;
            }
        }
        System.out.println("StrictJson: of 100000 mutants " + refused + " refused, " + accepted + " read");
        assertThat(accepted).isGreaterThan(5_000);
        assertThat(refused).isGreaterThan(50_000);
    }

    private static byte[] mutate(byte[] seed, Random random) {
        byte[] mutant = seed.clone();
        int edits = 1 + random.nextInt(3);
        for (int i = 0; i < edits; i++) {
            int at = random.nextInt(mutant.length);
            mutant = switch (random.nextInt(5)) {
                case 0 -> with(mutant, at, (byte) random.nextInt(256));
                case 1 -> with(mutant, at, (byte) "{}[]\",:\\0-e.1u tn".charAt(random.nextInt(17)));
                case 2 -> splice(mutant, at, at + 1, new byte[0]);
                case 3 -> splice(mutant, at, at, new byte[] {mutant[random.nextInt(mutant.length)]});
                default -> splice(mutant, at, at, slice(mutant, random));
            };
            if (mutant.length == 0) {
                return mutant;
            }
        }
        return mutant;
    }

    private static byte[] with(byte[] bytes, int at, byte value) {
        byte[] copy = bytes.clone();
        copy[at] = value;
        return copy;
    }

    private static byte[] slice(byte[] bytes, Random random) {
        int from = random.nextInt(bytes.length);
        return Arrays.copyOfRange(bytes, from, from + random.nextInt(bytes.length - from + 1));
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[] middle) {
        byte[] out = Arrays.copyOf(bytes, from + middle.length + bytes.length - to);
        System.arraycopy(middle, 0, out, from, middle.length);
        System.arraycopy(bytes, to, out, from + middle.length, bytes.length - to);
        return out;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
