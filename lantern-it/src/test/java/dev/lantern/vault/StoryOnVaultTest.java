package dev.lantern.vault;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A real server says to the store what {@link StoryOnFakeTest} has on record. */
class StoryOnVaultTest extends VaultTest {
    @Test
    void real_server_tells_the_story_that_the_fake_tells() throws Exception {
        assertThat(Story.told(new RealBackend(vault))).isEqualTo(StoryOnFakeTest.expected());
    }
}
