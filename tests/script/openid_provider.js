/* A certified OpenID provider (oidc-provider) over TLS, which calls every address verified. Its settings come as JSON in PROVIDER. */
import { createServer } from "node:https";
import process from "node:process";
import Provider from "oidc-provider";

const { port, key, cert, client, secret, back } = JSON.parse(process.env.PROVIDER);
const provider = new Provider(`https://localhost:${port}`, {
  clients: [{ client_id: client, client_secret: secret, redirect_uris: [back] }],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: id, email_verified: true, name: id }),
  }),
});
createServer({ key, cert }, provider.callback()).listen(port, "127.0.0.1", () => process.stdout.write("ready\n"));
