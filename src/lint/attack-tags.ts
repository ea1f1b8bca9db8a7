import type { Finding, FindingReport } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { Rule } from '../rule/rule.ts';
import { formerTactics, revocationOf, tactics } from './attack-facts.ts';

/** Tells of tags of MITRE ATT&CK that name nothing, or what a release gave up. */
export function lintAttackTags({ tags, tagSpans }: Rule, report: FindingReport): void {
  for (const [index, tag] of tags.entries()) {
    const span = tagSpans[index];
    const found = span && findingOf(tag);
    if (found) report({ ...found, span });
  }
}

function findingOf(tag: string): Omit<Finding, 'span'> | undefined {
  const match = /^attack\.(.*)$/i.exec(tag);
  if (match === null) return undefined;
  const name = (match[1] ?? '').toLowerCase().replaceAll('_', '-');
  if (tag !== tag.toLowerCase()) {
    const message = `Sigma writes tags in lower case.`;
    return { code: 'lint/attack-tag', message, hint: `Write "${tag.toLowerCase()}".` };
  }
  if (tactics.includes(name)) return undefined;
  const former = formerTactics.get(name);
  if (former !== undefined) {
    const now = former.now.map((one) => `"attack.${one}"`).join(' or ');
    const message = `ATT&CK ${former.release} gave up the tactic "${name}".`;
    return { code: 'lint/attack-outdated', message, hint: `Today it is ${now}.` };
  }
  return /^[a-z]{1,3}[0-9]/.test(name) ? idFinding(name) : unknownTactic(name);
}

function idFinding(id: string): Omit<Finding, 'span'> | undefined {
  const revocation = revocationOf(id);
  if (revocation !== undefined) {
    const { release, now } = revocation;
    const message = `ATT&CK ${release === '' ? 'revoked' : `${release} revoked`} ${id.toUpperCase()}.`;
    return { code: 'lint/attack-outdated', message, hint: `Today it is "attack.${now}".` };
  }
  if (/^ds[0-9]{4}$/.test(id)) {
    const message = 'ATT&CK 18 gave up data sources.';
    const hint = 'Name a data component: "attack.dc0015".';
    return { code: 'lint/attack-outdated', message, hint };
  }
  if (/^(t[0-9]{4}(\.[0-9]{3})?|ta[0-9]{4}|[gsmc][0-9]{4}|(dc|det|an)[0-9]{4})$/.test(id))
    return undefined;
  const message = `"${id}" has not the form of an id of ATT&CK.`;
  const hint =
    'Ids look like "attack.t1578.003", "attack.g1004", "attack.s0002" or "attack.dc0015".';
  return { code: 'lint/attack-tag', message, hint };
}

function unknownTactic(name: string): Omit<Finding, 'span'> {
  const hint = didYouMean(name, tactics) ?? `The tactics are ${tactics.join(', ')}.`;
  return { code: 'lint/attack-tag', message: `ATT&CK has no tactic "${name}".`, hint };
}
