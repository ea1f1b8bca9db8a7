import type { Observed } from '#backend';
import { type ListProjection, listKind } from './list.ts';
import type { ObservedRule } from './rule.ts';

/** A rule with its deployment, or a list, as people keep them. */
export function exportedFiles(seen: Observed): ReadonlyMap<string, string> {
  const name = safeName(seen.name);
  if (seen.kind === listKind) {
    const { description, syntaxType, entries } = seen.projection as ListProjection;
    const list = { description, entries: entries.map((value) => ({ value })), syntaxType };
    return new Map([
      [`reference_lists/${name}.txt`, entries.map((entry) => `${entry}\n`).join('')],
      [`reference_lists/${name}.json`, jsonText(list)],
    ]);
  }
  const { projection, facts } = seen as ObservedRule;
  const { schedule } = facts;
  const deployment = {
    ...projection.deployment,
    ...(schedule !== undefined && { scheduleCustomizations: schedule }),
  };
  return new Map([
    [`${name}.yaral`, `${projection.text}\n`],
    [`${name}.deployment.json`, jsonText(deployment)],
  ]);
}

function jsonText(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** What is a name of a file everywhere. */
function safeName(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]+/g, '_').slice(0, 200) || '_';
}
