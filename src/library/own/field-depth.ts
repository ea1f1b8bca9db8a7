import { maxDepth } from '../../logsource/record.ts';
import type { Problem } from './problems.ts';

/** That a field would lie deeper than records nest. */
export function depthProblem(name: string, path: Problem['path']): readonly Problem[] {
  const depth = name.split('.').length;
  if (depth <= maxDepth) return [];
  const message = `The field lies ${depth} keys deep: records nest ${maxDepth} levels deep at most.`;
  return [{ path, code: 'source/field-name', message }];
}
