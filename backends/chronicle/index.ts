import { type Backend, defineBackend, type Forgettable, type Place } from '#backend';
import { switches } from './engine/readings.ts';
import { run } from './engine/run.ts';
import { fields } from './fields.generated.js';
import { layout } from './layout.ts';
import { lower } from './lower.ts';
import { parse } from './parse.ts';
import { print } from './print.ts';

/** Google SecOps (Chronicle): Sigma rules as YARA-L 2.0 single-event rules over UDM. */
export const chronicle: Backend = defineBackend({
  id: 'chronicle',
  title: 'Google SecOps',
  language: 'YARA-L 2.0',
  extension: 'yaral',
  capabilities: { correlations: [] },
  switches,
  fields,
  forgets,
  lower,
  print,
  parse,
  run,
  layout,
});

/** "When fields are omitted, their value is the zero value": absence can't be told from it. */
function forgets({ type }: Place): readonly Forgettable[] {
  switch (type) {
    case 'int':
      return ['zero'];
    case 'bool':
      return ['false'];
    default:
      return ['empty'];
  }
}
