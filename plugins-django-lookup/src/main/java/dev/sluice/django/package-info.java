/**
 * The plugin {@code django-lookup}: asks a Django application where a host goes, starts it, shows its progress.
 *
 * <p>Django is the control plane: it alone knows who may reach which application and where that runs. Nothing here is
 * public but the provider, which a configuration selects by name.
 */
@NullMarked
package dev.sluice.django;

import org.jspecify.annotations.NullMarked;
