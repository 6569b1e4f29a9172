package dev.lantern.core.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.lantern.agent.wire.OutputRecord;
import dev.lantern.agent.wire.StepRecord;
import dev.lantern.agent.wire.StrictJson;
import dev.lantern.core.identity.StrictEd25519;
import dev.lantern.core.identity.VerificationKey;
import dev.lantern.run.ChainVerdict;
import dev.lantern.value.LanternException;
import dev.lantern.value.internal.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Holds the files in {@code formats/} against the code. They are written anew only on request, and the request never
 * counts as a passed test: {@code mvn -pl lantern-core -am test -Dlantern.vectors=write}.
 */
final class GoldenVectorsTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final StrictJson.Bounds BOUNDS = StrictJson.Bounds.ofBytes(1_000_000);

    @Test
    void every_vector_is_what_the_code_writes() throws IOException {
        Map<String, byte[]> files = GoldenVectors.files();
        if ("write".equals(System.getProperty("lantern.vectors"))) {
            abort("wrote " + write(files) + "; look at the difference, a changed vector is a new format version");
        }
        assertThat(files).hasSizeGreaterThanOrEqualTo(14);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = Formats.directory().resolve(file.getKey());
            assertThat(path).exists();
            assertThat(Files.readString(path, StandardCharsets.ISO_8859_1))
                    .as(file.getKey() + " is what this code writes; if the change is meant, it is a new format version")
                    .isEqualTo(new String(file.getValue(), StandardCharsets.ISO_8859_1));
        }
        System.out.println("golden vectors: " + files.size() + " files are what the code writes");
    }

    @Test
    void the_journal_in_the_vectors_verifies() throws IOException {
        assertThat(JournalExport.verify(
                        new ByteArrayInputStream(GoldenVectors.export(GoldenVectors.rows())), ChainVerifier::of))
                .isInstanceOf(ChainVerdict.Intact.class);
    }

    @Test
    void what_the_vectors_refuse_is_refused() throws IOException {
        List<Json> junk = read("canonical-json.json").array("refused");
        for (Json item : junk) {
            Json.Obj refused = (Json.Obj) item;
            assertThatThrownBy(() -> StrictJson.parse(HEX.parseHex(refused.text("hex")), BOUNDS))
                    .as(refused.text("name"))
                    .isInstanceOf(LanternException.class);
        }
        assertThat(junk).hasSizeGreaterThanOrEqualTo(23);
    }

    @Test
    void signed_records_in_the_vectors_verify_and_the_others_do_not() throws IOException {
        int accepted = 0;
        int refused = 0;
        for (String file : List.of("step-record.json", "output-record.json")) {
            for (Json item : read(file).array("cases")) {
                Json.Obj c = (Json.Obj) item;
                Json.Obj record = c.object("record");
                byte[] signed = file.startsWith("step")
                        ? StepRecord.of(record).signedBytes()
                        : OutputRecord.of(record).signedBytes();
                assertThat(new String(signed, StandardCharsets.UTF_8)).isEqualTo(c.text("signed"));
                assertThat(verifies(c)).as(c.text("name")).isTrue();
                accepted++;
            }
            for (Json item : read(file).array("refused")) {
                assertThat(verifies((Json.Obj) item))
                        .as(((Json.Obj) item).text("name"))
                        .isFalse();
                refused++;
            }
        }
        assertThat(accepted).isEqualTo(3);
        assertThat(refused).isEqualTo(18);
    }

    private static boolean verifies(Json.Obj c) {
        VerificationKey key;
        try {
            key = VerificationKey.ofHex(c.text("publicKey"));
        } catch (LanternException e) {
            return false;
        }
        return StrictEd25519.verify(
                key, c.text("signed").getBytes(StandardCharsets.UTF_8), HEX.parseHex(c.text("signature")));
    }

    private static Json.Obj read(String file) throws IOException {
        return StrictJson.parseObject(Files.readAllBytes(Formats.directory().resolve(file)), BOUNDS);
    }

    private static List<String> write(Map<String, byte[]> files) throws IOException {
        List<String> written = new ArrayList<>();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = Formats.directory().resolve(file.getKey());
            Files.createDirectories(path.getParent());
            if (!Files.exists(path) || !Arrays.equals(Files.readAllBytes(path), file.getValue())) {
                Files.write(path, file.getValue());
                written.add(file.getKey());
            }
        }
        return written;
    }
}
