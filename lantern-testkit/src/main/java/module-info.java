/** Tests of agents without a cluster, and the contracts that every backend passes. */
module dev.lantern.testkit {
    requires transitive dev.lantern.core;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires transitive com.fasterxml.jackson.databind;
    requires static org.jspecify;
    requires com.fasterxml.jackson.core;
    requires io.netty.buffer;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires jdk.httpserver;
    requires org.bouncycastle.provider;
    requires org.slf4j;

    exports dev.lantern.testkit;
    exports dev.lantern.testkit.contract;
    exports dev.lantern.testkit.kubernetes;
    exports dev.lantern.testkit.secrets;

    // JUnit calls the tests of a facet reflectively.
    opens dev.lantern.testkit.contract to
            org.junit.platform.commons;
}
