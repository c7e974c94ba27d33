/** TLS on both sides: files, choice by server name, handshakes, and how an encrypted connection ends. */
@NullMarked
package dev.sluice.engine.tls;

import org.jspecify.annotations.NullMarked;
