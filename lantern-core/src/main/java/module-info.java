/** The runtime. */
module dev.lantern.core {
    requires transitive dev.lantern.agent;
    requires transitive dev.lantern.api;
    requires static org.jspecify;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires java.net.http;
    requires org.bouncycastle.provider;
    requires org.pcollections;
    requires org.slf4j;
    requires org.snakeyaml.engine;

    exports dev.lantern.core.keys;
    exports dev.lantern.core.local;
    exports dev.lantern.core.memory;
    exports dev.lantern.core.logs;
    exports dev.lantern.core.seal;
    exports dev.lantern.core.secrets;
    exports dev.lantern.core.engine to
            dev.lantern.testkit;
    exports dev.lantern.core.event to
            dev.lantern.testkit;
    exports dev.lantern.core.format to
            dev.lantern.testkit;
    exports dev.lantern.core.gate to
            dev.lantern.testkit;
    exports dev.lantern.core.gateway to
            dev.lantern.testkit;
    exports dev.lantern.core.identity to
            dev.lantern.testkit;
    exports dev.lantern.core.turns to
            dev.lantern.testkit;

    uses dev.lantern.journal.EmbeddedJournalProvider;
    uses dev.lantern.spec.SpecReader;

    provides dev.lantern.RuntimeProvider with
            dev.lantern.core.runtime.CoreProvider;
    provides dev.lantern.spec.SpecReader with
            dev.lantern.core.spec.YamlSpecReader;
}
