/**
 * The channels: how bytes get in and out. {@link dev.sluice.engine.netty.ClientPipeline} and {@link
 * dev.sluice.engine.netty.UpstreamPipeline} list the handlers; no policy is made here.
 */
@NullMarked
package dev.sluice.engine.netty;

import org.jspecify.annotations.NullMarked;
