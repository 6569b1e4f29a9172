package dev.lantern.agent.harness.process;

import dev.lantern.value.LanternException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * By what a harness knows its gateway before it has spoken to it.
 *
 * @param trustDomain whose gateway it is
 * @param certificates CA certificates: DER in padded base64
 */
record PinnedAuthorities(String trustDomain, List<String> certificates) {
    private static final int MOST = 16;
    private static final String DOMAIN = "[a-z0-9](?:[a-z0-9._-]{0,253}[a-z0-9])?";

    PinnedAuthorities {
        certificates = List.copyOf(certificates);
    }

    /** @throws LanternException if it is no name of a trust domain; the message does not show it */
    static String domain(String text) {
        if (!text.matches(DOMAIN)) {
            throw new LanternException(
                    "a trust domain is 1 to 255 of a-z 0-9 . _ - that begin and end with a letter or a" + " digit");
        }
        return text;
    }

    /** @throws LanternException if it is no list of base64, joined by commas; whether they are certificates is seen later */
    static List<String> list(String text) {
        List<String> certificates = List.of(text.split(",", -1));
        if (certificates.size() > MOST) {
            throw new LanternException("at most " + MOST + " certificates, found " + certificates.size());
        }
        for (String certificate : certificates) {
            try {
                Base64.getDecoder().decode(certificate);
            } catch (IllegalArgumentException e) {
                throw new LanternException("certificates are DER in padded base64, joined by commas", e);
            }
            if (certificate.isEmpty()) {
                throw new LanternException("certificates are DER in padded base64, joined by commas; one is empty");
            }
        }
        return certificates;
    }

    List<byte[]> der() {
        List<byte[]> der = new ArrayList<>();
        certificates.forEach(certificate -> der.add(Base64.getDecoder().decode(certificate)));
        return der;
    }
}
