/**
 * The tactics that an analytics rule may name, by the ends of their tags and by their ids in ATT&CK for Enterprise and
 * for ICS: `AttackTactic` of the REST API, version 2025-09-01. Its `PreAttack` is no tactic of ATT&CK any more, and
 * newer tactics than these have no name there.
 */
const tactics = new Map(
  Object.entries({
    reconnaissance: 'Reconnaissance',
    ta0043: 'Reconnaissance',
    'resource-development': 'ResourceDevelopment',
    ta0042: 'ResourceDevelopment',
    'initial-access': 'InitialAccess',
    ta0001: 'InitialAccess',
    execution: 'Execution',
    ta0002: 'Execution',
    persistence: 'Persistence',
    ta0003: 'Persistence',
    'privilege-escalation': 'PrivilegeEscalation',
    ta0004: 'PrivilegeEscalation',
    'defense-evasion': 'DefenseEvasion',
    'credential-access': 'CredentialAccess',
    ta0006: 'CredentialAccess',
    discovery: 'Discovery',
    ta0007: 'Discovery',
    'lateral-movement': 'LateralMovement',
    ta0008: 'LateralMovement',
    collection: 'Collection',
    ta0009: 'Collection',
    exfiltration: 'Exfiltration',
    ta0010: 'Exfiltration',
    'command-and-control': 'CommandAndControl',
    ta0011: 'CommandAndControl',
    impact: 'Impact',
    ta0040: 'Impact',
    'impair-process-control': 'ImpairProcessControl',
    ta0106: 'ImpairProcessControl',
    'inhibit-response-function': 'InhibitResponseFunction',
    ta0107: 'InhibitResponseFunction',
  }),
);

/** The tactics among a rule's tags, in their order; those without a name in Microsoft Sentinel are left out. */
export function tacticsOf(tags: readonly string[]): readonly string[] {
  const named = endsOf(tags).flatMap((end) => tactics.get(end.replaceAll('_', '-')) ?? []);
  return [...new Set(named)];
}

/** The techniques among a rule's tags: a sub-technique is its technique, each stands once, in order. */
export function techniquesOf(tags: readonly string[]): readonly string[] {
  const ids = endsOf(tags).flatMap((end) => /^t\d{4}(?=$|\.\d{3}$)/.exec(end)?.[0] ?? []);
  return [...new Set(ids.map((id) => id.toUpperCase()))].sort();
}

/** `attack.t1578.003` -> `t1578.003` */
function endsOf(tags: readonly string[]): readonly string[] {
  return tags
    .map((tag) => tag.toLowerCase())
    .flatMap((tag) => (tag.startsWith('attack.') ? tag.slice('attack.'.length) : []));
}
