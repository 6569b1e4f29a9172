package dev.lantern.agent.harness.process;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How the harness is started as a process of its own, with the classes under test. */
final class HarnessJvm {
    private HarnessJvm() {}

    static List<String> command(List<String> flags, String... arguments) {
        List<String> line = new ArrayList<>(List.of(java(), "-Xshare:auto", "-XX:TieredStopAtLevel=1"));
        line.addAll(flags);
        line.addAll(List.of("-cp", classPath(), HarnessMain.class.getName()));
        line.addAll(List.of(arguments));
        return line;
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** The tests run patched into the module, so the classes are on the module path as well. */
    static String classPath() {
        String modules = System.getProperty("jdk.module.path");
        String tests = Path.of("target", "test-classes").toAbsolutePath().toString();
        return System.getProperty("java.class.path")
                + File.pathSeparator
                + tests
                + (modules == null ? "" : File.pathSeparator + modules);
    }
}
