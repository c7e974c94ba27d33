// A certified OpenID provider with one client: `node provider.mjs <back-channel URL>`. Prints its issuer when it is up.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const [backChannel] = process.argv.slice(2);
const server = createServer();

server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'sluice',
        client_secret: 'a secret of the client',
        redirect_uris: ['https://p.test/.sluice/sso/callback'],
        post_logout_redirect_uris: ['https://p.test/.sluice/sso/logged-out'],
        grant_types: ['authorization_code', 'refresh_token'],
        backchannel_logout_uri: backChannel,
        backchannel_logout_session_required: true,
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    findAccount: (ctx, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@good.test`, email_verified: true }),
    }),
    features: { backchannelLogout: { enabled: true }, devInteractions: { enabled: true } },
    pkce: { required: () => true },
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    ttl: { AccessToken: 3, IdToken: 300, RefreshToken: 300, Grant: 300, Session: 300, Interaction: 300 },
    cookies: { keys: ['cookies of the provider under test'] },
  });
  server.on('request', provider.callback());
  console.log(`issuer ${issuer}`);
});

process.stdin.on('end', () => process.exit(0)).resume();
