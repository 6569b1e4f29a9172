package dev.lantern.vault;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A test that starts the server which {@code LANTERN_TEST_VAULT} names; skipped, and said to be, when it names none. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Tag("long")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@ExtendWith(VaultIsNamed.class)
@interface OnVault {}
