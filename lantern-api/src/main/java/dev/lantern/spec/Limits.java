package dev.lantern.spec;

import dev.lantern.value.internal.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a run may use at most. Every limit is optional. Immutable; every method that takes a value returns new limits.
 *
 * <p>No {@code timeout}, {@code max_steps}, {@code max_tokens} or {@code max_cost_usd} means no such limit; no
 * {@code vcpu}, {@code memory} or {@code scratch_size} means the runtime's own default; no {@code gpu} means none.
 * Zero is refused where it could be taken for "no limit".
 *
 * {@snippet :
 * Limits.none().vcpu("500m").memory("256Mi").timeout(Duration.ofMinutes(5)).maxCostUsd("0.50");
 * }
 */
public final class Limits {
    /** The longest time a run may be given. */
    public static final Duration MAX_TIMEOUT = Duration.ofDays(365);

    private static final String VCPU_RULE = "1m to 4096 cores in whole thousandths, such as \"500m\" or \"2\"";
    private static final String BYTES_RULE = "1Mi to 1Pi in whole bytes, such as \"256Mi\" or \"1Gi\"";
    private static final String GPU_RULE = "a whole number of GPUs from 0 to 1024";
    private static final String TIMEOUT_RULE = "a duration from 1ms to 8760h, such as 30s, 5m or 1h30m";
    private static final String COUNT_RULE = "a whole number from 1 to 9007199254740991";

    private static final Quantity LEAST_VCPU = Quantity.parse("1m");
    private static final Quantity MOST_VCPU = Quantity.parse("4096");
    private static final Quantity LEAST_BYTES = Quantity.parse("1Mi");
    private static final Quantity MOST_BYTES = Quantity.parse("1Pi");
    private static final int MOST_GPUS = 1024;
    private static final Pattern GPUS = Pattern.compile("0|[1-9][0-9]{0,3}");

    private static final Limits NONE = new Limits(new Parts());

    private final Parts parts;

    private Limits(Parts parts) {
        this.parts = parts;
    }

    /** No limits. */
    public static Limits none() {
        return NONE;
    }

    /**
     * Processor time, in cores.
     *
     * @throws InvalidSpecException for no quantity, or one outside 1m to 4096
     */
    public Limits vcpu(String quantity) {
        return vcpu(quantity("vcpu", quantity, VCPU_RULE));
    }

    /** As {@link #vcpu(String)}. */
    public Limits vcpu(Quantity cores) {
        inRange("vcpu", cores, LEAST_VCPU, MOST_VCPU, VCPU_RULE, "");
        return with(p -> p.vcpu = cores);
    }

    /**
     * Main memory, in bytes.
     *
     * @throws InvalidSpecException for no quantity, one outside 1Mi to 1Pi, or a fraction of a byte
     */
    public Limits memory(String quantity) {
        return memory(quantity("memory", quantity, BYTES_RULE));
    }

    /** As {@link #memory(String)}. */
    public Limits memory(Quantity bytes) {
        return with(p -> p.memory = wholeBytes("memory", bytes));
    }

    /**
     * GPUs; 0 is the same as not saying anything.
     *
     * @throws InvalidSpecException outside 0 to 1024
     */
    public Limits gpu(int count) {
        if (count < 0 || count > MOST_GPUS) {
            throw InvalidSpecException.of("gpu", String.valueOf(count), GPU_RULE, "");
        }
        return with(p -> p.gpu = count);
    }

    /**
     * As {@link #gpu(int)}, in the notation of {@code agent.yaml}.
     *
     * @throws InvalidSpecException also for text that is no plain number
     */
    public Limits gpu(String count) {
        if (!GPUS.matcher(count).matches()) {
            throw InvalidSpecException.of("gpu", Shown.quoted(count), GPU_RULE, "");
        }
        return gpu(Integer.parseInt(count));
    }

    /**
     * Disk that is gone with the instance, in bytes.
     *
     * @throws InvalidSpecException for no quantity, one outside 1Mi to 1Pi, or a fraction of a byte
     */
    public Limits scratchSize(String quantity) {
        return scratchSize(quantity("scratch_size", quantity, BYTES_RULE));
    }

    /** As {@link #scratchSize(String)}. */
    public Limits scratchSize(Quantity bytes) {
        return with(p -> p.scratchSize = wholeBytes("scratch_size", bytes));
    }

    /**
     * Time from start to result, waiting included.
     *
     * @throws InvalidSpecException unless it is whole milliseconds from 1 ms to {@link #MAX_TIMEOUT}
     */
    public Limits timeout(Duration timeout) {
        boolean inRange = timeout.compareTo(Duration.ZERO) > 0 && timeout.compareTo(MAX_TIMEOUT) <= 0;
        if (!inRange || !DurationText.isWholeMillis(timeout)) {
            String fix = timeout.isZero() ? "for no limit leave the field out" : "";
            throw InvalidSpecException.of("timeout", DurationText.shown(timeout), TIMEOUT_RULE, fix);
        }
        return with(p -> p.timeout = timeout);
    }

    /**
     * As {@link #timeout(Duration)}, in the notation of {@code agent.yaml}.
     *
     * @throws InvalidSpecException also for text that is no duration
     */
    public Limits timeout(String text) {
        return timeout(DurationText.parse("timeout", text, TIMEOUT_RULE));
    }

    /**
     * Steps completed, over all instances of the run.
     *
     * @throws InvalidSpecException unless it is from 1 to 2^53 - 1
     */
    public Limits maxSteps(long steps) {
        count("max_steps", steps);
        return with(p -> p.maxSteps = steps);
    }

    /**
     * Tokens of language models, in and out, over all instances of the run.
     *
     * @throws InvalidSpecException unless it is from 1 to 2^53 - 1
     */
    public Limits maxTokens(long tokens) {
        count("max_tokens", tokens);
        return with(p -> p.maxTokens = tokens);
    }

