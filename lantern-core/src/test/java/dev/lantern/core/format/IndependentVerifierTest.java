package dev.lantern.core.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lantern.agent.wire.StrictJson;
import dev.lantern.journal.Event;
import dev.lantern.value.RunRef;
import dev.lantern.value.internal.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code formats/verify.py}, which shares no line with us, over what is right and over what is broken. */
@Tag("long")
final class IndependentVerifierTest {
    private static final Path SCRIPT = Formats.directory().resolve("verify.py");

    @TempDir
    private Path work;

    record Ran(int status, String output) {}

    @BeforeAll
    static void python_is_here() throws Exception {
        boolean installed;
        try {
            installed = run(List.of("python3", "--version")).status() == 0;
        } catch (IOException e) {
            installed = false;
        }
        if (!installed) {
            System.out.println("python3 is not installed: formats/verify.py was NOT run");
        }
        assumeTrue(installed, "python3 is not installed: formats/verify.py was NOT run");
    }

    @Test
    void the_vectors_and_the_journal_in_them_are_right() throws Exception {
        Ran vectors = verify();
        assertThat(vectors.output())
                .contains("ok  canonical-json", "ok  chain", "ok  step-record")
                .doesNotContain("BAD");
        assertThat(vectors.status()).isZero();
        Ran journal = verify(
                "journal", Formats.directory().resolve("journal-export.jsonl").toString());
        assertThat(journal.output()).startsWith("ok  6 events, 2 signatures, head 6:");
        assertThat(journal.status()).isZero();
    }

    /** A file of the vectors, what is broken in it, and the word that the verifier must say. */
    record Broken(String file, String what, String with, String says) {}

    @Test
    void every_broken_vector_is_named() throws Exception {
        List<Broken> all = List.of(
                new Broken(
                        "canonical-json.json",
                        "\"canonical\": \"{\\\"a\\\"",
                        "\"canonical\": \"{\\\"b\\\"",
                        "canonical-json: white space and order"),
                new Broken("canonical-json.json", "\"sha256\": \"", "\"sha256\": \"0", "canonical-json: "),
                new Broken(
                        "canonical-json.json", "\"hex\": \"5b312e305d\"", "\"hex\": \"5b315d\"", "a fraction is taken"),
                new Broken(
                        "canonical-json.json",
                        "vectors/canonical-json/v1",
                        "vectors/canonical-json/v2",
                        "another format"),
                new Broken("event.json", "\"leaf\": \"", "\"leaf\": \"0", "event: "),
                new Broken("event.json", "\"epoch\": 3", "\"epoch\": 4", "event: text that needs escapes"),
                new Broken("chain.json", "\"genesis\": \"", "\"genesis\": \"0", "chain: genesis"),
                new Broken("chain.json", "\"leaf\": \"", "\"leaf\": \"0", "chain: leaf 1"),
                new Broken("chain.json", "\"hash\": \"", "\"hash\": \"0", "chain: hash 1"),
                new Broken("chain.json", "\"tenant\": \"acme\"", "\"tenant\": \"acne\"", "chain: genesis"),
                new Broken("chain.json", "\\\"protocol\\\":1", "\\\"protocol\\\":2", "chain: leaf 3"),
                new Broken(
                        "chain.json",
                        "\\\"occurrence\\\":1",
                        "\\\"occurrence\\\":2",
                        "chain: the signature is not the key's over these bytes"),
                new Broken("journal-export.jsonl", "\"seq\":4", "\"seq\":5", "chain: event 4: edited"),
                new Broken("opening.json", "\"commitment\": \"", "\"commitment\": \"0", "opening: "),
                new Broken("opening.json", "\"salt\": \"3", "\"salt\": \"4", "opening: text.opening"),
                new Broken("openings/json.opening", "4711", "4712", "opening: json.opening"),
                new Broken(
                        "openings/SHA256SUMS", "text.opening", "tent.opening", "opening: text.opening in SHA256SUMS"),
                new Broken(
                        "step-record.json",
                        "\"occurrence\": 1",
                        "\"occurrence\": 2",
                        "step-record: with input and usage"),
                new Broken(
                        "step-record.json",
                        "step-record/v1\\n",
                        "step-record/v2\\n",
                        "step-record: with input and usage"),
                new Broken("step-record.json", "\"signature\": \"", "\"signature\": \"0", "step-record: not 64 bytes"),
                new Broken("output-record.json", "\"epoch\": 1", "\"epoch\": 2", "output-record: an output"),
                new Broken("output-record.json", "\"publicKey\": \"d", "\"publicKey\": \"e", "output-record: "),
                new Broken("idempotency-key.json", "\"key\": \"", "\"key\": \"0", "idempotency-key: "),
                new Broken("spec-digest.json", "\"digest\": \"", "\"digest\": \"0", "spec-digest: "),
                new Broken("idempotency-key.json", "ticket-4712", "ticket-4713", "idempotency-key: another run"));
        int number = 0;
        for (Broken broken : all) {
            Path copy = copyOfVectors(work.resolve("broken-" + number++));
            edit(copy.resolve(broken.file()), broken.what(), broken.with());
            Ran ran = verify("vectors", copy.toString());
            assertThat(ran.output())
                    .as(broken.toString())
                    .containsPattern("(?m)^BAD ")
                    .contains(broken.says());
            assertThat(ran.status()).as(broken.toString()).isEqualTo(1);
        }
        for (String file : GoldenVectors.files().keySet()) {
            Path copy = copyOfVectors(work.resolve("missing-" + number++));
            Files.delete(copy.resolve(file));
            assertThat(verify("vectors", copy.toString()).status())
                    .as(file + " missing")
                    .isEqualTo(1);
        }
        System.out.println("verify.py: " + number + " broken copies of the vectors found");
        assertThat(number).isGreaterThanOrEqualTo(39);
    }

