package dev.lantern.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.wire.CallPath;
import dev.lantern.value.RunRef;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class HeadTest {
    private static final int MOST = 1_000;
    private static final Instant NOT_AFTER = Instant.parse("2026-02-10T12:15:00Z");
    private static final PeerIdentity PEER = new PeerIdentity(Calls.RUN, Calls.EPOCH, "ab".repeat(32), NOT_AFTER);
    private static final Line CERTIFIED = new Line.Certified(PEER);
    private static final Line ANONYMOUS = new Line.Anonymous();
    private static final Line PLAIN = new Line.Plain();
    private static final String BEARER = "Bearer " + Calls.SECRET;

    // -- who must show what ------------------------------------------------------------------------------------------

    @Test
    void certificate_is_taken_for_its_own_instance_up_to_its_last_moment() {
        HttpRequest heartbeat = request("heartbeat", headers -> {});

        assertThat(presented(heartbeat, CERTIFIED, NOT_AFTER)).isEqualTo(new Presented.Certificate(PEER));
        assertThat(offence(heartbeat, CERTIFIED, NOT_AFTER.plusNanos(1))).isEqualTo(Offence.CERTIFICATE_EXPIRED);
    }

    @Test
    void certificate_of_another_run_tenant_or_epoch_is_nobodys() {
        for (PeerIdentity other : new PeerIdentity[] {
            new PeerIdentity(new RunRef("globex", Calls.RUN.run()), Calls.EPOCH, "ab".repeat(32), NOT_AFTER),
            new PeerIdentity(new RunRef("acme", "another"), Calls.EPOCH, "ab".repeat(32), NOT_AFTER),
            new PeerIdentity(Calls.RUN, Calls.EPOCH - 1, "ab".repeat(32), NOT_AFTER)
        }) {
            assertThat(offence(request("heartbeat", headers -> {}), new Line.Certified(other), NOT_AFTER))
                    .isEqualTo(Offence.OTHER_INSTANCE);
        }
    }

    @Test
    void certificate_comes_alone_and_is_not_enrolled_over() {
        assertThat(offence(request("heartbeat", headers -> headers.add("Authorization", BEARER)), CERTIFIED))
                .isEqualTo(Offence.BEARER_WITH_CERTIFICATE);
        assertThat(offence(request("enrol", headers -> {}), CERTIFIED)).isEqualTo(Offence.ENROL_WITH_CERTIFICATE);
        assertThat(presented(request("unreachable", headers -> {}), CERTIFIED, NOT_AFTER))
                .isEqualTo(new Presented.Certificate(PEER));
    }

    @Test
    void without_a_certificate_only_two_calls_come_over_tls_and_each_with_a_credential() {
        Consumer<HttpHeaders> credential = headers -> headers.add("Authorization", BEARER);
        for (String call : new String[] {"enrol", "unreachable"}) {
            assertThat(bearer(request(call, credential), ANONYMOUS)).isEqualTo(Calls.SECRET);
            assertThat(offence(request(call, headers -> {}), ANONYMOUS)).isEqualTo(Offence.BAD_CREDENTIAL);
        }
        for (String call : new String[] {"heartbeat", "vend", "complete", "output", "renew"}) {
            assertThat(offence(request(call, credential), ANONYMOUS)).isEqualTo(Offence.NO_CERTIFICATE);
            assertThat(bearer(request(call, credential), PLAIN)).isEqualTo(Calls.SECRET);
        }
    }

    @Test
    void credential_is_one_and_of_the_one_form() {
        for (String[] shown : new String[][] {
            {},
            {BEARER, BEARER},
            {"bearer " + Calls.SECRET},
            {"Basic " + Calls.SECRET},
            {"Bearer"},
            {"Bearer "},
            {"Bearer  " + Calls.SECRET},
            {Calls.SECRET},
        }) {
            HttpRequest request = request("heartbeat", headers -> {
                for (String one : shown) {
                    headers.add("Authorization", one);
                }
            });
            assertThat(offence(request, PLAIN)).as(String.join(", ", shown)).isEqualTo(Offence.BAD_CREDENTIAL);
        }
    }

    /** From the outside a wrong path, a wrong credential and a wrong certificate are one thing, and it ends there. */
    @Test
    void every_stranger_is_answered_alike() {
        Head.Refused credential = refused(request("heartbeat", headers -> {}), PLAIN, NOT_AFTER);
        Head.Refused path = refused(request("no-such-call", headers -> {}), PLAIN, NOT_AFTER);
        Head.Refused expired = refused(request("heartbeat", headers -> {}), CERTIFIED, NOT_AFTER.plusSeconds(1));
        Head.Refused method = refused(request(HttpMethod.GET, HttpVersion.HTTP_1_1, headers -> {}), PLAIN, NOT_AFTER);

        assertThat(path.offence()).isEqualTo(Offence.UNKNOWN_PATH).isEqualTo(method.offence());
        for (Head.Refused one : new Head.Refused[] {credential, path, expired, method}) {
            assertThat(one.answer().status()).isEqualTo(credential.answer().status());
            assertThat(one.answer().body()).isEqualTo(credential.answer().body());
            assertThat(one.answer().last()).isTrue();
        }
        assertThat(credential.claimed()).isPresent();
        assertThat(path.claimed()).isEmpty();
    }

    // -- what two readers could read in two ways ---------------------------------------------------------------------

    @Test
    void what_is_no_request_of_the_one_form_is_refused_before_anybody_is_looked_at() {
        Map<String, Integer> statuses = new LinkedHashMap<>();
        Map<String, HttpRequest> requests = new LinkedHashMap<>();
        add(statuses, requests, 505, "HTTP/1.0", request(HttpMethod.POST, HttpVersion.HTTP_1_0, headers -> {}));
        add(statuses, requests, 400, "no host", plain(headers -> headers.remove("Host")));
        add(statuses, requests, 400, "two hosts", plain(headers -> headers.add("Host", "other")));
        add(
                statuses,
                requests,
                400,
                "length and chunks",
                plain(headers -> headers.add("Content-Length", "2").add("Transfer-Encoding", "chunked")));
        add(statuses, requests, 501, "gzip", plain(headers -> headers.add("Transfer-Encoding", "gzip, chunked")));
        add(
                statuses,
                requests,
                501,
                "chunks twice",
                plain(headers -> headers.add("Transfer-Encoding", "chunked").add("Transfer-Encoding", "chunked")));
        add(statuses, requests, 413, "too long", plain(headers -> headers.add("Content-Length", MOST + 1)));
        add(statuses, requests, 417, "expectation", plain(headers -> headers.add("Expect", "200-ok")));
        add(
                statuses,
                requests,
                417,
                "expected twice",
                plain(headers -> headers.add("Expect", "100-continue").add("Expect", "100-continue")));
        add(statuses, requests, 415, "no type", plain(headers -> headers.remove("Content-Type")));
        add(statuses, requests, 415, "another type", plain(headers -> headers.set("Content-Type", "text/plain")));
        add(statuses, requests, 415, "two types", plain(headers -> headers.add("Content-Type", "application/json")));
        add(statuses, requests, 415, "coded", plain(headers -> headers.add("Content-Encoding", "gzip")));

        requests.forEach((name, request) -> {
            Head.Refused refused = refused(request, PLAIN, NOT_AFTER);
            assertThat(refused.answer().status()).as(name).isEqualTo(statuses.get(name));
            assertThat(refused.answer().last()).as(name).isTrue();
            assertThat(refused.offence()).as(name).isEqualTo(Offence.BAD_HTTP);
        });
        assertThat(requests).hasSize(13);
    }

    @Test
    void longest_body_chunks_and_an_expectation_are_taken() {
        assertThat(call(plain(headers -> headers.add("Content-Length", MOST)), PLAIN, NOT_AFTER)
                        .length())
                .isEqualTo(MOST);
        assertThat(call(plain(headers -> headers.add("Transfer-Encoding", "Chunked")), PLAIN, NOT_AFTER)
                        .length())
                .isZero();
        assertThat(call(plain(headers -> headers.add("Expect", "100-Continue")), PLAIN, NOT_AFTER)
                        .expectsContinue())
                .isTrue();
        assertThat(call(plain(headers -> headers.add("Connection", "Close")), PLAIN, NOT_AFTER)
                        .last())
                .isTrue();
        Head.Call usual = call(plain(headers -> {}), PLAIN, NOT_AFTER);
        assertThat(usual.last() || usual.expectsContinue()).isFalse();
    }

    // -- fixture -----------------------------------------------------------------------------------------------------

    private static void add(
            Map<String, Integer> statuses,
            Map<String, HttpRequest> requests,
            int status,
            String name,
            HttpRequest one) {
        statuses.put(name, status);
        requests.put(name, one);
    }

    /** A call over a plain line that is taken, but for what is changed. */
    private static HttpRequest plain(Consumer<HttpHeaders> change) {
        return request("heartbeat", headers -> {
            headers.add("Authorization", BEARER);
            change.accept(headers);
        });
    }

    private static HttpRequest request(String call, Consumer<HttpHeaders> change) {
        return request(HttpMethod.POST, HttpVersion.HTTP_1_1, call, change);
    }

    private static HttpRequest request(HttpMethod method, HttpVersion version, Consumer<HttpHeaders> change) {
        return request(method, version, "heartbeat", change);
    }

    private static HttpRequest request(
            HttpMethod method, HttpVersion version, String call, Consumer<HttpHeaders> change) {
        String path = CallPath.of(Calls.heartbeat()).toString();
        HttpRequest request =
                new DefaultHttpRequest(version, method, path.substring(0, path.lastIndexOf('/') + 1) + call);
        request.headers().add("Host", "127.0.0.1").add("Content-Type", "application/json");
        change.accept(request.headers());
        return request;
    }

    private static Head head(HttpRequest request, Line line, Instant now) {
        return Head.of(request, GatewayLimits.defaults(MOST), CallerCredential.secret(), line, now);
    }

    private static Head.Call call(HttpRequest request, Line line, Instant now) {
        Head head = head(request, line, now);
        assertThat(head).isInstanceOf(Head.Call.class);
        return (Head.Call) head;
    }

    private static Head.Refused refused(HttpRequest request, Line line, Instant now) {
        Head head = head(request, line, now);
        assertThat(head).isInstanceOf(Head.Refused.class);
        return (Head.Refused) head;
    }

    private static Presented presented(HttpRequest request, Line line, Instant now) {
        return call(request, line, now).presented();
    }

    private static String bearer(HttpRequest request, Line line) {
        return HexFormat.of().formatHex(((Presented.Bearer) presented(request, line, NOT_AFTER)).credential());
    }

    private static Offence offence(HttpRequest request, Line line) {
        return offence(request, line, NOT_AFTER);
    }

    private static Offence offence(HttpRequest request, Line line, Instant now) {
        return refused(request, line, now).offence();
    }
}
