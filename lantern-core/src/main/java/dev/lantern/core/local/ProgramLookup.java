package dev.lantern.core.local;

import dev.lantern.value.internal.Quoted;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the program of a command before anything is started, so that a mistake is told in words.
 *
 * @param path directories, separated as in {@code PATH}
 */
record ProgramLookup(String name, String path) {

    /** What was found. */
    sealed interface Found {
        record Program(Path path) implements Found {}

        /** @param cause what is wrong and what to do about it */
        record Nothing(String cause) implements Found {}
    }

    /** Looks as a shell does. */
    Found find() {
        try {
            return name.indexOf('/') >= 0 ? at(name) : among(name, path);
        } catch (InvalidPathException e) {
            return new Found.Nothing("the command " + Quoted.name(name) + " is no file name: " + e.getReason());
        }
    }

    private static Found at(String name) {
        Path program = Path.of(name);
        if (!program.isAbsolute()) {
            return new Found.Nothing("the command " + Quoted.name(name)
                    + " is relative, and an agent's working directory is a fresh one: give an absolute path, or only"
                    + " the program's name and its directory to the substrate's programsIn");
        }
        if (!Files.exists(program)) {
            return new Found.Nothing("the command " + Quoted.name(name) + " does not exist");
        }
        return isProgram(program)
                ? new Found.Program(program)
                : new Found.Nothing("the command " + Quoted.name(name) + " is not an executable file: chmod +x it");
    }

    private static Found among(String name, String path) {
        List<String> looked = new ArrayList<>();
        for (String directory : path.split(File.pathSeparator, -1)) {
            if (Path.of(directory).isAbsolute()) {
                looked.add(directory);
                Path program = Path.of(directory, name);
                if (isProgram(program)) {
                    return new Found.Program(program);
                }
            }
        }
        return new Found.Nothing(
                "the command " + Quoted.name(name) + " was found in none of " + String.join(", ", looked)
                        + ": give an absolute path, or its directory to the substrate's programsIn");
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }
}
