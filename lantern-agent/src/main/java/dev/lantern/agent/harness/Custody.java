package dev.lantern.agent.harness;

/**
 * Who keeps what an instance is given in confidence.
 *
 * @param credentials what it proves itself with
 * @param secrets what its agent works with
 */
public record Custody(CredentialsKeeper credentials, SecretsPlace secrets) {
    /** Nobody: the harness alone holds the secrets, for the loopback API. */
    public static final Custody NONE = new Custody(CredentialsKeeper.NONE, SecretsPlace.NONE);
}
