/**
 * The PROXY protocol, versions 1 and 2: what a balancer that passes bytes on says first about the client that they come
 * from.
 */
@NullMarked
package dev.sluice.engine.proxyprotocol;

import org.jspecify.annotations.NullMarked;
