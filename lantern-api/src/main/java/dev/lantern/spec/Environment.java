package dev.lantern.spec;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The rules for environment variables: names that are ours stay ours, and no value is a credential. */
final class Environment {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
    private static final String RESERVED = "LANTERN_";

    /**
     * Forms in which well-known issuers hand out credentials. Each looks at the beginning only or has a bounded
     * repeat, so that no value makes the search slow; the JSON Schema repeats them.
     */
    private static final Map<String, Pattern> CREDENTIALS = new TreeMap<>(Map.of(
            "a private key", Pattern.compile("-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY"),
            "an AWS access key id", Pattern.compile("^(?:AKIA|ASIA)[A-Z0-9]{16}"),
            "a GitHub token", Pattern.compile("^(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22})"),
            "a GitLab token", Pattern.compile("^glpat-[A-Za-z0-9_-]{20}"),
            "a Slack token", Pattern.compile("^xox[abeoprs]-[A-Za-z0-9-]{10}"),
            "a Google API key", Pattern.compile("^AIza[A-Za-z0-9_-]{35}"),
            "an API key of a model provider", Pattern.compile("^sk-[A-Za-z0-9_-]{20}"),
            "a JSON Web Token", Pattern.compile("^(?:Bearer )?eyJ[A-Za-z0-9_-]{8,4096}\\.[A-Za-z0-9_-]{2,4096}\\."),
            "a URL with a password",
                    Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]{1,31}://[^/?#@: ]{0,256}:[^/?#@ ]{1,1024}@")));

    private Environment() {}

    static String checkedName(SpecPath path, String name) {
        if (name.length() > 128 || !NAME.matcher(name).matches()) {
            throw refused(
                    path,
                    "the name " + Shown.quoted(name),
                    "1 to 128 of A-Z a-z 0-9 _ that do not begin with a digit",
                    "");
        }
        if (name.startsWith(RESERVED)) {
            throw refused(
                    path,
                    "the name " + Shown.quoted(name),
                    "names that do not begin with " + RESERVED,
                    "choose another name: these are set by the runtime");
        }
        return name;
    }

    /** Never shows the value. */
    static String checkedValue(SpecPath path, String value) {
        FreeText.checked(path, value);
        if (SecretUri.isReference(value)) {
            throw refused(
                    path,
                    "a reference to a secret",
                    "plain values only: the environment is never resolved",
                    "move it to spec.secrets as env_name and secret_uri; the value then appears in a file");
        }
        CREDENTIALS.forEach((kind, form) -> {
            if (form.matcher(value).find()) {
                throw refused(
                        path,
                        "what looks like " + kind + " (not shown)",
                        "no secrets: the environment is stored and logged",
                        "put it into the secret store and name it in spec.secrets; then replace it, it has been"
                                + " in a file");
            }
        });
        return value;
    }

    private static InvalidSpecException refused(SpecPath path, String found, String allowed, String fix) {
        return new InvalidSpecException(path.toString(), List.of(SpecProblem.of(path, found, allowed, fix)));
    }
}
