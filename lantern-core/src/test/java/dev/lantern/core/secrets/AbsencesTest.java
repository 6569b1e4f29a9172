package dev.lantern.core.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.secrets.SecretPlace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AbsencesTest {
    private static final SecretPlace GITHUB = new SecretPlace("acme", "github");

    private final List<String> lines = new ArrayList<>();
    private final Absences absences = new Absences(lines::add);

    @Test
    void reason_is_told_once_until_it_is_another_or_there_was_a_secret() {
        absences.absent(GITHUB, "a store", "it is not there");
        absences.absent(GITHUB, "a store", "it is not there");
        assertThat(lines).containsExactly("No secret acme/github from a store: it is not there");

        absences.absent(GITHUB, "a store", "it is forbidden");
        absences.absent(new SecretPlace("globex", "github"), "a store", "it is forbidden");
        assertThat(lines).hasSize(3);

        absences.present(GITHUB);
        absences.absent(GITHUB, "a store", "it is forbidden");
        assertThat(lines).hasSize(4);
    }

    /** Names come from specs: however many there are, what is remembered of them is bounded. */
    @Test
    void place_that_was_told_longest_ago_is_forgotten_first() {
        for (int i = 0; i <= 10_000; i++) {
            absences.absent(new SecretPlace("acme", "key-" + i), "a store", "it is not there");
        }
        lines.clear();

        absences.absent(new SecretPlace("acme", "key-1"), "a store", "it is not there");
        assertThat(lines).isEmpty();
        absences.absent(new SecretPlace("acme", "key-0"), "a store", "it is not there");
        assertThat(lines).hasSize(1);
    }
}
