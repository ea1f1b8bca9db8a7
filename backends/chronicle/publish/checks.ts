import { type ApiReply, type Check, type Desired, isMap } from '#backend';
import type { Api } from './api.ts';
import type { ListProjection } from './list.ts';
import { type JsonMap, textOf } from './replies.ts';
import type { RuleProjection } from './rule.ts';

/** Asks whether a rule compiles; the lists that it names have to be there. */
export function ruleCheck(api: Api, object: Desired): Check {
  const { text } = object.projection as RuleProjection;
  return {
    call: api.call('verifyRuleText', ':verifyRuleText', { json: { ruleText: `${text}\n` } }),
    problems: (reply) => problemsOf(reply, 'verifyRuleText', 'compilationDiagnostics', diagnosed),
  };
}

/** Asks whether entries are of the type of their list. */
export function listCheck(api: Api, object: Desired): Check {
  const { syntaxType, entries } = object.projection as ListProjection;
  const json = { syntaxType, entries: entries.map((value) => ({ value })) };
  return {
    call: api.call('verifyReferenceList', ':verifyReferenceList', { json }),
    problems: (reply) => problemsOf(reply, 'verifyReferenceList', 'errors', lineError),
  };
}

function problemsOf(
  { status, json }: ApiReply,
  operation: string,
  member: string,
  told: (one: JsonMap) => string | undefined,
): readonly string[] {
  const body = isMap(json) ? json : {};
  if (status === 404)
    return [
      `There is no ${operation} in this version of the API: set "apiVersions: { ${operation}: v1alpha }".`,
    ];
  const all = Array.isArray(body[member]) ? body[member] : [];
  const problems = all.flatMap((one) => (isMap(one) ? (told(one) ?? []) : []));
  if (body['success'] === true || problems.length > 0) return problems;
  return ["Google SecOps doesn't take it, and doesn't say why."];
}

/** Warnings are no problem. */
function diagnosed({ message, position, severity }: JsonMap): string | undefined {
  if (severity === 'WARNING') return undefined;
  const { startLine: line, startColumn: column } = isMap(position) ? position : {};
  const place =
    typeof line !== 'number'
      ? ''
      : typeof column === 'number'
        ? `Line ${line}, column ${column}: `
        : `Line ${line}: `;
  return sentence(place, textOf(message) ?? 'It does not compile');
}

function lineError({ lineNumber, errorMessage }: JsonMap): string | undefined {
  const place = typeof lineNumber === 'number' && lineNumber > 0 ? `Entry ${lineNumber}: ` : '';
  return sentence(place, textOf(errorMessage) ?? 'It is invalid');
}

function sentence(place: string, text: string): string {
  return `${place}${text}${/[.!?]$/.test(text) ? '' : '.'}`;
}
