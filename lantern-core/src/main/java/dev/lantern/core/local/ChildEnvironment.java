package dev.lantern.core.local;

import dev.lantern.spec.AgentSpec;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an agent finds in its environment. Nothing is passed on from the host's: it holds the host's credentials,
 * and an agent that needs one of its variables works on one machine only.
 */
final class ChildEnvironment {
    static final String URL = "LANTERN_URL";
    static final String RESULT_FILE = "LANTERN_RESULT_FILE";
    static final String INPUT_FILE = "LANTERN_INPUT_FILE";
    static final String SECRETS = "LANTERN_SECRETS";
    static final String PATH = "PATH";

    private static final List<String> USUAL_PROGRAMS = List.of("/usr/local/bin", "/usr/bin", "/bin");

    private ChildEnvironment() {}

    /**
     * Without {@code LANTERN_URL}, which is known once the harness is there. What the spec says goes before the
     * defaults; it cannot name a variable of ours.
     *
     * @param programs directories in which commands are looked for first
     */
    static Map<String, String> of(AgentSpec spec, InstanceDirectory directory, List<Path> programs) {
        Map<String, String> environment = new TreeMap<>();
        environment.put(PATH, path(programs));
        environment.put("HOME", directory.work().toString());
        environment.put("TMPDIR", directory.temporary().toString());
        // Without it some programs read and write ASCII alone.
        environment.put("LANG", "C.UTF-8");
        environment.putAll(spec.env());
        environment.put(RESULT_FILE, directory.result().toString());
        environment.put(INPUT_FILE, directory.input().toString());
        environment.put(SECRETS, directory.secrets().toString());
        return environment;
    }

    /** Java agents run on the JVM that runs their host, unless told otherwise: it is there and it is new enough. */
    private static String path(List<Path> programs) {
        List<String> directories = new ArrayList<>();
        programs.forEach(directory -> directories.add(directory.toString()));
        directories.add(Path.of(System.getProperty("java.home"), "bin").toString());
        directories.addAll(USUAL_PROGRAMS);
        return String.join(File.pathSeparator, directories);
    }
}
