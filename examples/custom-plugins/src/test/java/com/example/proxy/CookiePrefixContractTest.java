package com.example.proxy;

import dev.sluice.api.CookieMerger;
import dev.sluice.api.ProxyRequest;
import dev.sluice.testkit.FakeRequest;
import dev.sluice.testkit.contract.CookieMergerContract;
import java.util.List;

class CookiePrefixContractTest extends CookieMergerContract {

    @Override
    protected CookieMerger merger() {
        return new PrefixingCookieMerger(
                List.of(new CookieRoute("tools.example.org", "/reports", new CookiePrefix("reports-"))));
    }

    @Override
    protected List<ProxyRequest> specialRequests() {
        return List.of(
                FakeRequest.get("https://tools.example.org/reports/"),
                FakeRequest.get("https://tools.example.org/%72eports/"),
                FakeRequest.get("https://tools.example.org/"));
    }
}
