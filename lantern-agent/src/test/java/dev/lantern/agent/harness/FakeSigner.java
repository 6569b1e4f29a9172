package dev.lantern.agent.harness;

/** Real signatures would take nine tenths of a chaos test's time and are looked at elsewhere. */
final class FakeSigner implements InstanceSigner {
    @Override
    public byte[] publicKey() {
        return new byte[32];
    }

    @Override
    public byte[] sign(byte[] message) {
        return new byte[64];
    }
}
