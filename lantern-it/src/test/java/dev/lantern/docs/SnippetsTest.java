package dev.lantern.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every block of code in the manual stands behind a line {@code <!-- snippet: file -->} or
 * {@code <!-- snippet: file#region -->} and equals that file or region. Regions begin with {@code tag::name[]} and
 * end with {@code end::name[]}, in a comment of their language. Or the page says {@code <!-- run by: file -->}, and
 * that test reads the page and runs what it shows.
 */
class SnippetsTest {
    private static final int FEWEST = 5;
    private static final Pattern SNIPPET = Pattern.compile("<!-- snippet: ([^#\\s]+)(?:#(\\S+))? -->");
    private static final Pattern RUN_BY = Pattern.compile("<!-- run by: (\\S+) -->");
    private static final List<String> CODE = List.of("java", "yaml", "sh", "python", "json");

    private final Path root = root();

    @Test
    void every_block_of_code_in_the_manual_is_a_region_of_a_file_that_runs() throws IOException {
        List<String> problems = new ArrayList<>();
        int checked = 0;
        for (Path page : pages()) {
            List<String> lines = Files.readAllLines(page);
            if (isRunByATest(page, lines)) {
                checked += blocks(lines).size();
                continue;
            }
            for (Block block : blocks(lines)) {
                check(page, block).ifPresent(problems::add);
                checked++;
            }
        }
        System.out.println("SnippetsTest: " + checked + " blocks of code");
        assertThat(problems).isEmpty();
        assertThat(checked).isGreaterThanOrEqualTo(FEWEST);
    }

    private boolean isRunByATest(Path page, List<String> lines) throws IOException {
        for (String line : lines) {
            Matcher matcher = RUN_BY.matcher(line);
            if (matcher.matches()) {
                assertThat(Files.readString(root.resolve(matcher.group(1))))
                        .as("%s is said to run %s, so it must read it", matcher.group(1), page)
                        .contains(String.valueOf(page.getFileName()));
                return true;
            }
        }
        return false;
    }

    private Optional<String> check(Path page, Block block) throws IOException {
        String place = root.relativize(page) + ":" + block.line();
        if (block.source().isEmpty()) {
            return Optional.of(place + " shows code that no file holds; put <!-- snippet: file#region --> before it");
        }
        Path file = root.resolve(block.source().get());
        if (!Files.exists(file)) {
            return Optional.of(place + " shows " + block.source().get() + ", which does not exist");
        }
        List<String> expected = region(Files.readAllLines(file), block.region());
        return expected.equals(block.lines())
                ? Optional.empty()
                : Optional.of(place + " differs from " + block.source().get()
                        + block.region().map(tag -> "#" + tag).orElse("") + "; expected:\n"
                        + String.join("\n", expected));
    }

    private List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(root.resolve("docs"))) {
            List<Path> pages =
                    new ArrayList<>(docs.filter(file -> file.toString().endsWith(".md"))
                            .filter(file -> !file.toString().contains("/target/")
                                    && !file.toString().contains("/decisions/"))
                            .sorted()
                            .toList());
            pages.add(root.resolve("README.md"));
            return pages;
        }
    }

    private static List<Block> blocks(List<String> lines) {
        List<Block> blocks = new ArrayList<>();
        Optional<Matcher> announced = Optional.empty();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            Matcher matcher = SNIPPET.matcher(line);
            if (matcher.matches()) {
                announced = Optional.of(matcher);
            } else if (line.startsWith("```")) {
                int end = i + 1;
                while (!lines.get(end).startsWith("```")) {
                    end++;
                }
                if (CODE.contains(line.substring(3))) {
                    blocks.add(new Block(
                            i + 1,
                            announced.map(found -> found.group(1)),
                            announced.map(found -> found.group(2)),
                            lines.subList(i + 1, end)));
                }
                announced = Optional.empty();
                i = end;
            } else if (!line.isBlank()) {
                announced = Optional.empty();
            }
        }
        return blocks;
    }

    private static List<String> region(List<String> lines, Optional<String> tag) {
        if (tag.isEmpty()) {
            return lines;
        }
        List<String> region = new ArrayList<>();
        boolean inside = false;
        for (String line : lines) {
            if (line.contains("end::" + tag.get() + "[]")) {
                inside = false;
            } else if (line.contains("tag::" + tag.get() + "[]")) {
                inside = true;
            } else if (inside) {
                region.add(line);
            }
        }
        int indent = region.stream()
                .filter(line -> !line.isBlank())
                .mapToInt(line -> line.length() - line.stripLeading().length())
                .min()
                .orElse(0);
        return region.stream()
                .map(line -> line.isBlank() ? "" : line.substring(indent))
                .toList();
    }

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("CHANGELOG.md"))) {
            here = here.getParent();
        }
        return here;
    }

    private record Block(int line, Optional<String> source, Optional<String> region, List<String> lines) {}
}
