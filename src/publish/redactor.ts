import { RemoteProblem } from '../backend/api.ts';

/** Knows the secrets of a run, and keeps them out of what is written and told. */
export interface Redactor {
  /** From here on the secret appears in no redacted text, in none of the forms that programs give it. */
  hide(secret: string): void;
  /** The text with `***` in place of each secret, and of whatever stands behind `Bearer`. */
  redact(text: string): string;
}

/** One that knows no secret yet. */
export function createRedactor(): Redactor {
  const forms = new Set<string>();
  return {
    hide(secret) {
      for (const form of formsOf(secret)) forms.add(form);
    },
    redact: (text) => blank(text, [...spansOf(text, forms), ...bearers(text)]),
  };
}

/** Does what may end in a `RemoteProblem`, which then tells no secret. */
export async function redacting<T>({ redact }: Redactor, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RemoteProblem)) throw error;
    const { code, message, hint } = error;
    throw new RemoteProblem(code, redact(message), hint === undefined ? undefined : redact(hint));
  }
}

/** Shorter ones may be parts of other words: they count only where they are whole ones. */
const shortest = 6;
/** What of a longer secret shows that it is one: a line of a key, the middle of it in base64. */
const telling = 16;

/** How a secret may stand in a text. */
function formsOf(secret: string): ReadonlySet<string> {
  const trimmed = secret.trim();
  const lines = secret.split(/\r?\n/).filter((line) => line.length >= telling);
  const plain = [secret, trimmed, ...lines.filter((line) => !/^-----[^-]*-----$/.test(line))];
  return new Set(plain.flatMap(encodings).filter((form) => form.trim() !== ''));
}

function encodings(text: string): readonly string[] {
  const bytes = Buffer.from(text, 'utf8');
  const percent = encodeURIComponent(bytes.toString('utf8'));
  const percents = [
    percent,
    percent.replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16)}`),
    new URLSearchParams([['', text]]).toString().slice(1),
  ].flatMap((one) => [one, one.replace(/%[0-9A-F]{2}/gi, (code) => code.toLowerCase())]);
  const base64 = bytes.toString('base64');
  const parts = [base64, base64.replace(/=+$/, ''), ...insideBase64(bytes)];
  return [
    text,
    JSON.stringify(text).slice(1, -1),
    ...percents,
    ...percents.map((one) => one.replaceAll('%20', '+')),
    ...parts,
    ...parts.map((one) => one.replaceAll('+', '-').replaceAll('/', '_')),
    ...parts.map(encodeURIComponent),
  ];
}

/** What of a text is the same in the base64 of any text that holds it: it may begin at three places of a group. */
function insideBase64(bytes: Buffer): readonly string[] {
  const inside = [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const end = Math.floor(((before + bytes.length) * 8) / 6);
    return encoded.slice(Math.ceil((before * 8) / 6), end);
  });
  return inside.filter((one) => one.length >= telling);
}

type Span = readonly [start: number, end: number];

function spansOf(text: string, forms: ReadonlySet<string>): readonly Span[] {
  const spans: Span[] = [];
  for (const form of forms) {
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1))
      if (form.length >= shortest || isWhole(text, at, at + form.length))
        spans.push([at, at + form.length]);
  }
  return spans;
}

function isWhole(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - 2), start);
  return !/[\p{L}\p{N}_]$/u.test(before) && !/^[\p{L}\p{N}_]/u.test(text.slice(end, end + 2));
}

function bearers(text: string): readonly Span[] {
  const tokens = text.matchAll(/\bBearer[ \t]+([\w.~+/-]{16,}=*)/gi);
  return [...tokens].map(({ index, 0: all, 1: token = '' }) => {
    const end = index + all.length;
    return [end - token.length, end];
  });
}

/** The text with each span, and spans that touch, as one `***`. */
function blank(text: string, spans: readonly Span[]): string {
  let shown = '';
  let done = 0;
  for (const [start, end] of [...spans].sort(([one], [other]) => one - other)) {
    if (start > done || done === 0) shown += `${text.slice(done, start)}***`;
    done = Math.max(done, end);
  }
  return shown + text.slice(done);
}
