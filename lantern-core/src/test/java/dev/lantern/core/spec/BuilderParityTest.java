package dev.lantern.core.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.EgressRule;
import dev.lantern.spec.HttpMethod;
import dev.lantern.spec.Isolation;
import dev.lantern.spec.Limits;
import dev.lantern.spec.NetworkMode;
import dev.lantern.spec.SecretRef;
import dev.lantern.spec.SecretUri;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whatever a document can say the builder can say, with the same digest. */
class BuilderParityTest {
    private static final int DOCUMENTS = 3_000;

    private final YamlSpecReader reader = new YamlSpecReader();

    @Test
    void random_documents_and_the_builder_agree() {
        Documents documents = new Documents(99);
        for (int i = 0; i < DOCUMENTS; i++) {
            Map<String, Object> document = documents.valid();
            String yaml = YamlText.of(document, i);

            AgentSpec read = reader.parse("agent.yaml", yaml.getBytes(StandardCharsets.UTF_8));
            AgentSpec built = build(document);

            assertThat(built.canonicalJson()).as(yaml).isEqualTo(read.canonicalJson());
            assertThat(built.digest()).isEqualTo(read.digest());
            assertThat(read.toBuilder().build()).isEqualTo(read);
        }
        System.out.println("builder against reader: " + DOCUMENTS + " documents, equal digests");
    }

    private static AgentSpec build(Map<String, Object> document) {
        Map<String, Object> metadata = Documents.members(document.get("metadata"));
        AgentSpec.Builder builder = AgentSpec.builder((String) metadata.get("name"));
        texts(metadata.get("labels")).forEach(builder::metadataLabel);
        Documents.members(document.get("spec")).forEach((field, value) -> set(builder, field, value));
        return builder.build();
    }

    private static void set(AgentSpec.Builder builder, String field, Object value) {
        switch (field) {
            case "image_digest" -> builder.image((String) value);
            case "isolation" -> builder.isolation(Isolation.parse((String) value));
            case "network" -> builder.network(NetworkMode.parse((String) value));
            case "limits" -> builder.limits(limits(Documents.members(value)));
            case "egress_rules" ->
                Documents.items(value).forEach(rule -> builder.egressRule(rule(Documents.members(rule))));
            case "secrets" ->
                Documents.items(value).forEach(secret -> builder.secret(secret(Documents.members(secret))));
            case "command" -> builder.command(words(value));
            case "args" -> builder.args(words(value));
            case "env" -> texts(value).forEach(builder::env);
            case "labels" -> texts(value).forEach(builder::label);
            case "idempotent" -> builder.idempotent((Boolean) value);
            case "restore_snapshot_id" -> builder.restoreSnapshotId((String) value);
            case "preferred_regions" -> builder.preferredRegions(words(value));
            default -> throw new AssertionError("the builder cannot say " + field);
        }
    }

    private static Limits limits(Map<String, Object> fields) {
        Limits limits = Limits.none();
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            String text = String.valueOf(field.getValue());
            limits = switch (field.getKey()) {
                case "vcpu" -> limits.vcpu(text);
                case "memory" -> limits.memory(text);
                case "gpu" -> limits.gpu(Integer.parseInt(text));
                case "scratch_size" -> limits.scratchSize(text);
                case "timeout" -> limits.timeout(text);
                case "max_steps" -> limits.maxSteps(Long.parseLong(text));
                case "max_tokens" -> limits.maxTokens(Long.parseLong(text));
                case "max_cost_usd" -> limits.maxCostUsd(text);
                default -> throw new AssertionError("Limits cannot say " + field.getKey());
            };
        }
        return limits;
    }

    private static EgressRule rule(Map<String, Object> fields) {
        EgressRule rule = EgressRule.to((String) fields.get("pattern"));
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            Object value = field.getValue();
            rule = switch (field.getKey()) {
                case "pattern" -> rule;
                case "http_methods" ->
                    rule.httpMethods(
                            words(value).stream().map(HttpMethod::parse).toList());
                case "rate_bps" -> rule.rateBps(((BigInteger) value).longValueExact());
                case "ports" ->
                    rule.ports(Documents.items(value).stream()
                            .map(port -> ((BigInteger) port).intValueExact())
                            .toList());
                case "credential" -> rule.credential(SecretUri.parse((String) value));
                default -> throw new AssertionError("EgressRule cannot say " + field.getKey());
            };
        }
        return rule;
    }

    private static SecretRef secret(Map<String, Object> fields) {
        SecretRef secret =
                SecretRef.of((String) fields.get("env_name"), SecretUri.parse((String) fields.get("secret_uri")));
        return fields.containsKey("ttl") ? secret.ttl((String) fields.get("ttl")) : secret;
    }

    private static List<String> words(Object list) {
        return Documents.items(list).stream().map(String.class::cast).toList();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> texts(Object map) {
        return map == null ? Map.of() : (Map<String, String>) map;
    }
}
