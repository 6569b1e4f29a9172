package dev.lantern.agent.harness.process;

import dev.lantern.agent.harness.loopback.LoopbackUrl;
import dev.lantern.agent.harness.sandbox.ForbiddenAddress;
import dev.lantern.agent.transport.GatewayAddress;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a harness in a pod is told by the pod's template.
 *
 * @param url where the agent finds its door; settled beforehand, because its container was told the same
 * @param authorities by what it knows its gateway
 * @param forbidden what must not answer; at least one
 * @param releasePort the port that the kubelet knocks at
 * @param tokenFile where the kubelet keeps a token of the pod's service account
 * @param secrets the directory that the agent finds its secrets in
 * @param inputFile where the input is put before the agent starts
 * @param resultFile where the agent may leave its result
 * @param grace what the agent has between SIGTERM and SIGKILL
 */
record PodConfig(
        GatewayAddress gateway,
        PinnedAuthorities authorities,
        List<ForbiddenAddress> forbidden,
        RunRef run,
        int epoch,
        LoopbackUrl url,
        int releasePort,
        Path tokenFile,
        Path secrets,
        Path inputFile,
        Path resultFile,
        Duration grace) {
    private static final int MAX_PORT = 65_535;

    PodConfig {
        forbidden = List.copyOf(forbidden);
    }

    /** Whether these are the variables of a pod. */
    static boolean isMeant(Map<String, String> variables) {
        return variables.containsKey(Environment.RELEASE_PORT);
    }

    /** @throws LanternException if something is missing or malformed; the message names every such variable */
    static PodConfig of(Map<String, String> variables, List<String> command) {
        Environment environment = new Environment(variables);
        Optional<GatewayAddress> gateway = environment.required(Environment.GATEWAY, PodConfig::overTls);
        Optional<String> trustDomain = environment.required(Environment.TRUST_DOMAIN, PinnedAuthorities::domain);
        Optional<List<String>> authorities = environment.required(Environment.AUTHORITIES, PinnedAuthorities::list);
        Optional<List<ForbiddenAddress>> forbidden =
                environment.required(Environment.FORBIDDEN, ForbiddenAddress::list);
        Optional<RunRef> run = environment.run();
        Optional<Integer> epoch = environment.number(Environment.EPOCH, 1, Integer.MAX_VALUE);
        Optional<LoopbackUrl> url = environment.required(Environment.URL, LoopbackUrl::parse);
        Optional<Integer> releasePort = environment.number(Environment.RELEASE_PORT, 1, MAX_PORT);
        Optional<Path> tokenFile = environment.requiredPath(Environment.SECRET_FILE);
        Optional<Path> secrets = environment.requiredPath(Environment.SECRETS);
        Optional<Path> inputFile = environment.requiredPath(Environment.INPUT_FILE);
        Optional<Path> resultFile = environment.requiredPath(Environment.RESULT_FILE);
        Optional<Integer> grace = environment.number(Environment.GRACE_SECONDS, 0, Integer.MAX_VALUE);
        if (releasePort.isPresent() && url.map(LoopbackUrl::port).equals(releasePort)) {
            environment.fault(Environment.RELEASE_PORT + " and " + Environment.URL
                    + " name the same port: the one is bound before the other may be");
        }
        if (!command.isEmpty()) {
            environment.fault("an agent's command and " + Environment.RELEASE_PORT
                    + " exclude each other: in a pod the agent has a container of its own");
        }
        environment.requireNoFault();
        return new PodConfig(
                gateway.orElseThrow(),
                new PinnedAuthorities(trustDomain.orElseThrow(), authorities.orElseThrow()),
                forbidden.orElseThrow(),
                run.orElseThrow(),
                epoch.orElseThrow(),
                url.orElseThrow(),
                releasePort.orElseThrow(),
                tokenFile.orElseThrow(),
                secrets.orElseThrow(),
                inputFile.orElseThrow(),
                resultFile.orElseThrow(),
                Duration.ofSeconds(grace.orElseThrow()));
    }

    /** A pod's token, and all that follows, is sent to nobody who has not proven to be the gateway. */
    private static GatewayAddress overTls(String text) {
        GatewayAddress address = GatewayAddress.parse(text);
        if (address.scheme() != GatewayAddress.Scheme.HTTPS) {
            throw new LanternException("a pod's gateway is https://<host>:<port>, found http");
        }
        return address;
    }

    /** As it stands in the harness's log: no secret. */
    @Override
    public String toString() {
        return "instance " + run + " epoch " + epoch;
    }
}
