package dev.lantern.core.spec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random documents under a seed: valid ones, and ones with a few changes that may or may not break them. Trees of maps,
 * lists, texts, BigIntegers, BigDecimals, booleans and nulls.
 */
final class Documents {
    private static final String HEX = "0123456789abcdef".repeat(4);

    /** Texts that some field takes, and texts that none should; every field meets all of them. */
    static final List<String> TEXTS = List.of(
            "",
            "x",
            "true",
            "null",
            "1",
            "01",
            "-1",
            "0.5",
            "1e3",
            ".5",
            "NaN",
            "500m",
            "2",
            "256Mi",
            "1Gi",
            "1048575",
            "256",
            "5MB",
            "0",
            "1025",
            "30s",
            "5m",
            "16m",
            "1h30m",
            "0s",
            "999ms",
            "1.5h",
            "8761h",
            "30",
            "PT5M",
            "0.50",
            "0.00",
            "1000000000",
            "999999999.999999999",
            "trusted",
            "Trusted",
            "untrused",
            "none",
            "open",
            "allowlist",
            "allowlist_domain",
            "GET",
            "get",
            "CONNECT",
            "demo",
            "demo:v1",
            "demo@sha256:" + HEX,
            "demo:v1@sha256:" + HEX,
            "demo@sha256:0000...0001",
            "Demo@sha256:" + HEX,
            "a/b:5000/c:1",
            "localhost:5000/c:1",
            "demo@sha512:" + HEX,
            "api.example.com",
            "*.example.com",
            "API.Example.COM",
            "*.com",
            "localhost",
            "example.com.",
            "-a.com",
            "a_b.com",
            "1.2.3.4",
            "0x7f.1",
            "10.0.0.0/8",
            "10.0.0.1/8",
            "10.0.0.0/33",
            "0.0.0.0/0",
            "010.0.0.0/8",
            "2001:db8::/32",
            "2001:db8::1/32",
            "::/0",
            "::ffff:0:0/96",
            "fe80::/10",
            "1:2:3/16",
            "https://a.com/",
            "a.com:443",
            "lantern.secret://tenant/acme/key/k",
            "lantern.secret://tenant/__tenant__/key/k",
            "lantern.secret://__tenant__/key/k",
            "lantern.secret://acme/key/k",
            " Lantern.Secret://x",
            "API_KEY",
            "LANTERN_URL",
            "A-B",
            "1A",
            "sk-abcdefghijklmnopqrstuvwxyz",
            "AKIAABCDEFGHIJKLMNOP",
            "postgres://u:p@h/x",
            "-----BEGIN PRIVATE KEY-----",
            "a\nb",
            "a\tb",
            "a\n",
            "a\r",
            "a\u0000b",
            "a\u0085b",
            "a\u2028b",
            "a\ufeffb",
            "é",
            "✓ \ud83d\ude00",
            "app.kubernetes.io/name",
            "kubernetes.io/x",
            "a/b",
            "x.lantern.dev/y",
            "a b",
            "a-",
            "-a",
            "a.b_c-d",
            "snap-1",
            "../x",
            "eu-west-1",
            "lantern.dev/v1",
            "lantern.dev/v2",
            "AgentSpec",
            "python",
            "x".repeat(63),
            "x".repeat(64),
            "x".repeat(128),
            "x".repeat(129),
            "*",
            "/",
            "\"",
            "\\",
            "'",
            "#",
            ": ",
            "- ",
            "&a",
            "*a",
            "!a",
            "1m1h",
            "1s1s",
            "+1",
            "1.",
            "12e1",
            "1E",
            "8Ei",
            "1Pi",
            "2Pi",
            "4096",
            "4097",
            "1u",
            "1n",
            "1000000000n",
            "0.0001",
            "Bearer eyJabcdefgh.eyJabc.x",
            "ghp_" + "a".repeat(36),
            "glpat-" + "a".repeat(20));

