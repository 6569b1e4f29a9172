package dev.lantern.benchmarks;

import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.RunRef;
import java.util.Base64;
import java.util.HexFormat;

/**
 * An enrolled instance: all that its end of a connection needs. The host that made it hands it to the process that plays it
 * as one line.
 *
 * @param seed its Ed25519 key, which was made for one measurement
 * @param certificate its own, in DER
 */
record CertifiedInstance(InstanceRef instance, byte[] seed, byte[] certificate) {

    String line() {
        RunRef run = instance.run();
        return String.join(
                " ",
                run.tenant(),
                run.run(),
                Integer.toString(instance.epoch()),
                HexFormat.of().formatHex(seed),
                Base64.getEncoder().encodeToString(certificate));
    }

    static CertifiedInstance of(String line) {
        String[] parts = line.split(" ", -1);
        return new CertifiedInstance(
                new InstanceRef(new RunRef(parts[0], parts[1]), Integer.parseInt(parts[2])),
                HexFormat.of().parseHex(parts[3]),
                Base64.getDecoder().decode(parts[4]));
    }

    /** Shows no key. */
    @Override
    public String toString() {
        return "CertifiedInstance[" + instance + "]";
    }
}