    /** A change to the journal and the event that the verifier must name. */
    record Attack(String name, List<Event> rows, int names) {
        static Attack on(String name, int names, UnaryOperator<List<Event>> change) {
            return new Attack(name, change.apply(new ArrayList<>(GoldenVectors.rows())), names);
        }
    }

    @Test
    void every_attack_on_a_journal_is_named() throws Exception {
        List<Event> good = GoldenVectors.rows();
        String head = "6:" + good.get(5).hash().hex();
        List<Attack> attacks = List.of(
                Attack.on("edited", 2, rows -> edited(rows, 2, "none", "runc")),
                Attack.on("white space", 2, rows -> edited(rows, 2, ",", ", ")),
                Attack.on(
                        "step record edited", 4, rows -> edited(rows, 4, "\"epoch\":1,\"input", "\"epoch\":2,\"input")),
                Attack.on(
                        "result edited and hashed anew",
                        5,
                        rows -> rehashed(edited(rows, 5, "\"output\":\"", "\"output\":\"0"))),
                Attack.on(
                        "key exchanged and hashed anew",
                        4,
                        rows -> rehashed(edited(
                                rows,
                                3,
                                "publicKey\":\"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                                "publicKey\":\"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"))),
                Attack.on(
                        "key of small order",
                        3,
                        rows -> rehashed(edited(
                                rows,
                                3,
                                "publicKey\":\"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                                "publicKey\":\"0100000000000000000000000000000000000000000000000000000000000000"))),
                Attack.on("enrolment removed and hashed anew", 3, rows -> rehashed(without(rows, 3))),
                Attack.on("removed", 3, rows -> without(rows, 3)),
                Attack.on("reordered", 2, rows -> {
                    Collections.swap(rows, 1, 2);
                    return rows;
                }),
                Attack.on("added", 4, rows -> {
                    rows.add(3, rows.get(2));
                    return rows;
                }),
                Attack.on("tail cut", 6, rows -> without(rows, 6)),
                Attack.on("empty", 1, rows -> List.of()),
                Attack.on(
                        "rewritten",
                        6,
                        rows -> rehashed(edited(
                                rows, 1, "0af7651916cd43dd8448eb211c80319c", "0bf7651916cd43dd8448eb211c80319c"))));
        for (Attack attack : attacks) {
            Path file = work.resolve(attack.name().replace(' ', '-') + ".jsonl");
            Files.write(file, GoldenVectors.export(attack.rows()));
            Ran ran = verify("journal", file.toString(), "acme/ticket-4711", head);
            assertThat(ran.output()).as(attack.name()).startsWith("BAD event " + attack.names() + ": ");
            assertThat(ran.status()).as(attack.name()).isEqualTo(1);
        }
        Path whole = Formats.directory().resolve("journal-export.jsonl");
        assertThat(verify("journal", whole.toString(), "acme/other").output())
                .isEqualTo("BAD the first line: an export of another run\n");
        assertThat(verify("journal", whole.toString(), "acme/ticket-4711", head).status())
                .isZero();
        System.out.println("verify.py: " + attacks.size() + " attacks on a journal named");
        assertThat(attacks).hasSizeGreaterThanOrEqualTo(13);
    }

