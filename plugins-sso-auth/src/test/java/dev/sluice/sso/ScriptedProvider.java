package dev.sluice.sso;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A strict provider under the test's control, on the test's clock: codes and refresh tokens work once, PKCE and the
 * client's secret are checked. It speaks OpenID Connect, and plain OAuth with a profile page in the manner of staff-sso.
 */
final class ScriptedProvider implements AutoCloseable {

    static final String CLIENT = "sluice";
    static final String SECRET = "the secret of the client & more";

    private static final RSAKey FIRST_KEY = newKey("k1");

    private record Code(Map<String, String> request, String user) {}

    private final Clock clock;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Code> codes = new ConcurrentHashMap<>();
    private final Map<String, String> userByRefresh = new ConcurrentHashMap<>();
    private final Map<String, String> userByAccess = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    private final Map<String, Integer> broken = new ConcurrentHashMap<>();
    volatile String user = "alice";
    volatile long tokenSeconds = 300;
    volatile boolean refreshTokens = true;
    volatile Map<String, Object> claims = Map.of();
    volatile UnaryOperator<JWTClaimsSet> idTokenTwist = UnaryOperator.identity();
    volatile UnaryOperator<String> idTokenForgery = UnaryOperator.identity();
    volatile CountDownLatch tokenGate = new CountDownLatch(0);
    volatile RSAKey key = FIRST_KEY;
    volatile JWKSet published = new JWKSet(key.toPublicJWK());

    ScriptedProvider(Clock clock) throws IOException {
        this.clock = clock;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 600);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    static RSAKey newKey(String id) {
        try {
            return new RSAKeyGenerator(2048)
                    .keyID(id)
                    .algorithm(JWSAlgorithm.RS256)
                    .generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** How often {@code path} was asked; the token endpoint counts its grant types as {@code token refresh_token}, too. */
    int calls(String path) {
        return calls.computeIfAbsent(path, p -> new AtomicInteger()).get();
    }

    /** Every request for {@code path} is answered with {@code status} from now on; 0 heals it. */
    void breakDown(String path, int status) {
        broken.put(path, status);
    }

    /** Refresh tokens and access tokens given so far are worth nothing from now on. */
    void revokeAll() {
        userByRefresh.clear();
        userByAccess.clear();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            count(path);
            int status = broken.getOrDefault(path, 0);
            if (status != 0) {
                answer(exchange, status, "text/plain", "out of order");
                return;
            }
            switch (path) {
                case "/.well-known/openid-configuration" -> json(exchange, 200, discovery());
                case "/jwks" -> json(exchange, 200, published.toJSONObject());
                case "/authorize", "/o/authorize/" -> authorize(exchange);
                case "/token", "/o/token/" -> token(exchange, path.equals("/token"));
                case "/userinfo", "/api/v1/user/me/" -> profile(exchange);
                case "/logout" -> answer(exchange, 200, "text/plain", "logged out of the provider");
                default -> answer(exchange, 404, "text/plain", "not found");
            }
        }
    }

    private void count(String what) {
        calls.computeIfAbsent(what, w -> new AtomicInteger()).incrementAndGet();
    }

    private Map<String, Object> discovery() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("issuer", issuer());
        json.put("authorization_endpoint", issuer() + "/authorize");
        json.put("token_endpoint", issuer() + "/token");
        json.put("userinfo_endpoint", issuer() + "/userinfo");
        json.put("jwks_uri", issuer() + "/jwks");
        json.put("end_session_endpoint", issuer() + "/logout");
        json.put("response_types_supported", List.of("code"));
        json.put("subject_types_supported", List.of("public"));
        json.put("id_token_signing_alg_values_supported", List.of("RS256"));
        return json;
    }

    private void authorize(HttpExchange exchange) throws IOException {
        Map<String, String> query = form(exchange.getRequestURI().getRawQuery());
        String code = Secrets.random(12);
        codes.put(code, new Code(query, user));
        exchange.getResponseHeaders()
                .set("Location", query.get("redirect_uri") + "?code=" + code + "&state=" + query.get("state"));
        exchange.sendResponseHeaders(302, -1);
    }

