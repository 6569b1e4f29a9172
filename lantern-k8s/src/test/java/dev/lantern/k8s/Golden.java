package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that were reviewed. {@code -Dlantern.golden.update=true} writes them anew; the diff then is what to review. */
final class Golden {
    static final boolean UPDATE = Boolean.getBoolean("lantern.golden.update");

    private static final Gson PRETTY =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private Golden() {}

    static void compare(Path file, String actual) throws IOException {
        if (UPDATE) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, actual);
        }
        assertThat(file).as("written with -Dlantern.golden.update=true").exists();
        assertThat(actual).as("%s", file).isEqualTo(Files.readString(file));
    }

    static String pretty(JsonElement json) {
        return PRETTY.toJson(json) + "\n";
    }
}
