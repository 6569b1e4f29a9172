package dev.lantern.core.format;

import dev.lantern.agent.Effect;
import dev.lantern.agent.ModelUsage;
import dev.lantern.agent.wire.OutputRecord;
import dev.lantern.agent.wire.StepId;
import dev.lantern.agent.wire.StepRecord;
import dev.lantern.agent.wire.StrictJson;
import dev.lantern.core.identity.TestSigner;
import dev.lantern.journal.Event;
import dev.lantern.journal.Head;
import dev.lantern.value.Digest;
import dev.lantern.value.Opening;
import dev.lantern.value.RunRef;
import dev.lantern.value.internal.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The golden vectors of {@code formats/}, computed by the code that runs in production. Deterministic. */
final class GoldenVectors {
    private static final HexFormat HEX = HexFormat.of();
    private static final RunRef RUN = new RunRef("acme", "ticket-4711");
    private static final Instant START = Instant.parse("2026-11-23T07:45:47.123456Z");
    private static final TestSigner SIGNER = TestSigner.RFC8032_TEST_1;

    private static final Opening INPUT =
            opening(0x11, "application/json", utf8("{\"ticket\":\"4711\",\"text\":\"login fails\"}"));
    private static final Opening STEP_INPUT = opening(0x22, "application/json", utf8("{\"query\":\"login fails\"}"));
    private static final Opening STEP_RESULT =
            opening(0x33, "text/plain; charset=utf-8", utf8("Grüße, 3 matches 😀\n"));
    private static final Opening OUTPUT =
            opening(0x44, "application/json", utf8("{\"answer\":\"reset the password\"}"));

    private static final StepRecord STEP = new StepRecord(
            RUN,
            1,
            StepId.occurrence("search", 1),
            Effect.IDEMPOTENT,
            Optional.of(STEP_INPUT.commitment()),
            STEP_RESULT.commitment(),
            List.of(new ModelUsage("anthropic", "model-1", 1200, 80, 1000, 20, Optional.of(new BigDecimal("0.0125")))));
    private static final OutputRecord DELIVERED = new OutputRecord(RUN, 1, OUTPUT.commitment());

    private GoldenVectors() {}

