import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { byCodePoint } from '../../text/by-code-point.ts';
import { visibleLines } from '../../text/visible.ts';
import { version } from '../../version.generated.js';
import { explanations } from './explanations.generated.js';
import { fingerprints } from './fingerprints.ts';
import type { Told } from './outcome.ts';
import { regionOf } from './region.ts';

/** The root of the repository, in whose terms all files are named; no machine's path stands in a log. */
const root = '%SRCROOT%';

/** Findings as a SARIF 2.1.0 log, for code scanning and for viewers. */
export function sarif(told: Told): string {
  const { diagnostics, exit, summary } = told;
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort(byCodePoint);
  const names = fingerprints(told);
  const run = {
    tool: { driver: { name: 'siemc', semanticVersion: version, rules: codes.map(ruleOf) } },
    invocations: [
      {
        executionSuccessful: exit < 2,
        exitCode: exit,
        ...(exit < 2
          ? {}
          : { toolExecutionNotifications: [{ level: 'error', message: message(summary) }] }),
      },
    ],
    originalUriBaseIds: { [root]: { description: { text: 'The root of the repository.' } } },
    columnKind: 'utf16CodeUnits',
    results: diagnostics.map((diagnostic, index) => ({
      ruleId: diagnostic.code,
      ruleIndex: codes.indexOf(diagnostic.code),
      level: diagnostic.severity,
      message: message(textOf(diagnostic)),
      locations: [{ physicalLocation: locationOf(diagnostic, told) }],
      partialFingerprints: { 'codeAndText/v1': names[index] },
    })),
  };
  const schema = 'https://json.schemastore.org/sarif-2.1.0.json';
  return `${JSON.stringify({ $schema: schema, version: '2.1.0', runs: [run] }, undefined, 2)}\n`;
}

/** What a code means, where siemc's own pages say it: a target's code may be one that any target has. */
function ruleOf(code: string): object {
  const [means, mend] = explanations[code] ?? explanations[code.replace(/^[^/]+/, '*')] ?? [];
  if (means === undefined || mend === undefined) return { id: code };
  const first = /^[\s\S]*?[.!?](?=\s|$)/.exec(means)?.[0] ?? means;
  return {
    id: code,
    shortDescription: { text: first },
    fullDescription: { text: means },
    help: {
      text: `${means}\n\nMend it: ${mend}`,
      markdown: `${means}\n\n**Mend it:** ${mend}`,
    },
  };
}

function textOf({ message: says, hint }: Diagnostic): string {
  return hint === undefined ? says : `${says} ${hint}`;
}

/** A message without what viewers would take for a link or for a place that an argument fills. */
function message(text: string): { readonly text: string } {
  const plain = visibleLines(text)
    .replace(/\]\(/g, '\\](')
    .replace(/\{(\d+)\}/g, '{{$1}}');
  return { text: plain };
}

/** A finding about a whole file is told at its beginning, because code scanning takes no other. */
function locationOf({ at }: Diagnostic, { inRepository }: Told): object {
  const region = regionOf(at) ?? { line: 1, column: 1, endLine: 1, endColumn: 1 };
  return {
    artifactLocation: { uri: uriOf(inRepository(at.file.path)), uriBaseId: root },
    region: {
      startLine: region.line,
      startColumn: region.column,
      endLine: region.endLine,
      endColumn: region.endColumn,
    },
  };
}

/** A path as a relative reference (RFC 3986). */
function uriOf(path: string): string {
  return path
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .split('/')
    .map((part) => encodeURIComponent(part).replace(/[!'()*]/g, percent))
    .join('/');
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
