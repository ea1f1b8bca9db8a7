import type { Rule } from '../rule/rule.ts';
import type { SourceFile } from '../text/source-file.ts';
import { readYaml } from '../yaml/read.ts';
import { blockConditionMutants, conditionMutants } from './conditions.ts';
import { correlationMutants } from './correlations.ts';
import { applyEdits } from './edit.ts';
import { selectionMutants } from './items.ts';
import { type Mutant, nameOf } from './mutant.ts';

/** A mutant of a rule file, and the file's text with the change. */
export interface MutantFile {
  readonly mutant: Mutant;
  text(): string;
}

/** Every mutant of some of the rules of a file, each once, in the order of the rules; names are unique in the file. */
export function mutantsOf(
  file: SourceFile,
  rules: readonly Rule[],
  own: readonly Rule[] = rules,
): readonly MutantFile[] {
  const documents = readYaml(file, () => {});
  const known = new Set<string>();
  const names = new Map<string, number>();
  return own.flatMap((rule) => {
    const document = documents.find((one) => one.spanOf([]).start === rule.span.start);
    if (document === undefined || rule.file !== file) return [];
    const above = isAlone(rule, rules) ? '' : `${rule.name ?? rule.title}/`;
    return mutantsIn(rule, document, file.text).flatMap((given): readonly MutantFile[] => {
      const edits = JSON.stringify(given.edits);
      if (known.has(edits)) return [];
      known.add(edits);
      const mutant = { ...given, place: `${above}${given.place}` };
      const seen = (names.get(nameOf(mutant)) ?? 0) + 1;
      names.set(nameOf(mutant), seen);
      const change = seen === 1 ? mutant.change : `${mutant.change} (${seen})`;
      return [{ mutant: { ...mutant, change }, text: () => applyEdits(file.text, given.edits) }];
    });
  });
}

/** Whether a file holds no other rule, or a correlation is the only one among its parts. */
function isAlone(rule: Rule, rules: readonly Rule[]): boolean {
  const alike =
    rule.kind === 'correlation' ? rules.filter(({ kind }) => kind === rule.kind) : rules;
  return alike.length === 1;
}

function mutantsIn(
  rule: Rule,
  document: ReturnType<typeof readYaml>[number],
  text: string,
): readonly Mutant[] {
  if (rule.kind === 'correlation') return correlationMutants(rule, document);
  const above = [rule.kind === 'filter' ? 'filter' : 'detection'];
  return [
    ...selectionMutants(rule.selections, text),
    ...conditionMutants(document, above, rule.selections, 'condition'),
    ...blockConditionMutants(document, above, rule.selections),
  ];
}
