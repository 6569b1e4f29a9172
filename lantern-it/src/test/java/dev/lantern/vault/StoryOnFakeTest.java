package dev.lantern.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.testkit.secrets.FakeVault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real server told, the fake tells in every build. */
class StoryOnFakeTest {
    @TempDir
    Path directory;

    /** As a real server told it. */
    static List<String> expected() throws IOException {
        try (InputStream in = StoryOnFakeTest.class.getResourceAsStream("story.txt")) {
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        }
    }

    @Test
    void fake_tells_the_story_that_a_real_server_told() throws Exception {
        try (FakeVault vault = FakeVault.start()) {
            assertThat(Story.told(new FakeBackend(vault, directory.resolve("token"))))
                    .isEqualTo(expected());
        }
    }
}
