package dev.lantern.testkit.sim;

import dev.lantern.gate.Facts;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.substrate.Substrate;
import dev.lantern.substrate.SubstrateHost;
import dev.lantern.substrate.Verified;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Hosts that take the substrate's word for more than it says, or do not wait for it. */
final class SubstrateMutants {
    private SubstrateMutants() {}

    /**
     * A host for which an instance is gone though it has not ended.
     *
     * @param asks whether it was asked to end at least
     */
    static Seams hastyStop(boolean asks) {
        return substrate(inner -> new Same(inner) {
            @Override
            public boolean stop(InstanceRef instance, Duration grace, Duration within) {
                if (asks) {
                    inner.stop(instance, grace, within);
                }
                // It will end some time.
                return true;
            }
        });
    }

    /** A host that enrols an instance whatever it has passed. */
    static Seams unchecked() {
        return substrate(inner -> new Same(inner) {
            @Override
            public List<String> checkpointsBeforeEnrolment() {
                return List.of();
            }
        });
    }

    /** A host that takes an instance's harness for one that has nothing to report. */
    static Seams unattested() {
        return substrate(inner -> new Same(inner) {
            @Override
            public boolean isAttested() {
                return false;
            }
        });
    }

    private static Seams substrate(UnaryOperator<Substrate> mutation) {
        return new Seams() {
            @Override
            Substrate substrate(Substrate substrate) {
                return mutation.apply(substrate);
            }
        };
    }

    private static class Same implements Substrate {
        private final Substrate inner;

        Same(Substrate inner) {
            this.inner = inner;
        }

        @Override
        public String name() {
            return inner.name();
        }

        @Override
        public Facts facts(String tenant, Duration within) {
            return inner.facts(tenant, within);
        }

        @Override
        public void open(SubstrateHost host) {
            inner.open(host);
        }

        @Override
        public void start(InstanceStart start, Duration within) {
            inner.start(start, within);
        }

        @Override
        public boolean stop(InstanceRef instance, Duration grace, Duration within) {
            return inner.stop(instance, grace, within);
        }

        @Override
        public List<String> checkpointsBeforeEnrolment() {
            return inner.checkpointsBeforeEnrolment();
        }

        @Override
        public List<Verified> verified(InstanceRef instance) {
            return inner.verified(instance);
        }

        @Override
        public boolean isAttested() {
            return inner.isAttested();
        }

        @Override
        public Optional<Verified> compare(InstanceRef instance, Duration within) {
            return inner.compare(instance, within);
        }

        @Override
        public List<InstanceRef> standing(Duration within) {
            return inner.standing(within);
        }

        @Override
        public void close() {
            inner.close();
        }
    }
}
