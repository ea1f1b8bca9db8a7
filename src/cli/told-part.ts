import type { Backend } from '../backend/backend.ts';
import { ownersOn, type Unit } from '../library/units.ts';
import { visible } from '../text/visible.ts';

/** Says at which of the destinations a rule has no query of its own, and why; nothing where it has one on all. */
export function toldPart(unit: Unit, backends: readonly Backend[]): string {
  const asked = backends.filter(({ id }) => unit.targets.includes(id));
  const without = asked.filter(({ id }) => ownersOn(unit, id).length > 0);
  const [owner] = without.flatMap(({ id }) => ownersOn(unit, id));
  if (owner === undefined) return '';
  const names = without.map(({ destination }) => destination);
  const where = without.length === asked.length ? '' : ` for ${names.join(', ')}`;
  const why = `it is a part of "${owner.title}", which doesn't say "generate: true"`;
  return `${visible(`"${unit.rule.title}" has no query of its own${where}: ${why}.`)}\n`;
}
