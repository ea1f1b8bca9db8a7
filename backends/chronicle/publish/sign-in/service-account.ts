import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { RemoteProblem, type Surroundings, type Token } from '#backend';
import { textOf } from '../replies.ts';
import { type Credentials, requiredAddress, requiredText } from './credentials.ts';
import { grantedToken, scope, tokenCall } from './token-reply.ts';

/** For how many seconds an assertion counts; more isn't taken. */
const lifetime = 3600;

/** Signs in by the key of a service account: an assertion that it signs is changed for a token (RFC 7523). */
export async function byServiceAccount(
  credentials: Credentials,
  surroundings: Surroundings,
): Promise<Token> {
  const email = requiredText(credentials, 'client_email');
  const pem = requiredText(credentials, 'private_key');
  surroundings.hide(pem);
  const audience = requiredAddress(credentials, 'token_uri');
  const issued = Math.floor(surroundings.now() / 1000);
  const keyId = textOf(credentials.json['private_key_id']);
  const header = { alg: 'RS256', typ: 'JWT', ...(keyId !== undefined && { kid: keyId }) };
  const claims = { iss: email, scope, aud: audience, iat: issued, exp: issued + lifetime };
  const text = `${encoded(header)}.${encoded(claims)}`;
  const signature = sign('sha256', Buffer.from(text), keyOf(pem, credentials.path));
  const assertion = `${text}.${signature.toString('base64url')}`;
  surroundings.hide(assertion);
  const reply = await surroundings.ask(
    tokenCall({
      url: audience,
      form: [
        ['grant_type', 'urn:ietf:params:oauth:grant-type:jwt-bearer'],
        ['assertion', assertion],
      ],
    }),
  );
  return grantedToken(reply, email, surroundings);
}

/** The error of the library isn't told: it may show a part of the key. */
function keyOf(pem: string, path: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch {
    // Told below.
  }
  throw new RemoteProblem(
    'publish/no-credentials',
    `"private_key" of the credential file ${path} isn't an RSA key.`,
    'Download it again: it is used as Google wrote it.',
  );
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