    @Test
    void two_implementations_agree_on_every_public_ed25519_vector() throws Exception {
        Path resources = work.resolve("ed25519");
        Files.createDirectories(resources);
        for (String name : List.of("wycheproof_ed25519_test.json", "speccheck_cases.json")) {
            try (var in = dev.lantern.core.identity.StrictEd25519.class.getResourceAsStream(name)) {
                Files.copy(in, resources.resolve(name));
            }
        }
        Ran ran = python("""
                import json, sys
                def accepts(key, message, signature):
                    try:
                        verify.verify_signature(bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature))
                        return True
                    except verify.Bad:
                        return False
                groups = json.load(open(sys.argv[1] + '/wycheproof_ed25519_test.json'))['testGroups']
                tests = [(group['publicKey']['pk'], test) for group in groups for test in group['tests']]
                wrong = [test['tcId'] for key, test in tests if accepts(key, test['msg'], test['sig']) != (test['result'] == 'valid')]
                taken = [c for c in json.load(open(sys.argv[1] + '/speccheck_cases.json')) if accepts(c['pub_key'], c['message'], c['signature'])]
                print(len(tests), wrong, len(taken))
                """, resources.toString());
        assertThat(ran.output()).isEqualTo("151 [] 0\n");
    }

    @Test
    void two_implementations_agree_on_random_canonical_json() throws Exception {
        Random random = new Random(42);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            lines.add(HexFormat.of().formatHex(json(random, 4).bytes()));
        }
        Path file = work.resolve("canonical.txt");
        Files.write(file, lines);
        Ran ran = python("""
                import sys
                lines = [bytes.fromhex(line) for line in open(sys.argv[1])]
                print(sum(verify.canonical(verify.parse(line)).encode() == line for line in lines), 'of', len(lines))
                """, file.toString());
        assertThat(ran.output()).isEqualTo("3000 of 3000\n");
    }

    /** Whatever bytes: both readers take them, and to the same canonical form, or neither does. */
    @Test
    void two_implementations_agree_on_what_is_no_json() throws Exception {
        Random random = new Random(43);
        List<String> lines = new ArrayList<>();
        int taken = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] mutant = mutant(json(random, 3).bytes(), random);
            String ours;
            try {
                ours = HexFormat.of()
                        .formatHex(StrictJson.parse(mutant, StrictJson.Bounds.ofBytes(100_000))
                                .bytes());
                taken++;
            } catch (dev.lantern.value.LanternException e) {
                ours = "-";
            }
            lines.add(HexFormat.of().formatHex(mutant) + " " + ours);
        }
        Path file = work.resolve("mutants.txt");
        Files.write(file, lines);
        Ran ran = python("""
                import sys
                def theirs(raw):
                    try:
                        return verify.canonical(verify.parse(raw)).encode().hex()
                    except verify.Bad:
                        return '-'
                rows = [line.rstrip('\\n').split(' ') for line in open(sys.argv[1])]
                different = [raw for raw, ours in rows if theirs(bytes.fromhex(raw)) != ours]
                print(len(rows), different[:3])
                """, file.toString());
        assertThat(ran.output()).isEqualTo("20000 []\n");
        System.out.println("verify.py: agrees on 20000 mutants, " + taken + " of them taken by both");
        assertThat(taken).isBetween(2_000, 18_000);
    }

    private static Json json(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 3)) {
            case 0 -> new Json.Text(text(random));
            case 1 -> new Json.Int(random.nextLong(-Json.MAX_INTEGER, Json.MAX_INTEGER + 1) >> random.nextInt(53));
            case 2 -> new Json.Bool(random.nextBoolean());
            case 3 -> {
                List<Json> items = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    items.add(json(random, depth - 1));
                }
                yield Json.array(items);
            }
            default -> {
                Map<String, Json> members = new TreeMap<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    members.put(text(random), json(random, depth - 1));
                }
                Json.Builder object = Json.object();
                members.forEach(object::put);
                yield object.build();
            }
        };
    }

    private static String text(Random random) {
        int[] ranges = {0x20, 0x7f, 0x80, 0x100, 0x800, 0x2028, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x1f600, 0x10ffff};
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.appendCodePoint(random.nextInt(3) > 0 ? random.nextInt(0x80) : ranges[random.nextInt(ranges.length)]);
        }
        return text.toString();
    }

    private static byte[] mutant(byte[] good, Random random) {
        if (random.nextInt(4) == 0) {
            return lookAlike(new String(good, StandardCharsets.UTF_8), random).getBytes(StandardCharsets.UTF_8);
        }
        byte[] mutant = good.clone();
        for (int i = random.nextInt(3); i > 0; i--) {
            byte[] likely = "{}[]\",:\\0-e.1u tnf\u0000\u007f".getBytes(StandardCharsets.ISO_8859_1);
            mutant[random.nextInt(mutant.length)] =
                    random.nextInt(4) > 0 ? likely[random.nextInt(likely.length)] : (byte) random.nextInt();
        }
        return mutant;
    }

    /** One character becomes another with the same low eight bits: parsers like to look at bytes only. */
    private static String lookAlike(String text, Random random) {
        StringBuilder out = new StringBuilder(text.replaceFirst("[a-z]", "\\\\u0041"));
        int at = random.nextInt(out.length());
        if (!Character.isSurrogate(out.charAt(at))) {
            out.setCharAt(at, (char) ((out.charAt(at) & 0xff) | ((1 + random.nextInt(0x20)) << 8)));
        }
        return out.toString();
    }

    private static List<Event> edited(List<Event> rows, int seq, String what, String with) {
        Event row = rows.get(seq - 1);
        String text = new String(row.bytes(), StandardCharsets.UTF_8);
        assertThat(text).contains(what);
        byte[] bytes = text.replace(what, with).getBytes(StandardCharsets.UTF_8);
        rows.set(seq - 1, new Event(seq, bytes, row.hash(), Optional.empty()));
        return rows;
    }

    private static List<Event> without(List<Event> rows, int seq) {
        rows.remove(seq - 1);
        return rows;
    }

    /** What somebody does who knows the format: every number and every hash follows again. */
    private static List<Event> rehashed(List<Event> rows) {
        var head = Chain.genesis(new RunRef("acme", "ticket-4711"));
        List<Event> anew = new ArrayList<>();
        for (Event row : rows) {
            byte[] bytes = new String(row.bytes(), StandardCharsets.UTF_8)
                    .replace("\"seq\":" + row.seq(), "\"seq\":" + (head.seq() + 1))
                    .getBytes(StandardCharsets.UTF_8);
            head = Chain.append(head, bytes);
            anew.add(new Event(head.seq(), bytes, head.hash(), Optional.empty()));
        }
        return anew;
    }

    private static void edit(Path file, String what, String with) throws IOException {
        String text = Files.readString(file);
        assertThat(text).as(file.toString()).contains(what);
        int at = text.indexOf(what);
        Files.writeString(file, text.substring(0, at) + with + text.substring(at + what.length()));
    }

    private static Path copyOfVectors(Path to) throws IOException {
        Path from = Formats.directory();
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Files.createDirectories(to.resolve(from.relativize(directory)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file)));
                return FileVisitResult.CONTINUE;
            }
        });
        return to;
    }

    private static Ran verify(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("python3", "-B", SCRIPT.toString()));
        command.addAll(List.of(arguments));
        return run(command);
    }

    private static Ran python(String program, String argument) throws Exception {
        String importing = "import sys\nsys.path.insert(0, r'" + SCRIPT.getParent() + "')\nimport verify\n";
        return run(List.of("python3", "-B", "-c", importing + program, argument));
    }

    private static Ran run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), output.replace("\r\n", "\n"));
    }
}
