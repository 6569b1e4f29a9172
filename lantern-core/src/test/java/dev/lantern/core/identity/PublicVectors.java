package dev.lantern.core.identity;

import dev.lantern.agent.wire.StrictJson;
import dev.lantern.value.LanternException;
import dev.lantern.value.internal.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The public Ed25519 vectors, Wycheproof's and speccheck's, in one list. */
final class PublicVectors {
    private static final HexFormat HEX = HexFormat.of();

    private PublicVectors() {}

    /**
     * One of them.
     *
     * @param valid whether the signature has to be accepted
     */
    record Case(String name, byte[] key, byte[] message, byte[] signature, boolean valid) {
        boolean isKey() {
            try {
                VerificationKey.of(key);
                return true;
            } catch (LanternException e) {
                return false;
            }
        }
    }

    static List<Case> all() throws IOException {
        List<Case> all = new ArrayList<>();
        for (Json item : ((Json.Obj) resource("wycheproof_ed25519_test.json")).array("testGroups")) {
            Json.Obj group = (Json.Obj) item;
            byte[] key = HEX.parseHex(group.object("publicKey").text("pk"));
            for (Json testItem : group.array("tests")) {
                Json.Obj test = (Json.Obj) testItem;
                all.add(new Case(
                        "wycheproof " + test.integer("tcId") + " " + test.text("comment"),
                        key,
                        HEX.parseHex(test.text("msg")),
                        HEX.parseHex(test.text("sig")),
                        test.text("result").equals("valid")));
            }
        }
        List<Json> speccheck = ((Json.Array) resource("speccheck_cases.json")).items();
        for (int i = 0; i < speccheck.size(); i++) {
            Json.Obj test = (Json.Obj) speccheck.get(i);
            all.add(new Case(
                    "speccheck " + i,
                    HEX.parseHex(test.text("pub_key")),
                    HEX.parseHex(test.text("message")),
                    HEX.parseHex(test.text("signature")),
                    false));
        }
        return all;
    }

    private static Json resource(String name) throws IOException {
        try (InputStream in = PublicVectors.class.getResourceAsStream(name)) {
            return StrictJson.parse(in.readAllBytes(), StrictJson.Bounds.ofBytes(200_000));
        }
    }
}
