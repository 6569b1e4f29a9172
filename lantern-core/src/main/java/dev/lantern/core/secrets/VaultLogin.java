package dev.lantern.core.secrets;

import dev.lantern.value.LanternException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Where a store has its token from. */
sealed interface VaultLogin {

    /** One that somebody gave, and gives again when it has lapsed. */
    record Given(String token) implements VaultLogin {
        @Override
        public String toString() {
            return "a given token";
        }
    }

    /**
     * For a token that somebody else signed: that of a service account, or any JWT. It is read anew for each login, because
     * whoever puts it there replaces it before it lapses.
     *
     * @param mount of the auth method
     */
    record Signed(String mount, String role, Path file) implements VaultLogin {
        private static final int LONGEST = 64 * 1024;

        VaultHttp.Question question(VaultCall call) {
            return VaultHttp.Question.post(
                    "auth/" + mount + "/login",
                    VaultJson.newObject().put("role", role).put("jwt", read(call)));
        }

        private String read(VaultCall call) {
            byte[] bytes;
            try (InputStream in = Files.newInputStream(file)) {
                bytes = in.readNBytes(LONGEST + 1);
            } catch (IOException e) {
                throw unreadable(call, e.getClass().getSimpleName());
            }
            String token = new String(bytes, StandardCharsets.US_ASCII).strip();
            Arrays.fill(bytes, (byte) 0);
            if (token.isEmpty() || bytes.length > LONGEST) {
                throw unreadable(call, "it is empty or larger than " + LONGEST + " bytes");
            }
            return token;
        }

        private LanternException unreadable(VaultCall call, String why) {
            return call.failed("the token to log in with cannot be read from " + file + " (" + why
                    + "); see that it is mounted, and readable by this process");
        }
    }
}
