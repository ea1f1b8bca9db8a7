import { tactics } from './attack-facts.ts';

/*
 * Names of MITRE ATT&CK for Enterprise at release 19: techniques with their tactics, data components, tactics.
 * © 2026 The MITRE Corporation; see NOTICE. What isn't here is known by its id alone.
 */

/** What a tag of ATT&CK names. */
export interface AttackObject {
  /** `T1578.003`, `DC0015`, or the name of a tactic as tags have it: `impact`. */
  readonly id: string;
  readonly kind: AttackKind;
  /** What ATT&CK calls it, where that is known here. */
  readonly name: string | undefined;
  /** Its page, where it has one. */
  readonly url: string | undefined;
}

/** The kinds of objects that tags name. */
export type AttackKind = 'tactic' | 'technique' | 'data component' | 'other';

/** The release of ATT&CK that names and tactics are of. */
export const attackRelease = '19';

const techniques: Readonly<Record<string, readonly [name: string, ...tactics: string[]]>> = {
  T1070: ['Indicator Removal', 'stealth'],
  T1098: ['Account Manipulation', 'persistence', 'privilege-escalation'],
  'T1098.001': ['Additional Cloud Credentials', 'persistence', 'privilege-escalation'],
  'T1098.003': ['Additional Cloud Roles', 'persistence', 'privilege-escalation'],
  T1136: ['Create Account', 'persistence'],
  'T1136.003': ['Cloud Account', 'persistence'],
  T1204: ['User Execution', 'execution'],
  'T1204.003': ['Malicious Image', 'execution'],
  T1485: ['Data Destruction', 'impact'],
  T1490: ['Inhibit System Recovery', 'impact'],
  T1525: ['Implant Internal Image', 'persistence'],
  T1537: ['Transfer Data to Cloud Account', 'exfiltration'],
  T1578: ['Modify Cloud Compute Infrastructure', 'defense-impairment'],
  'T1578.001': ['Create Snapshot', 'defense-impairment'],
  'T1578.002': ['Create Cloud Instance', 'defense-impairment'],
  'T1578.003': ['Delete Cloud Instance', 'defense-impairment'],
  'T1578.004': ['Revert Cloud Instance', 'defense-impairment'],
  'T1578.005': ['Modify Cloud Compute Configurations', 'defense-impairment'],
  T1685: ['Disable or Modify Tools', 'defense-impairment'],
  'T1685.002': ['Disable or Modify Cloud Log', 'defense-impairment'],
};

const components: Readonly<Record<string, string>> = {
  DC0010: 'User Account Modification',
  DC0014: 'User Account Creation',
  DC0015: 'Image Creation',
  DC0026: 'Image Deletion',
  DC0028: 'Image Metadata',
  DC0036: 'Image Modification',
  DC0049: 'Snapshot Deletion',
  DC0057: 'Snapshot Creation',
  DC0058: 'Snapshot Modification',
  DC0062: 'Snapshot Metadata',
  DC0069: 'Cloud Service Modification',
  DC0073: 'Instance Modification',
  DC0076: 'Instance Creation',
  DC0080: 'Instance Start',
  DC0081: 'Instance Deletion',
  DC0086: 'Instance Metadata',
  DC0089: 'Instance Stop',
  DC0092: 'Volume Modification',
  DC0097: 'Volume Creation',
  DC0098: 'Volume Deletion',
};

/** The ids of tactics, in the order of `tactics`. */
const tacticIds =
  'TA0043 TA0042 TA0001 TA0002 TA0003 TA0004 TA0005 TA0112 TA0006 TA0007 TA0008 TA0009 TA0011 TA0010 TA0040'.split(
    ' ',
  );

/** Kinds of ids by what they begin with, and the folder of their pages. */
const pages: readonly (readonly [start: RegExp, folder: string, kind: AttackKind])[] = [
  [/^TA\d{4}$/, 'tactics', 'tactic'],
  [/^T\d{4}(\.\d{3})?$/, 'techniques', 'technique'],
  [/^DC\d{4}$/, 'datacomponents', 'data component'],
  [/^DET\d{4}$/, 'detectionstrategies', 'other'],
  [/^G\d{4}$/, 'groups', 'other'],
  [/^S\d{4}$/, 'software', 'other'],
  [/^M\d{4}$/, 'mitigations', 'other'],
  [/^C\d{4}$/, 'campaigns', 'other'],
];

/** What a tag names; nothing where it isn't one of ATT&CK. */
export function attackObject(tag: string): AttackObject | undefined {
  const given = /^attack\.(.+)$/i.exec(tag)?.[1];
  if (given === undefined) return undefined;
  const word = given.toLowerCase().replaceAll('_', '-');
  const known = tactics.indexOf(word);
  if (known >= 0) {
    const name = word.split('-').map(capitalized).join(' ');
    const url = `https://attack.mitre.org/tactics/${tacticIds[known]}/`;
    return { id: word, kind: 'tactic', name, url };
  }
  const id = word.toUpperCase();
  const page = pages.find(([form]) => form.test(id));
  if (page === undefined) {
    const kind = /^[a-z]+(-[a-z]+)*$/.test(word) ? 'tactic' : 'other';
    return { id: kind === 'tactic' ? word : id, kind, name: undefined, url: undefined };
  }
  const [, folder, kind] = page;
  const name = Object.hasOwn(techniques, id) ? techniques[id]?.[0] : own(components, id);
  const url = `https://attack.mitre.org/${folder}/${id.replace('.', '/')}/`;
  return { id, kind, name, url };
}

/** The tactics that a technique serves; nothing where they aren't known here. */
export function tacticsOf(technique: string): readonly string[] | undefined {
  return Object.hasOwn(techniques, technique) ? techniques[technique]?.slice(1) : undefined;
}

function own(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function capitalized(word: string): string {
  return word === 'and' ? word : `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}
