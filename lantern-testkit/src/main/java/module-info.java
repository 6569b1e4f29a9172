/** Tests of agents without a cluster, and the contracts that every backend passes. */
module dev.lantern.testkit {
    requires transitive dev.lantern.core;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires static org.jspecify;
    requires org.bouncycastle.provider;

    exports dev.lantern.testkit;
    exports dev.lantern.testkit.contract;

    // JUnit calls the tests of a facet reflectively.
    opens dev.lantern.testkit.contract to
            org.junit.platform.commons;
}
