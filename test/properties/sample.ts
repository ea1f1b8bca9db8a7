import { parseNetwork } from '../../src/match/address.ts';
import { otherCase } from '../../src/match/case-fold.ts';
import type { ListKind } from '../../src/match/list.ts';
import { anyCharacter, anyRun, type Pattern } from '../../src/match/pattern.ts';
import type { RegexNode } from '../../src/match/regex/ast.ts';
import { parseRegex } from '../../src/match/regex/parse.ts';
import { equals, type Test, type TimeIs } from '../../src/match/test.ts';
import { partOf } from '../../src/match/time.ts';
import type { Random } from '../support/random.ts';
import { letters, nasty, words } from './alphabet.ts';

/** A text that passes a test, most of the time. */
export function sample(test: Test, random: Random): string {
  switch (test.kind) {
    case 'match':
      return samplePattern(test.pattern, test.cased, random);
    case 'regex':
      return `${random.chance(0.2) ? filler(random) : ''}${sampleRegex(test.regex, random)}${random.chance(0.2) ? filler(random) : ''}`;
    case 'compare':
      return String(test.bound + random.pick([0, 0, 1, -1, 0.25, -0.25, 10, -10]));
    case 'in-network': {
      const { version, base, prefix } = test.network;
      const width = version === 4 ? 32 : 128;
      const host = BigInt(random.below(65536)) % (1n << BigInt(Math.min(width - prefix, 16)));
      return formatAddress(version, base + host);
    }
    case 'in-list': {
      const { kind, entries } = test.list;
      return sample(entryTest(kind, random.pick(entries)), random);
    }
    case 'time':
      return sampleTime(test, random);
    case 'exists':
      return filler(random);
  }
}

/** A text that just fails or passes where the given one passed: what lies beside it. */
export function neighbour(text: string, random: Random): string {
  const characters = [...text];
  const at = random.below(Math.max(1, characters.length));
  const other = random.pick([...letters, ...nasty]);
  const change = random.below(10);
  if (change === 0) return text.toLowerCase();
  if (change === 1)
    return characters.map((character) => otherCase(character) ?? character).join('');
  if (change === 2) return characters.slice(1).join('');
  if (change === 3) return characters.slice(0, -1).join('');
  if (change === 4) return `${text}\n`;
  if (change === 5) return text + other;
  if (change === 6) return other + text;
  if (change === 7) return characters.toSpliced(at, 1, other).join('');
  if (change === 8) return characters.toSpliced(at, 0, other).join('');
  return [...characters.slice(at), ...characters.slice(0, at)].join('');
}

function entryTest(kind: ListKind, entry: string): Test {
  if (kind === 'string') return equals(entry);
  if (kind === 'cidr') {
    const network = parseNetwork(entry);
    return 'problem' in network ? equals(entry) : { kind: 'in-network', network };
  }
  const flags = { ignoreCase: false, multiline: false, dotAll: false };
  const regex = parseRegex(entry, flags);
  return 'problem' in regex ? equals(entry) : { kind: 'regex', regex, text: entry };
}

const week = 604_800_000;
/** Monday, the 5th of January 1970. */
const monday = 345_600_000;

/** A time, in whole seconds, whose part lies in a range or just beside it. */
function sampleTime({ part, ranges }: TimeIs, random: Random): string {
  const { from, to } = random.pick(ranges);
  const wanted = random.pick([from, to, from - 1, to + 1, Math.floor((from + to) / 2)]);
  const anyTime = (): number => random.below(4_000_000) * 1000 * 1021 + random.below(86_400) * 1000;
  let time = anyTime();
  if (part === 'second-of-week') time = monday + random.below(6000) * week + wanted * 1000;
  else for (let i = 0; i < 200 && partOf(time, part) !== wanted; i += 1) time = anyTime();
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

function filler(random: Random): string {
  if (random.chance(0.5)) return random.pick(words);
  return Array.from({ length: 1 + random.below(2) }, () =>
    random.pick([...letters, ...nasty]),
  ).join('');
}

function samplePattern(pattern: Pattern, cased: boolean, random: Random): string {
  const flip = !cased && random.chance(0.3);
  return pattern
    .map((part) => {
      if (part === anyRun) return random.chance(0.5) ? '' : filler(random);
      if (part === anyCharacter) return random.pick([...letters, ...nasty]);
      return typeof part === 'string' && flip ? flipCase(part, random) : part;
    })
    .join('');
}

function flipCase(text: string, random: Random): string {
  return [...text].map((one) => (random.chance(0.5) ? (otherCase(one) ?? one) : one)).join('');
}

function sampleRegex(node: RegexNode, random: Random): string {
  switch (node.kind) {
    case 'literal':
      return node.fold ? flipCase(node.character, random) : node.character;
    case 'any':
      return random.pick(node.newline ? [...letters, ...nasty] : letters);
    case 'class': {
      const inside = [...letters, ...nasty].filter((character) => {
        const code = character.codePointAt(0) ?? 0;
        return node.ranges.some(([from, to]) => from <= code && code <= to) !== node.negated;
      });
      return inside.length === 0 ? '' : random.pick(inside);
    }
    case 'concat':
      return node.of.map((part) => sampleRegex(part, random)).join('');
    case 'alternate':
      return sampleRegex(random.pick(node.of), random);
    case 'repeat': {
      const most = Math.min(node.max ?? node.min + 2, node.min + 2);
      const times = node.min + random.below(most - node.min + 1);
      return Array.from({ length: times }, () => sampleRegex(node.of, random)).join('');
    }
    default:
      return '';
  }
}

function formatAddress(version: 4 | 6, bits: bigint): string {
  if (version === 4) return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 0xffn).join('.');
  const shifts = [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n];
  const network = parseNetwork(
    shifts.map((shift) => ((bits >> shift) & 0xffffn).toString(16)).join(':'),
  );
  return 'text' in network ? network.text.replace(/\/128$/, '') : '::';
}