    private static final List<Object> NUMBERS = List.of(
            number("0"),
            number("1"),
            number("2"),
            number("-1"),
            number("443"),
            number("65535"),
            number("65536"),
            number("256"),
            number("1024"),
            number("1025"),
            number("4096"),
            number("4097"),
            number("1048576"),
            number("1048575"),
            number("0.5"),
            number("0.05"),
            number("1.00"),
            number("1.5"),
            number("0.0001"),
            number("0.00"),
            number("1000000000"),
            number("999999999.99"),
            number("0.00000000001"),
            number("9007199254740991"),
            number("9007199254740992"),
            number("99999999999999999999999999"),
            number("1125899906842624"),
            number("1125899906842625"),
            number("3000000000"));

    private final Random random;

    Documents(long seed) {
        this.random = new Random(seed);
    }

    /** A document that the reader and the schema should both take. */
    Map<String, Object> valid() {
        Map<String, Object> metadata = map("name", pick("hello", "web-scraper", "A.b_c"));
        maybe(() -> metadata.put("labels", map("demo", "01", "owner", pick("team-a", ""))));
        return map("apiVersion", "lantern.dev/v1", "kind", "AgentSpec", "metadata", metadata, "spec", spec());
    }

    /** A valid document with a change or a few anywhere in it. */
    Map<String, Object> changed() {
        Map<String, Object> document = valid();
        int changes = random.nextInt(3) > 0 ? 1 : 2 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            change(document);
        }
        return document;
    }

    private Map<String, Object> spec() {
        Map<String, Object> spec = map(
                "image_digest", pick("demos/hello@sha256:" + HEX, "localhost:5000/x:v1@sha256:" + HEX, "demo:latest"));
        maybe(() -> spec.put("isolation", pick("trusted", "standard", "untrusted", "hostile", "wasm", "devcontainer")));
        maybe(() -> spec.put("limits", limits()));
        boolean rules = maybe(() -> spec.put("egress_rules", rules()));
        maybe(() -> spec.put("network", rules ? pick("allowlist_domain", "tenant_vpc", "open") : pick("none", "open")));
        maybe(() -> spec.put("secrets", secrets()));
        maybe(() -> spec.put("command", list("python", "-m")));
        maybe(() -> spec.put("args", list("", "a\nb", "true")));
        maybe(() -> spec.put("env", map("MODE", "fast", "PORT", "8080", "TEXT", "ü: #'\"\\")));
        maybe(() -> spec.put("labels", map("pool", "gpu-t4", "app.kubernetes.io/name", "x")));
        maybe(() -> spec.put("idempotent", random.nextBoolean()));
        maybe(() -> spec.put("restore_snapshot_id", pick("", "snap-1")));
        maybe(() -> spec.put("preferred_regions", list("eu-west-1", "eu-central-1")));
        return spec;
    }

    private Map<String, Object> limits() {
        Map<String, Object> limits = map();
        maybe(() -> limits.put("vcpu", random.nextBoolean() ? pick("500m", "2", "0.25") : number(pick("1", "0.5"))));
        maybe(() -> limits.put("memory", pick("256Mi", "1Gi", "1.5Gi")));
        maybe(() -> limits.put("gpu", random.nextBoolean() ? number("1") : "2"));
        maybe(() -> limits.put("scratch_size", pick("16Mi", "1G")));
        maybe(() -> limits.put("timeout", pick("30s", "5m", "1h30m", "120s")));
        maybe(() -> limits.put("max_steps", BigInteger.valueOf(1 + random.nextInt(1000))));
        maybe(() -> limits.put("max_tokens", number("100000")));
        maybe(() -> limits.put("max_cost_usd", random.nextBoolean() ? number(pick("0.05", "1.00", "3")) : "0.50"));
        return limits;
    }

    private List<Object> rules() {
        List<Object> rules = list();
        int count = 1 + random.nextInt(2);
        for (int i = 0; i < count; i++) {
            Map<String, Object> rule =
                    map("pattern", pick("*.example.com", "api.example.com", "10.0.0.0/8", "fc00::/7"));
            maybe(() -> rule.put("http_methods", list("POST", "GET")));
            maybe(() -> rule.put("rate_bps", number("1048576")));
            maybe(() -> rule.put("ports", list(number("443"), number("80"))));
            maybe(() -> rule.put("credential", "lantern.secret://tenant/__tenant__/key/c"));
            rules.add(rule);
        }
        return rules;
    }

    private List<Object> secrets() {
        List<Object> secrets = list();
        int count = 1 + random.nextInt(2);
        for (int i = 0; i < count; i++) {
            Map<String, Object> secret = map(
                    "env_name",
                    "KEY_" + i,
                    "secret_uri",
                    pick("lantern.secret://tenant/acme/key/k", "lantern.secret://__tenant__/key/k"));
            maybe(() -> secret.put("ttl", pick("1m", "15m", "300s")));
            secrets.add(secret);
        }
        return secrets;
    }

    /** Changes one member or item, chosen among all of them alike. */
    private void change(Map<String, Object> document) {
        List<Object> containers = new ArrayList<>();
        collect(document, containers);
        Object container = containers.get(random.nextInt(containers.size()));
        if (container instanceof Map) {
            changeMap(members(container));
        } else {
            changeList(items(container));
        }
    }

    private void changeMap(Map<String, Object> map) {
        List<String> names = new ArrayList<>(map.keySet());
        int kind = random.nextInt(10);
        if (kind == 0 || names.isEmpty()) {
            map.put(pick(TEXTS), value());
        } else if (kind == 1) {
            map.remove(pick(names));
        } else if (kind == 2) {
            map.put(pick(FIELDS), value());
        } else {
            map.put(pick(names), value());
        }
    }

    private void changeList(List<Object> list) {
        if (list.isEmpty() || random.nextInt(4) == 0) {
            list.add(list.isEmpty() || random.nextBoolean() ? value() : copy(list.get(0)));
        } else {
            list.set(random.nextInt(list.size()), value());
        }
    }

    static final List<String> FIELDS = List.of(
            "apiVersion",
            "kind",
            "metadata",
            "spec",
            "name",
            "labels",
            "image_digest",
            "isolation",
            "limits",
            "network",
            "egress_rules",
            "secrets",
            "command",
            "args",
            "env",
            "idempotent",
            "restore_snapshot_id",
            "preferred_regions",
            "vcpu",
            "memory",
            "gpu",
            "scratch_size",
            "timeout",
            "max_steps",
            "max_tokens",
            "max_cost_usd",
            "pattern",
            "http_methods",
            "rate_bps",
            "ports",
            "credential",
            "env_name",
            "secret_uri",
            "ttl",
            "host",
            "imageDigest");

    private Object value() {
        return switch (random.nextInt(14)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2, 3, 4 -> NUMBERS.get(random.nextInt(NUMBERS.size()));
            case 5 -> random.nextBoolean() ? list() : list(pick(TEXTS));
            case 6 -> random.nextBoolean() ? map() : map(pick(TEXTS), pick(TEXTS));
            default -> pick(TEXTS);
        };
    }

    private static void collect(Object node, List<Object> containers) {
        if (node instanceof Map) {
            containers.add(node);
            members(node).values().forEach(child -> collect(child, containers));
        } else if (node instanceof List) {
            containers.add(node);
            items(node).forEach(child -> collect(child, containers));
        }
    }

    private static Object copy(Object node) {
        if (node instanceof Map) {
            Map<String, Object> copy = map();
            members(node).forEach((name, value) -> copy.put(name, copy(value)));
            return copy;
        }
        if (node instanceof List) {
            List<Object> copy = list();
            items(node).forEach(item -> copy.add(copy(item)));
            return copy;
        }
        return node;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> members(Object map) {
        return (Map<String, Object>) map;
    }

    @SuppressWarnings("unchecked")
    static List<Object> items(Object list) {
        return (List<Object>) list;
    }

    private static Map<String, Object> map(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }

    private static List<Object> list(Object... items) {
        return new ArrayList<>(Arrays.asList(items));
    }

    private static Object number(String text) {
        return text.contains(".") ? new BigDecimal(text) : new BigInteger(text);
    }

    private boolean maybe(Runnable change) {
        boolean chosen = random.nextInt(3) > 0;
        if (chosen) {
            change.run();
        }
        return chosen;
    }

    private String pick(String... texts) {
        return texts[random.nextInt(texts.length)];
    }

    private String pick(List<String> texts) {
        return texts.get(random.nextInt(texts.size()));
    }
}
