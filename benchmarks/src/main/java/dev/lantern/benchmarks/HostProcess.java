package dev.lantern.benchmarks;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link GatewayHost}, seen from whoever started it. One thread at a time; closing it ends the process. */
final class HostProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private final URI address;
    private final X509Certificate authority;
    private final List<CertifiedInstance> instances = new ArrayList<>();

    private HostProcess(Process process, int count) throws IOException, CertificateException {
        this.process = process;
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.address = URI.create(line());
        this.authority = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(Base64.getDecoder().decode(line())));
        for (int i = 0; i < count; i++) {
            instances.add(CertifiedInstance.of(line()));
        }
    }

    /** Returns when it serves and its instances have enrolled. */
    static HostProcess start(int heapMib, int instances) throws IOException, CertificateException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + heapMib + "m",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-cp",
                        System.getProperty("java.class.path"),
                        GatewayHost.class.getName(),
                        Integer.toString(instances))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            return new HostProcess(process, instances);
        } catch (IOException | CertificateException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    URI address() {
        return address;
    }

    X509Certificate authority() {
        return authority;
    }

    List<CertifiedInstance> instances() {
        return instances;
    }

    /** What its processors have worked since it started, collecting garbage and compiling included. */
    Duration processorTime() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** Bytes that it uses once garbage is collected, on its heap and outside. */
    long used() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        return Long.parseLong(line());
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new IOException("the host did not end within 30 s of the end of its input, and was killed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
    }

    private String line() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IOException("the host ended; what it said of that stands above");
        }
        return line;
    }
}