    /**
     * Cost in US dollars, exactly as written: {@code "0.50"} is fifty cents.
     *
     * @throws InvalidSpecException unless it is a plain decimal above 0 and below 10^9 with at most 9 decimals
     */
    public Limits maxCostUsd(String dollars) {
        BigDecimal checked = Money.parse("max_cost_usd", dollars);
        return with(p -> p.maxCostUsd = checked);
    }

    /** As {@link #maxCostUsd(String)}. */
    public Limits maxCostUsd(BigDecimal dollars) {
        BigDecimal checked = Money.checked("max_cost_usd", dollars);
        return with(p -> p.maxCostUsd = checked);
    }

    /** Processor time, in cores. */
    public Optional<Quantity> vcpu() {
        return Optional.ofNullable(parts.vcpu);
    }

    /** Main memory, in bytes. */
    public Optional<Quantity> memory() {
        return Optional.ofNullable(parts.memory);
    }

    /** GPUs; 0 when the spec says nothing. */
    public int gpu() {
        return parts.gpu;
    }

    /** Disk that is gone with the instance, in bytes. */
    public Optional<Quantity> scratchSize() {
        return Optional.ofNullable(parts.scratchSize);
    }

    /** Time from start to result. */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(parts.timeout);
    }

    /** Steps completed, over all instances of the run. */
    public OptionalLong maxSteps() {
        return parts.maxSteps == 0 ? OptionalLong.empty() : OptionalLong.of(parts.maxSteps);
    }

    /** Tokens of language models, over all instances of the run. */
    public OptionalLong maxTokens() {
        return parts.maxTokens == 0 ? OptionalLong.empty() : OptionalLong.of(parts.maxTokens);
    }

    /** Cost in US dollars, without trailing zeros. */
    public Optional<BigDecimal> maxCostUsd() {
        return Optional.ofNullable(parts.maxCostUsd);
    }

    /**
     * These limits after a change that may only make them tighter.
     *
     * @param change from these limits to the wanted ones
     * @throws InvalidSpecException if the change widens or removes a limit; every such limit is listed with both
     *     values
     */
    public Limits narrowedBy(UnaryOperator<Limits> change) {
        Limits wanted = Objects.requireNonNull(change.apply(this), "the changed limits");
        List<SpecProblem> widened = widenedBy(wanted);
        if (!widened.isEmpty()) {
            throw new InvalidSpecException("the narrowing of the spec's limits", widened);
        }
        return wanted;
    }

    /**
     * What {@code wanted} would allow beyond these limits: one entry for each limit, naming both values; empty when
     * nothing is wider.
     *
     * <p>Where these limits say nothing about vcpu, memory or scratch_size the runtime's default holds, which is not
     * known here, so naming a value counts as widening.
     */
    public List<SpecProblem> widenedBy(Limits wanted) {
        return LimitComparison.widened(this, wanted);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Limits that && CanonicalSpec.limits(this).equals(CanonicalSpec.limits(that));
    }

    @Override
    public int hashCode() {
        return CanonicalSpec.limits(this).hashCode();
    }

    /** The canonical JSON of the limits that are set. */
    @Override
    public String toString() {
        return CanonicalSpec.limits(this).toString();
    }

    private interface Change {
        void to(Parts parts);
    }

    private Limits with(Change change) {
        Parts copy = parts.copy();
        change.to(copy);
        return new Limits(copy);
    }

    private static Quantity quantity(String field, String text, String rule) {
        try {
            return Quantity.parse(text);
        } catch (InvalidSpecException e) {
            SpecProblem problem = e.problems().get(0);
            throw InvalidSpecException.of(field, problem.found(), rule, problem.fix());
        }
    }

    private static Quantity wholeBytes(String field, Quantity bytes) {
        boolean plainSmall = bytes.isWhole() && bytes.compareTo(LEAST_BYTES) < 0;
        String fix = plainSmall && bytes.value().signum() > 0
                ? "without a suffix these are bytes; did you mean \"" + bytes + "Mi\"?"
                : "";
        inRange(field, bytes, LEAST_BYTES, MOST_BYTES, BYTES_RULE, fix);
        if (!bytes.isWhole()) {
            throw InvalidSpecException.of(field, bytes.toString(), BYTES_RULE, "there is no fraction of a byte");
        }
        return bytes;
    }

    private static void inRange(String field, Quantity found, Quantity least, Quantity most, String rule, String fix) {
        if (found.compareTo(least) < 0 || found.compareTo(most) > 0) {
            throw InvalidSpecException.of(field, found.toString(), rule, fix);
        }
    }

    private static void count(String field, long value) {
        if (value < 1 || value > Json.MAX_INTEGER) {
            String fix = value == 0 ? "for no limit leave the field out" : "";
            throw InvalidSpecException.of(field, String.valueOf(value), COUNT_RULE, fix);
        }
    }

    /** Copied before each change and never changed after, so that no constructor takes eight nullable arguments. */
    private static final class Parts {
        private @Nullable Quantity vcpu;
        private @Nullable Quantity memory;
        private int gpu;
        private @Nullable Quantity scratchSize;
        private @Nullable Duration timeout;
        private long maxSteps;
        private long maxTokens;
        private @Nullable BigDecimal maxCostUsd;

        private Parts copy() {
            Parts copy = new Parts();
            copy.vcpu = vcpu;
            copy.memory = memory;
            copy.gpu = gpu;
            copy.scratchSize = scratchSize;
            copy.timeout = timeout;
            copy.maxSteps = maxSteps;
            copy.maxTokens = maxTokens;
            copy.maxCostUsd = maxCostUsd;
            return copy;
        }
    }
}
