/** Login at an organisation's SSO, sessions, and the identity that applications are told. */
@NullMarked
package dev.sluice.sso;

import org.jspecify.annotations.NullMarked;
