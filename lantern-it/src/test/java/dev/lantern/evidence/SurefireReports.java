package dev.lantern.evidence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Reads what Surefire reported of the last run of each test class, in every module. */
final class SurefireReports {
    private static final int LONGEST = 300;

    private SurefireReports() {}

    /** The outcomes of the classes whose simple names end like that, in the order of their names. */
    static List<TestOutcome> read(Path root, String suffix) throws IOException {
        List<TestOutcome> outcomes = new ArrayList<>();
        for (Path report : reports(root)) {
            String file = report.getFileName().toString();
            String type = file.substring(file.lastIndexOf('.', file.length() - ".xml".length() - 1) + 1)
                    .replace(".xml", "");
            if (type.endsWith(suffix)) {
                outcomes.addAll(outcomes(report, type));
            }
        }
        outcomes.sort(Comparator.comparing(TestOutcome::type).thenComparing(TestOutcome::test));
        return outcomes;
    }

    private static List<Path> reports(Path root) throws IOException {
        List<Path> reports = new ArrayList<>();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path module : modules.sorted().toList()) {
                Path directory = module.resolve("target/surefire-reports");
                if (Files.isDirectory(directory)) {
                    try (Stream<Path> files = Files.list(directory)) {
                        files.filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml"))
                                .sorted()
                                .forEach(reports::add);
                    }
                }
            }
        }
        return reports;
    }

    private static List<TestOutcome> outcomes(Path report, String type) throws IOException {
        List<TestOutcome> outcomes = new ArrayList<>();
        NodeList cases = parsed(report).getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
            outcomes.add(outcome(type, (Element) cases.item(i)));
        }
        return outcomes;
    }

    private static TestOutcome outcome(String type, Element test) {
        // A class that was skipped as a whole has a case without a name.
        String name = test.getAttribute("name").isEmpty() ? "(all)" : test.getAttribute("name");
        for (String bad : List.of("failure", "error")) {
            if (test.getElementsByTagName(bad).getLength() > 0) {
                return new TestOutcome(type, name, TestOutcome.FAILED, said(test, bad));
            }
        }
        return test.getElementsByTagName("skipped").getLength() > 0
                ? new TestOutcome(type, name, TestOutcome.SKIPPED, said(test, "skipped"))
                : new TestOutcome(type, name, TestOutcome.PASSED, "");
    }

    private static String said(Element test, String child) {
        String message = ((Element) test.getElementsByTagName(child).item(0)).getAttribute("message");
        String line =
                message.replace("Assumption failed: ", "").lines().findFirst().orElse("");
        return line.length() > LONGEST ? line.substring(0, LONGEST) : line;
    }

    private static Element parsed(Path report) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder().parse(report.toFile()).getDocumentElement();
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(report + " is no report of Surefire's", e);
        }
    }
}
