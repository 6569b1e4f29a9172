package dev.lantern.core.engine;

import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.Digest;
import dev.lantern.value.RunRef;

/** What a caller has shown of who it is. */
sealed interface Proof {

    /** Whether it makes the caller this instance; the chain has started it. */
    boolean isOf(RunState state, int epoch);

    /**
     * It holds the secret that the instance was started with.
     *
     * @param digest of what it presented
     */
    record BySecret(Digest digest) implements Proof {
        static BySecret of(byte[] secret) {
            return new BySecret(Digest.sha256(secret));
        }

        @Override
        public boolean isOf(RunState state, int epoch) {
            return state.secret(epoch).filter(digest::equals).isPresent();
        }
    }

    /** The platform says which instance it is. */
    record ByPlatform(InstanceRef caller) implements Proof {
        @Override
        public boolean isOf(RunState state, int epoch) {
            RunRef run = state.run();
            return state.secret(epoch).isPresent() && caller.equals(new InstanceRef(run, epoch));
        }
    }

    /**
     * It holds the private half of a key that the runtime's authority has certified to be this instance's.
     *
     * @param publicKey the raw key in hexadecimal
     */
    record ByCertificate(InstanceRef caller, String publicKey) implements Proof {
        @Override
        public boolean isOf(RunState state, int epoch) {
            return caller.equals(new InstanceRef(state.run(), epoch))
                    && state.key(epoch).filter(publicKey::equals).isPresent();
        }
    }
}
