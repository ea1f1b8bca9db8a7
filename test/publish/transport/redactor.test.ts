import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../../src/publish/redactor.ts';

/** A text by which secrets are told from what stands beside them. */
function redacted(secrets: readonly string[], text: string): string {
  const { hide, redact } = createRedactor();
  for (const secret of secrets) hide(secret);
  return redact(text);
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
const base64url = (text: string): string => Buffer.from(text, 'utf8').toString('base64url');

/** What of a writing isn't the same for every secret. */
function core(written: string): string {
  return written.replace(/^(?:\{"error":"said |secret=|Bearer )/, '').replace(/\."\}$/, '');
}

/** How programs write a text down. */
const writings: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => secret.trim(),
  (secret) => JSON.stringify({ error: `said ${secret}.` }),
  encodeURIComponent,
  (secret) => encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
  (secret) => new URLSearchParams({ secret }).toString(),
  base64,
  base64url,
  (secret) => encodeURIComponent(base64(secret)),
  (secret) => `Bearer ${secret}`,
];

describe('a redacted text', () => {
  test('shows nothing of a secret, however it is written', () => {
    const secret = fc
      .string({ unit: 'binary', minLength: 6, maxLength: 40 })
      .filter((text) => !/\p{Cs}/u.test(text) && text.trim().length >= 6 && !/\*/.test(text));
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 3 }),
        fc.array(fc.oneof(fc.string(), fc.tuple(fc.nat(), fc.nat())), { maxLength: 6 }),
        (secrets, parts) => {
          const forms = secrets.flatMap((one) => writings.map((write) => write(one)));
          const text = parts
            .map((part) => (typeof part === 'string' ? part : forms[part[0] % forms.length]))
            .join(' ');
          const shown = redacted(secrets, text);
          for (const one of secrets)
            for (const write of writings) expect(shown).not.toContain(core(write(one)));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('is the text itself where no secret is in it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        expect(redacted(['0123456789 a secret 0123456789'], text)).toBe(text);
      }),
    );
  });

  test('has one *** for what touches, and for secrets that overlap', () => {
    expect(redacted(['abcdefgh', 'efghijkl'], 'x abcdefghijkl y')).toBe('x *** y');
    expect(redacted(['abcdef'], 'abcdefabcdef')).toBe('***');
    expect(redacted(['abcdef', 'abcdefghi'], 'a abcdefghi, abcdef b')).toBe('a ***, *** b');
    expect(redacted(['aaaaaa'], 'aaaaaaaa')).toBe('***');
  });

  test('hides a short secret where it is a whole word', () => {
    expect(redacted(['abc'], 'abc, (abc) abcd xabc ab_abc')).toBe('***, (***) abcd xabc ab_abc');
    expect(redacted(['p'], 'Bearer p; https://me:p@host/p?p=pp')).toBe(
      'Bearer ***; https://me:***@host/***?***=pp',
    );
    expect(redacted(['é'], 'é éa')).toBe('*** éa');
  });

  test('knows no empty secrets', () => {
    expect(redacted(['', ' ', '\n'], 'a b\nc')).toBe('a b\nc');
  });

  test('hides secrets in credentials that are written in base64', () => {
    for (const user of ['a', 'ab', 'abc', 'abcd']) {
      const header = base64(`${user}:a-longer-password-0123`);
      const shown = redacted(['a-longer-password-0123'], `Basic ${header}`);
      expect(Buffer.from(shown.slice(6), 'base64').toString('latin1')).not.toMatch(
        /longer|word|0123/,
      );
      expect(shown).toContain('***');
    }
  });

  test('hides each line of a key', () => {
    const key = `-----BEGIN PRIVATE KEY-----\n${'A1b2'.repeat(16)}\n${'C3d4'.repeat(10)}\n-----END PRIVATE KEY-----\n`;
    const shown = redacted([key], `Line 2 is ${'A1b2'.repeat(16)}; ${JSON.stringify({ key })}`);
    expect(shown).toBe('Line 2 is ***; {"key":"***"}');
    expect(redacted([key], '-----BEGIN PRIVATE KEY-----')).toBe('-----BEGIN PRIVATE KEY-----');
  });

  test('hides what stands behind Bearer, whoever it is of', () => {
    expect(redacted([], 'authorization: Bearer eyJhbGciOiJSUzI1NiJ9.e30.AbC_-=, more')).toBe(
      'authorization: Bearer ***, more',
    );
    expect(redacted([], 'A Bearer token is needed')).toBe('A Bearer token is needed');
  });
});
