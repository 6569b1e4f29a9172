package dev.lantern.testkit.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.core.secrets.FileSecretStore;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.secrets.SecretStore;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSecretStoreTest extends SecretStoreContract {
    @TempDir
    Path root;

    @Override
    protected SecretStore open() {
        return FileSecretStore.in(root);
    }

    @Override
    protected void put(SecretPlace place, byte[] value) throws IOException {
        Path file = file(place);
        Files.createDirectories(file.getParent());
        Files.write(file, value);
        mode(file, "rw-------");
    }

    @Override
    protected void remove(SecretPlace place) throws IOException {
        Files.delete(file(place));
    }

    private Path file(SecretPlace place) {
        return root.resolve(place.tenant()).resolve(place.key());
    }

    private static void mode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    private void refusedBecause(String why) {
        assertThatThrownBy(() -> text(PLACE))
                .isInstanceOf(LanternException.class)
                .hasMessageStartingWith("issuing secret acme/api-key from files in " + root)
                .hasMessageContaining(why)
                .hasMessageNotContaining("canary");
    }

    @Test
    void a_file_open_to_others_is_refused_with_its_mode() throws IOException {
        put(PLACE, "canary".getBytes(UTF_8));
        for (String mode : new String[] {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rwx--x---"}) {
            mode(file(PLACE), mode);
            refusedBecause(file(PLACE) + " is open to others than its owner (" + mode + "): chmod 600 it");
        }
    }

    @Test
    void a_directory_that_others_may_change_is_refused() throws IOException {
        put(PLACE, "canary".getBytes(UTF_8));
        for (Path directory : new Path[] {root, root.resolve("acme")}) {
            for (String mode : new String[] {"rwxrwx---", "rwxr-x-w-"}) {
                mode(directory, mode);
                refusedBecause(directory + " may be changed by others than its owner (" + mode + "): chmod go-w it");
            }
            mode(directory, "rwx------");
        }
    }

    @Test
    void links_and_what_is_no_file_are_refused_wherever_they_lead(@TempDir Path outside) throws IOException {
        Path elsewhere = Files.write(outside.resolve("elsewhere"), "canary".getBytes(UTF_8));
        mode(elsewhere, "rw-------");
        Files.createDirectories(root.resolve("acme"));

        Files.createSymbolicLink(file(PLACE), elsewhere);
        refusedBecause("is no regular file; links are not followed");
        Files.delete(file(PLACE));
        Files.createDirectory(file(PLACE));
        refusedBecause("is no regular file");
        Files.delete(file(PLACE));
        Files.delete(root.resolve("acme"));
        Files.move(elsewhere, outside.resolve("api-key"));
        Files.createSymbolicLink(root.resolve("acme"), outside);
        refusedBecause(root.resolve("acme") + " is no directory, or a link to one");
    }

    @Test
    void a_file_that_is_empty_or_too_large_is_refused() throws IOException {
        put(PLACE, new byte[0]);
        refusedBecause("is empty, or larger than 65536 bytes");
        put(PLACE, new byte[65537]);
        refusedBecause("is empty, or larger than 65536 bytes");
        put(PLACE, "x".repeat(65536).getBytes(UTF_8));
        assertThat(text(PLACE)).isPresent();
    }

    @Test
    void a_root_that_is_no_directory_is_refused() throws IOException {
        Path file = Files.createFile(root.resolve("file"));
        assertThatThrownBy(() -> FileSecretStore.in(file))
                .hasMessage("secrets in files are in a directory, and " + file + " is none");
        assertThatThrownBy(() -> FileSecretStore.in(root.resolve("none")))
                .hasMessageContaining("cannot be reached (NoSuchFileException)");
    }
}
