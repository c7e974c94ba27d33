package dev.sluice.engine.builtin;

import dev.sluice.api.CookieMerger;
import dev.sluice.testkit.contract.CookieMergerContract;

class DefaultCookieMergerContractTest extends CookieMergerContract {

    @Override
    protected CookieMerger merger() {
        return new DefaultCookieMerger();
    }
}
