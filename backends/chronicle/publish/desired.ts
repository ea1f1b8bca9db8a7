import {
  type BuiltFiles,
  type BuiltRuleFiles,
  type Desired,
  type Finding,
  isMap,
  isRetired,
} from '#backend';
import { allowedFrequencies, nearestFrequency } from './frequency.ts';
import { listClaim, listKey, listKind, listProjection } from './list.ts';
import { ruleClaim, ruleKey, ruleKind } from './rule.ts';
import { listsNamedIn, metaValue, ruleIn, textWithId } from './rule-text.ts';
import type { InstanceSettings } from './settings.ts';

type Report = (path: string, finding: Omit<Finding, 'span'>) => void;

/** The rules and lists that are built, as they should be in the instance; lists first. */
export function desiredOf(
  built: BuiltFiles,
  settings: Pick<InstanceSettings, 'deployment'>,
  report: Report,
): readonly Desired[] {
  const lists = built.shared.flatMap((path) => {
    const [, name] = /^reference_lists\/([^/]+)\.json$/.exec(path) ?? [];
    return name === undefined ? [] : desiredList(path, name, built, report);
  });
  const keys = new Set(lists.map(({ key }) => key));
  const rules = built.rules.flatMap((rule) => desiredRule(rule, built, settings, report));
  // A list that isn't built is kept by somebody else: what asks for it is verified against what is there.
  return [
    ...lists,
    ...rules.map((rule) => ({ ...rule, needs: rule.needs.filter((key) => keys.has(key)) })),
  ];
}

function desiredRule(
  { id, title, stem }: BuiltRuleFiles,
  built: BuiltFiles,
  { deployment }: Pick<InstanceSettings, 'deployment'>,
  report: Report,
): readonly Desired[] {
  const path = `${stem}.yaral`;
  const text = built.read(path);
  const rule = text === undefined ? undefined : ruleIn(text);
  if (text === undefined || rule === undefined) {
    unreadable(path, text === undefined ? 'is missing' : "isn't a YARA-L rule", report);
    return [];
  }
  const isIdle = isRetired({ status: metaValue(rule, 'status') });
  return [
    {
      key: ruleKey(id),
      kind: ruleKind,
      name: rule.name,
      rule: { id, title, stem },
      projection: {
        text: textWithId(text, rule, id.toLowerCase()),
        deployment: {
          enabled: deployment.enabled && !isIdle,
          alerting: deployment.alerting && !isIdle,
          archived: false,
          runFrequency: nearestFrequency(deployment.runFrequency, allowedFrequencies(rule)),
        },
      },
      needs: listsNamedIn(rule).map(listKey),
      claims: [ruleClaim(rule.name)],
    },
  ];
}

function desiredList(
  path: string,
  name: string,
  built: BuiltFiles,
  report: Report,
): readonly Desired[] {
  const list = jsonIn(built.read(path));
  if (!isMap(list) || !Array.isArray(list['entries'])) {
    unreadable(path, "isn't a reference list", report);
    return [];
  }
  const projection = listProjection(list);
  return [
    {
      key: listKey(name),
      kind: listKind,
      name,
      projection,
      needs: [],
      claims: [listClaim(name)],
    },
  ];
}

function unreadable(path: string, what: string, report: Report): void {
  report(path, {
    code: 'publish/unreadable-file',
    message: `The built file ${what}, so that it can't be published.`,
    hint: 'Run siemc build, and commit what it writes.',
  });
}

function jsonIn(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
