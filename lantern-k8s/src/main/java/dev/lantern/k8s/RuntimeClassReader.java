package dev.lantern.k8s;

import dev.lantern.gate.RuntimeClassFact;
import dev.lantern.gate.Toleration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a RuntimeClass. */
final class RuntimeClassReader {
    private RuntimeClassReader() {}

    static RuntimeClassFact read(View runtimeClass) throws UnreadableException {
        View metadata = runtimeClass.child("metadata");
        return new RuntimeClassFact(
                metadata.text("name"),
                metadata.text("uid"),
                runtimeClass.text("handler"),
                scheduling(runtimeClass),
                runtimeClass.child("overhead").quantities("podFixed"));
    }

    private static Optional<RuntimeClassFact.Scheduling> scheduling(View runtimeClass) throws UnreadableException {
        if (!runtimeClass.has("scheduling")) {
            return Optional.empty();
        }
        View scheduling = runtimeClass.child("scheduling");
        List<Toleration> tolerations = new ArrayList<>();
        for (View toleration : scheduling.children("tolerations")) {
            // One that ends after some seconds does not hold for as long as the pod runs, so it is none.
            if (!toleration.has("tolerationSeconds")) {
                tolerations.add(toleration(toleration));
            }
        }
        return Optional.of(new RuntimeClassFact.Scheduling(scheduling.textsByName("nodeSelector"), tolerations));
    }

    private static Toleration toleration(View toleration) throws UnreadableException {
        return new Toleration(
                toleration.optionalText("key").orElse(""),
                toleration
                        .optionalText("operator")
                        .filter(text -> !text.isEmpty())
                        .orElse("Equal"),
                toleration.optionalText("value").orElse(""),
                toleration.optionalText("effect").orElse(""));
    }
}
