package dev.sluice.sso;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import dev.sluice.api.spi.HttpCalls;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The calls to the provider: the library writes and reads the messages, the engine's client carries them. */
final class ProviderCalls {

    /** How the proxy proves to the token endpoint which client it is. */
    enum ClientAuth {
        BASIC,
        POST
    }

    private final HttpCalls http;
    private final ClientID clientId;
    private final @Nullable ClientAuthentication authentication;

    ProviderCalls(HttpCalls http, String clientId, @Nullable String secret, ClientAuth how) {
        this.http = http;
        this.clientId = new ClientID(clientId);
        this.authentication = secret == null
                ? null
                : how == ClientAuth.BASIC
                        ? new ClientSecretBasic(this.clientId, new Secret(secret))
                        : new ClientSecretPost(this.clientId, new Secret(secret));
    }

    /** Asks the token endpoint. */
    CompletionStage<OIDCTokenResponse> token(URI endpoint, AuthorizationGrant grant, @Nullable Scope scope) {
        TokenRequest.Builder request = authentication == null
                ? new TokenRequest.Builder(endpoint, clientId, grant)
                : new TokenRequest.Builder(endpoint, authentication, grant);
        HTTPRequest message = request.scope(scope).build().toHTTPRequest();
        HttpCalls.Call call = HttpCalls.Call.of("POST", endpoint)
                .withBody("application/x-www-form-urlencoded", Secrets.utf8(message.getBody()))
                .withHeader("Accept", "application/json");
        String authorization = message.getAuthorization();
        return send(authorization == null ? call : call.withHeader("Authorization", authorization), "token endpoint")
                .thenCompose(ProviderCalls::tokens);
    }

    private static CompletionStage<OIDCTokenResponse> tokens(HttpCalls.Reply reply) {
        try {
            var answer = OIDCTokenResponseParser.parse(response(reply));
            if (answer.indicatesSuccess()) {
                return CompletableFuture.completedFuture((OIDCTokenResponse) answer.toSuccessResponse());
            }
            String code = answer.toErrorResponse().getErrorObject().getCode();
            return CompletableFuture.failedFuture(
                    "invalid_grant".equals(code)
                            ? SsoFailure.ended("token endpoint: invalid_grant")
                            : SsoFailure.unavailable("token endpoint: " + reply.status() + ", " + plain(code), null));
        } catch (ParseException e) {
            return CompletableFuture.failedFuture(
                    SsoFailure.unavailable("token endpoint: " + reply.status() + ", not a token response", null));
        }
    }

    /** GETs a JSON object, with an access token if there is one. 401 and 403 say that the token is no longer good. */
    CompletionStage<Map<String, Object>> json(URI uri, @Nullable String accessToken, String what) {
        HttpCalls.Call call = HttpCalls.Call.get(uri).withHeader("Accept", "application/json");
        return send(accessToken == null ? call : call.withHeader("Authorization", "Bearer " + accessToken), what)
                .thenCompose(reply -> {
                    if (accessToken != null && (reply.status() == 401 || reply.status() == 403)) {
                        return CompletableFuture.failedFuture(SsoFailure.ended(what + ": " + reply.status()));
                    }
                    if (reply.status() != 200) {
                        return CompletableFuture.failedFuture(
                                SsoFailure.unavailable(what + ": " + reply.status(), null));
                    }
                    try {
                        return CompletableFuture.completedFuture(JSONObjectUtils.parse(reply.text()));
                    } catch (java.text.ParseException e) {
                        return CompletableFuture.failedFuture(
                                SsoFailure.unavailable(what + ": not a JSON object", null));
                    }
                });
    }

    private CompletionStage<HttpCalls.Reply> send(HttpCalls.Call call, String what) {
        return http.send(call)
                .<CompletionStage<HttpCalls.Reply>>handle((reply, error) -> error == null
                        ? CompletableFuture.completedFuture(reply)
                        : CompletableFuture.failedFuture(
                                SsoFailure.unavailable(what + ": " + SsoFailure.unwrapped(error), null)))
                .thenCompose(stage -> stage);
    }

    private static HTTPResponse response(HttpCalls.Reply reply) throws ParseException {
        HTTPResponse response = new HTTPResponse(reply.status());
        String type = reply.header("Content-Type");
        if (type != null) {
            response.setContentType(type);
        }
        response.setBody(reply.text());
        return response;
    }

    static String plain(@Nullable String text) {
        return text == null
                ? "no error code"
                : text.substring(0, Math.min(64, text.length())).replaceAll("[^\\x20-\\x7e]", "?");
    }
}