    /** Every file by its path under {@code formats/}. */
    static Map<String, byte[]> files() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("canonical-json.json", document(canonicalJson()));
        files.put("event.json", document(events()));
        files.put("chain.json", document(chain()));
        files.put("journal-export.jsonl", export());
        files.put("opening.json", document(openings()));
        openingFiles().forEach((name, opening) -> files.put("openings/" + name, opening.file()));
        files.put("openings/SHA256SUMS", sums());
        files.put("step-record.json", document(stepRecords()));
        files.put("output-record.json", document(outputRecords()));
        files.put("idempotency-key.json", document(idempotencyKeys()));
        return files;
    }

    // -- canonical JSON -----------------------------------------------------------------------------------------

    private static Json.Obj canonicalJson() {
        Json.Obj escapes = Json.object()
                .put("controls", "\u0000\u0001\b\t\n\u000b\f\r\u001f\u007f")
                .put("quotes", "\" \\ /")
                .put("unicode", "é € 😀 \u2028")
                .build();
        Json.Obj order = Json.object()
                .put("", 1)
                .put("\r", 2)
                .put("1", 3)
                .put("A", 4)
                .put("a", 5)
                .put("aa", 6)
                .put("\u0080", 7)
                .put("é", 8)
                .put("😀", 9)
                .put("\ue000", 10)
                .build();
        return vector("canonical-json")
                .put(
                        "about",
                        "Parsing `input` and writing the value gives exactly `canonical`; `refused` are bytes that no reader may take.")
                .put(
                        "cases",
                        Json.array(List.of(
                                canonicalCase(
                                        "white space and order", "{ \"b\" : [ 1 , true , \"x\" ] ,\n \"a\" : { } }"),
                                canonicalCase(
                                        "escapes",
                                        "{\"quotes\":\"\\u0022 \\u005c \\/\",\"controls\":\"\\u0000\\u0001\\u0008\\u0009\\u000a\\u000b\\u000c\\u000d\\u001F\\u007f\",\"unicode\":\"\\u00e9 \\u20AC \\ud83d\\ude00 \\u2028\"}",
                                        escapes),
                                canonicalCase(
                                        "names are sorted by UTF-16 code units",
                                        "{\"\\ue000\":10,\"\\ud83d\\ude00\":9,\"é\":8,\"\\u0080\":7,\"aa\":6,\"a\":5,\"A\":4,\"1\":3,\"\\r\":2,\"\":1}",
                                        order),
                                canonicalCase("the largest integers", "[9007199254740991,-9007199254740991,0]"),
                                canonicalCase("a string alone", "\"x\""),
                                canonicalCase("nothing in it", "[[],{},\"\"]"))))
                .put(
                        "refused",
                        Json.array(List.of(
                                refused("a member twice", "{\"a\":1,\"a\":1}"),
                                refused("a member twice, once escaped", "{\"a\":1,\"\\u0061\":2}"),
                                refused("null", "{\"a\":null}"),
                                refused("a fraction", "[1.0]"),
                                refused("an exponent", "[1e2]"),
                                refused("2^53", "[9007199254740992]"),
                                refused("-2^53", "[-9007199254740992]"),
                                refused("-0", "[-0]"),
                                refused("a leading zero", "[01]"),
                                refused("NaN", "[NaN]"),
                                refused("Infinity", "[-Infinity]"),
                                refused("a lone surrogate, escaped", "[\"\\ud800\"]"),
                                refused("swapped surrogates, escaped", "[\"\\ude00\\ud83d\"]"),
                                refusedHex("a lone surrogate, raw", "5b22eda080225d"),
                                refusedHex("an overlong sequence", "5b22c0af225d"),
                                refusedHex("a cut sequence", "5b22e282225d"),
                                refusedHex("a byte order mark", "efbbbf7b7d"),
                                refusedHex("UTF-16", "7b007d00"),
                                refused("text behind the document", "{} {}"),
                                refused("a raw line break in a string", "[\"a\nb\"]"),
                                refused("a comment", "{}//"),
                                refused("a trailing comma", "[1,]"),
                                refused("nothing", ""))))
                .build();
    }

    private static Json.Obj canonicalCase(String name, String input) {
        return canonicalCase(name, input, StrictJson.parse(utf8(input), StrictJson.Bounds.ofBytes(10_000)));
    }

    private static Json.Obj canonicalCase(String name, String input, Json value) {
        return Json.object()
                .put("name", name)
                .put("input", input)
                .put("canonical", value.toString())
                .put("sha256", Digest.sha256(value.bytes()).hex())
                .build();
    }

    private static Json.Obj refused(String name, String text) {
        return refusedHex(name, HEX.formatHex(utf8(text)));
    }

    private static Json.Obj refusedHex(String name, String hex) {
        return Json.object().put("name", name).put("hex", hex).build();
    }

    // -- events and their chain ---------------------------------------------------------------------------------

    private static Json.Obj events() {
        EventEnvelope empty = new EventEnvelope(
                1, "boundary_verified", RUN, 1, 0, Instant.EPOCH, Json.object().build());
        EventEnvelope text = new EventEnvelope(
                1,
                "cancel_requested",
                new RunRef("t", "Run.1_x"),
                17,
                3,
                START,
                Json.object().put("reason", "naïve \"quotes\" 😀\n").build());
        EventEnvelope last = new EventEnvelope(
                2,
                "x",
                RUN,
                Json.MAX_INTEGER,
                Integer.MAX_VALUE,
                Instant.parse("9999-12-31T23:59:59.999999Z"),
                Json.object().put("max", Json.MAX_INTEGER).build());
        return vector("event")
                .put("about", "`bytes` is the canonical form of `event`; `leaf` is SHA-256(0x00 || bytes).")
                .put(
                        "cases",
                        Json.array(List.of(
                                eventCase("the least", empty),
                                eventCase("text that needs escapes", text),
                                eventCase("the largest numbers", last),
                                eventCase("a completed step", story().get(3)))))
                .build();
    }

    private static Json.Obj eventCase(String name, EventEnvelope event) {
        return Json.object()
                .put("name", name)
                .put("event", parsed(event.bytes()))
                .put("bytes", text(event.bytes()))
                .put("leaf", Chain.leaf(event.bytes()).hex())
                .build();
    }

    /** A run of six events that shows every signature a journal holds. */
    private static List<EventEnvelope> story() {
        List<EventEnvelope> events = new ArrayList<>();
        tell(
                events,
                0,
                "run_created",
                Json.object()
                        .put("input", INPUT.commitment().hex())
                        .put("request", Digest.sha256(utf8("request")).hex())
                        .put("traceId", "0af7651916cd43dd8448eb211c80319c")
                        .build());
        tell(
                events,
                0,
                "gate_passed",
                Json.object()
                        .put("handler", "none")
                        .put("evidence", Json.array(List.of()))
                        .build());
        tell(
                events,
                1,
                "instance_enrolled",
                Json.object()
                        .put("protocol", 1)
                        .put("publicKey", SIGNER.key().hex())
                        .build());
        tell(
                events,
                1,
                "step_completed",
                Json.object()
                        .put("record", STEP.json())
                        .put("signature", HEX.formatHex(SIGNER.sign(STEP.signedBytes())))
                        .build());
        tell(
                events,
                1,
                "result_ready",
                Json.object()
                        .put("record", DELIVERED.json())
                        .put("signature", HEX.formatHex(SIGNER.sign(DELIVERED.signedBytes())))
                        .put("source", "agent")
                        .build());
        tell(
                events,
                1,
                "run_succeeded",
                Json.object().put("standing", Json.texts(List.of())).build());
        return events;
    }

    private static void tell(List<EventEnvelope> events, int epoch, String kind, Json.Obj data) {
        int seq = events.size() + 1;
        events.add(new EventEnvelope(1, kind, RUN, seq, epoch, START.plusMillis(250L * seq), data));
    }

    private static Json.Obj chain() {
        List<Json> steps = new ArrayList<>();
        for (Event event : rows()) {
            steps.add(Json.object()
                    .put("bytes", text(event.bytes()))
                    .put("leaf", Chain.leaf(event.bytes()).hex())
                    .put("hash", event.hash().hex())
                    .build());
        }
        return vector("chain")
                .put(
                        "about",
                        "genesis = SHA-256(\"lantern/journal/v1\\n\" || tenant || 0x00 || run); hash_n = SHA-256(0x02 || hash_(n-1) || leaf_n). journal-export.jsonl is the same run.")
                .put("tenant", RUN.tenant())
                .put("run", RUN.run())
                .put("genesis", Chain.genesis(RUN).hash().hex())
                .put("events", Json.array(steps))
                .build();
    }

    /** The rows of the story. */
    static List<Event> rows() {
        List<Event> rows = new ArrayList<>();
        Head head = Chain.genesis(RUN);
        for (EventEnvelope event : story()) {
            byte[] bytes = event.bytes();
            head = Chain.append(head, bytes);
            rows.add(new Event(head.seq(), bytes, head.hash(), Optional.empty()));
        }
        return rows;
    }

    static byte[] export(List<Event> rows) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            JournalExport export = JournalExport.begin(out, RUN);
            for (Event event : rows) {
                export.add(event);
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] export() {
        return export(rows());
    }

    // -- payloads -----------------------------------------------------------------------------------------------

    private static Map<String, Opening> openingFiles() {
        Map<String, Opening> files = new LinkedHashMap<>();
        files.put("text.opening", STEP_RESULT);
        files.put("json.opening", INPUT);
        files.put(
                "binary.opening",
                opening(0xff, "application/octet-stream", new byte[] {0, 1, '\n', (byte) 0x80, (byte) 0xff, '\n'}));
        files.put("empty.opening", opening(0x00, "text/plain", new byte[0]));
        files.put("quotes.opening", opening(0x5a, "a/b; x=\"y\\z\"", utf8("x")));
        return files;
    }

    private static Json.Obj openings() {
        List<Json> cases = new ArrayList<>();
        openingFiles()
                .forEach((name, opening) -> cases.add(Json.object()
                        .put("name", name.substring(0, name.indexOf('.')))
                        .put("mediaType", opening.mediaType())
                        .put("salt", HEX.formatHex(opening.salt()))
                        .put("bytes", HEX.formatHex(opening.bytes()))
                        .put("file", name)
                        .put("commitment", opening.commitment().hex())
                        .build()));
        return vector("opening")
                .put(
                        "about",
                        "The file is one line of canonical JSON, a newline, the bytes; the commitment is its SHA-256: cd openings && sha256sum -c SHA256SUMS")
                .put("cases", Json.array(cases))
                .build();
    }

    private static byte[] sums() {
        StringBuilder sums = new StringBuilder();
        openingFiles()
                .forEach((name, opening) -> sums.append(opening.commitment().hex())
                        .append("  ")
                        .append(name)
                        .append('\n'));
        return utf8(sums.toString());
    }

    // -- signed records -----------------------------------------------------------------------------------------

    private static Json.Obj stepRecords() {
        StepRecord least = new StepRecord(
                RUN,
                1,
                StepId.keyed("pay:invoice", "order 7 é"),
                Effect.AT_MOST_ONCE,
                Optional.empty(),
                STEP_RESULT.commitment(),
                List.of());
        return vector("step-record")
                .put(
                        "about",
                        "Ed25519 over `signed`, which is a domain line and the canonical JSON of `record`. The seeds are those of RFC 8032, section 7.1.")
                .put(
                        "cases",
                        Json.array(List.of(
                                recordCase("with input and usage", SIGNER, STEP.json(), STEP.signedBytes()),
                                recordCase("the least", TestSigner.RFC8032_TEST_2, least.json(), least.signedBytes()))))
                .put("refused", refusedSignatures(STEP.signedBytes(), DELIVERED.signedBytes()))
                .build();
    }

    private static Json.Obj outputRecords() {
        return vector("output-record")
                .put("about", "As step-record.json, under the other domain line.")
                .put(
                        "cases",
                        Json.array(List.of(recordCase("an output", SIGNER, DELIVERED.json(), DELIVERED.signedBytes()))))
                .put("refused", refusedSignatures(DELIVERED.signedBytes(), STEP.signedBytes()))
                .build();
    }

    private static Json.Obj recordCase(String name, TestSigner signer, Json.Obj record, byte[] signed) {
        return Json.object()
                .put("name", name)
                .put("seed", signer.seedHex())
                .put("publicKey", signer.key().hex())
                .put("record", record)
                .put("signed", text(signed))
                .put("signature", HEX.formatHex(signer.sign(signed)))
                .build();
    }

    private static Json.Array refusedSignatures(byte[] signed, byte[] otherDomain) {
        byte[] signature = SIGNER.sign(signed);
        byte[] flipped = signature.clone();
        flipped[40] ^= 1;
        byte[] smallR = signature.clone();
        System.arraycopy(HEX.parseHex("01" + "00".repeat(31)), 0, smallR, 0, 32);
        byte[] canonicalJsonOnly = Arrays.copyOfRange(signed, text(signed).indexOf('\n') + 1, signed.length);
        String key = SIGNER.key().hex();
        return Json.array(List.of(
                refusedSignature("one bit of S flipped", key, signed, flipped),
                refusedSignature("S plus the group's order", key, signed, plusOrder(signature)),
                refusedSignature("R is the neutral element", key, signed, smallR),
                refusedSignature(
                        "a key of order eight",
                        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                        signed,
                        signature),
                refusedSignature("another key", TestSigner.RFC8032_TEST_2.key().hex(), signed, signature),
                refusedSignature("a signature over the other kind of record", key, signed, SIGNER.sign(otherDomain)),
                refusedSignature("a signature without the domain line", key, signed, SIGNER.sign(canonicalJsonOnly)),
                refusedSignature("one byte too many", key, signed, Arrays.copyOf(signature, 65)),
                refusedSignature("one byte too few", key, signed, Arrays.copyOf(signature, 63))));
    }

    private static byte[] plusOrder(byte[] signature) {
        byte[] order = HEX.parseHex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        byte[] sum = signature.clone();
        int carry = 0;
        for (int i = 0; i < 32; i++) {
            carry += (signature[32 + i] & 0xff) + (order[i] & 0xff);
            sum[32 + i] = (byte) carry;
            carry >>= 8;
        }
        return sum;
    }

    private static Json.Obj refusedSignature(String name, String key, byte[] signed, byte[] signature) {
        return Json.object()
                .put("name", name)
                .put("publicKey", key)
                .put("signed", text(signed))
                .put("signature", HEX.formatHex(signature))
                .build();
    }

    // -- idempotency keys ---------------------------------------------------------------------------------------

    private static Json.Obj idempotencyKeys() {
        return vector("idempotency-key")
                .put(
                        "about",
                        "SHA-256(\"lantern/idempotency/v1\\n\" || tenant || 0x00 || run || 0x00 || canonical JSON of step).")
                .put(
                        "cases",
                        Json.array(List.of(
                                keyCase("an occurrence", RUN, StepId.occurrence("charge", 1)),
                                keyCase("the next occurrence", RUN, StepId.occurrence("charge", 2)),
                                keyCase("a key", RUN, StepId.keyed("charge", "1")),
                                keyCase("a key that is no ASCII", RUN, StepId.keyed("charge", "order 7 \"é\" 😀")),
                                keyCase(
                                        "another run",
                                        new RunRef("acme", "ticket-4712"),
                                        StepId.occurrence("charge", 1)))))
                .build();
    }

    private static Json.Obj keyCase(String name, RunRef run, StepId step) {
        return Json.object()
                .put("name", name)
                .put("tenant", run.tenant())
                .put("run", run.run())
                .put("step", step.json())
                .put("key", IdempotencyKey.of(run, step))
                .build();
    }

    // -- how a vector is written --------------------------------------------------------------------------------

    private static Json.Builder vector(String name) {
        return Json.object().put("format", "lantern/vectors/" + name + "/v1");
    }

    private static byte[] document(Json json) {
        StringBuilder out = new StringBuilder();
        indent(out, json, 0);
        return utf8(out.append('\n').toString());
    }

    /** Two spaces, for people and for diffs; the vectors themselves are inside the strings. */
    private static void indent(StringBuilder out, Json json, int depth) {
        if (json instanceof Json.Obj object && !object.members().isEmpty()) {
            String separator = "{\n";
            for (Map.Entry<String, Json> member : object.members().entrySet()) {
                out.append(separator)
                        .append("  ".repeat(depth + 1))
                        .append(new Json.Text(member.getKey()))
                        .append(": ");
                indent(out, member.getValue(), depth + 1);
                separator = ",\n";
            }
            out.append('\n').append("  ".repeat(depth)).append('}');
        } else if (json instanceof Json.Array array && !array.items().isEmpty()) {
            String separator = "[\n";
            for (Json item : array.items()) {
                out.append(separator).append("  ".repeat(depth + 1));
                indent(out, item, depth + 1);
                separator = ",\n";
            }
            out.append('\n').append("  ".repeat(depth)).append(']');
        } else {
            out.append(json);
        }
    }

    private static Json.Obj parsed(byte[] bytes) {
        return StrictJson.parseObject(bytes, StrictJson.Bounds.ofBytes(10_000));
    }

    private static Opening opening(int salt, String mediaType, byte[] bytes) {
        byte[] salted = new byte[Opening.SALT_LENGTH];
        Arrays.fill(salted, (byte) salt);
        return Opening.of(mediaType, salted, bytes);
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