    private void token(HttpExchange exchange, boolean openId) throws IOException {
        Map<String, String> form = form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        String grant = form.getOrDefault("grant_type", "");
        count("token " + grant);
        try {
            tokenGate.await();
        } catch (InterruptedException e) {
            return;
        }
        if (!isClient(exchange, form)) {
            json(exchange, 401, Map.of("error", "invalid_client"));
            return;
        }
        Code code = grant.equals("authorization_code") ? codes.remove(form.get("code")) : null;
        String refresh = form.get("refresh_token");
        String known = code != null
                ? verified(code, form) ? code.user : null
                : refresh == null ? null : userByRefresh.remove(refresh);
        if (known == null) {
            json(exchange, 400, Map.of("error", "invalid_grant"));
            return;
        }
        json(exchange, 200, tokens(known, code == null ? null : code.request.get("nonce"), openId));
    }

    private static boolean verified(Code code, Map<String, String> form) {
        String challenge = Secrets.base64Url(Secrets.sha256(form.getOrDefault("code_verifier", "")));
        return challenge.equals(code.request.get("code_challenge"))
                && "S256".equals(code.request.get("code_challenge_method"))
                && Objects.equals(form.get("redirect_uri"), code.request.get("redirect_uri"));
    }

    private static boolean isClient(HttpExchange exchange, Map<String, String> form) {
        String basic = exchange.getRequestHeaders().getFirst("Authorization");
        if (basic == null) {
            return CLIENT.equals(form.get("client_id")) && SECRET.equals(form.get("client_secret"));
        }
        String[] pair =
                new String(Base64.getDecoder().decode(basic.substring(6)), StandardCharsets.UTF_8).split(":", 2);
        return CLIENT.equals(decoded(pair[0])) && SECRET.equals(decoded(pair[1]));
    }

    private Map<String, Object> tokens(String user, @Nullable String nonce, boolean openId) {
        Map<String, Object> json = new LinkedHashMap<>();
        String access = Secrets.random(12);
        userByAccess.put(access, user);
        json.put("access_token", access);
        json.put("token_type", "Bearer");
        json.put("expires_in", tokenSeconds);
        if (refreshTokens) {
            String refresh = Secrets.random(12);
            userByRefresh.put(refresh, user);
            json.put("refresh_token", refresh);
        }
        if (openId) {
            json.put("id_token", idTokenForgery.apply(sign(idTokenTwist.apply(idToken(user, nonce)), "JWT")));
        }
        return json;
    }

    private JWTClaimsSet idToken(String user, @Nullable String nonce) {
        JWTClaimsSet.Builder token = new JWTClaimsSet.Builder()
                .issuer(issuer())
                .subject(user)
                .audience(CLIENT)
                .issueTime(Date.from(clock.instant()))
                .expirationTime(Date.from(clock.instant().plusSeconds(tokenSeconds)))
                .claim("sid", "sid-of-" + user)
                .claim("email", user + "@good.test")
                .claim("email_verified", true);
        claims.forEach(token::claim);
        return (nonce == null ? token : token.claim("nonce", nonce)).build();
    }

    /** A JWT signed by the current key. */
    String sign(JWTClaimsSet claims, String type) {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID(key.getKeyID())
                        .type(new JOSEObjectType(type))
                        .build(),
                claims);
        try {
            jwt.sign(new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
        return jwt.serialize();
    }

    private void profile(HttpExchange exchange) throws IOException {
        String bearer = exchange.getRequestHeaders().getFirst("Authorization");
        String known = bearer == null ? null : userByAccess.get(bearer.substring(7));
        if (known == null) {
            json(exchange, 401, Map.of("error", "invalid_token"));
            return;
        }
        Map<String, Object> json = new HashMap<>();
        json.put("sub", known);
        json.put("user_id", "id-of-" + known);
        json.put("email", known + "@good.test");
        json.put("contact_email", "contact-" + known + "@good.test");
        json.put("related_emails", List.of("a@good.test", "b@good.test"));
        json.put("first_name", "Zoë");
        json.put("last_name", "Łęcka");
        json.putAll(claims);
        json(exchange, 200, json);
    }

    private static void json(HttpExchange exchange, int status, Map<String, Object> json) throws IOException {
        answer(exchange, status, "application/json", JSONObjectUtils.toJSONString(json));
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private static Map<String, String> form(String text) {
        Map<String, String> form = new HashMap<>();
        for (String pair : text.split("&")) {
            int equals = pair.indexOf('=');
            form.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
        }
        return form;
    }

    private static String decoded(String text) {
        return java.net.URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        tokenGate.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
