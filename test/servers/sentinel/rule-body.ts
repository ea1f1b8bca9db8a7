import { spec } from '../../corpus/api-specs.ts';
import { isObject, type JsonObject } from '../http/message.ts';
import { secondsOf } from './duration.ts';
import { mappingProblem } from './entities.ts';
import {
  type Check,
  each,
  listOf,
  matches,
  oneOf,
  shapeProblem,
  text,
  truth,
  whole,
} from './shape.ts';

/** Why a body can't be that of a rule; written from the documentation, then the specification's word. */
export function bodyProblem(body: JsonObject, apiVersion: string): string | undefined {
  const { kind, properties } = body;
  const preview = apiVersion.endsWith('-preview');
  const shape = kind === 'NRT' && preview ? nrt : kind === 'Scheduled' ? scheduled : undefined;
  if (shape === undefined)
    return `Rules of the kind '${String(kind)}' can't be written with the api-version ${apiVersion}.`;
  const stray = Object.keys(body).find((key) => !['kind', 'etag', 'properties'].includes(key));
  if (stray !== undefined) return `Could not find member '${stray}' on object of type 'AlertRule'.`;
  if (!isObject(properties)) return "Required property 'properties' not found in JSON.";
  const names = preview ? { ...shape.optional, ...previewOnly } : shape.optional;
  return (
    shapeProblem(properties, shape.required, names) ??
    togetherProblem(properties) ??
    groupingProblem(properties) ??
    mappingProblem(properties) ??
    spec(preview ? 'sentinel-preview' : 'sentinel', '$defs/AlertRulePutBody')(body)[0] ??
    spec('sentinel-limits')(body)[0]
  );
}

const column = matches(/^[a-zA-Z_]+\w*$/, 500);
const columns =
  (count: number): Check =>
  (value) =>
    text(0, 5000)(value) ??
    ((String(value).match(/\{\{[^}]*\}\}/g)?.length ?? 0) > count
      ? `may name ${count} columns at most`
      : undefined);

function between(low: string, high: string): Check {
  return (value) => {
    const seconds = secondsOf(value);
    if (seconds === undefined) return 'should be a duration of ISO 8601';
    const fits = seconds >= (secondsOf(low) ?? 0) && seconds <= (secondsOf(high) ?? 0);
    return fits ? undefined : `should be from ${low} to ${high}`;
  };
}

const query: Check = (value) =>
  text(1, 10_000)(value) ??
  (/\b(?:search|union)\s+\*/.test(String(value))
    ? "must not use 'search *' or 'union *'"
    : undefined);

const tactics = oneOf(
  ...'Reconnaissance ResourceDevelopment InitialAccess Execution Persistence PrivilegeEscalation DefenseEvasion CredentialAccess Discovery LateralMovement Collection Exfiltration CommandAndControl Impact PreAttack ImpairProcessControl InhibitResponseFunction'.split(
    ' ',
  ),
);
const entities = oneOf(
  ...'Account Host IP Malware File Process CloudApplication DNS AzureResource FileHash RegistryKey RegistryValue SecurityGroup URL Mailbox MailCluster MailMessage SubmissionMail'.split(
    ' ',
  ),
);

const entityMapping = each({
  required: {
    entityType: entities,
    fieldMappings: listOf(
      each({ required: { identifier: text(1, 500), columnName: column }, optional: {} }),
      1,
      3,
    ),
  },
  optional: {},
});

const customDetails: Check = (value) => {
  if (!isObject(value)) return 'should be an object';
  const entries = Object.entries(value);
  if (entries.length > 20) return 'may have 20 entries at most';
  const wrong = entries.find(
    ([name, of]) => !/^[a-zA-Z]\w{0,19}$/.test(name) || column(of) !== undefined,
  );
  return wrong === undefined ? undefined : `has a wrong entry '${wrong[0]}'`;
};

const grouping = each({
  required: {
    enabled: truth,
    reopenClosedIncident: truth,
    lookbackDuration: between('PT5M', 'P7D'),
    matchingMethod: oneOf('AllEntities', 'AnyAlert', 'Selected'),
  },
  optional: {
    groupByEntities: listOf(entities),
    groupByAlertDetails: listOf(oneOf('DisplayName', 'Severity')),
    groupByCustomDetails: listOf(text(1, 20)),
  },
});

const alertProperties = oneOf(
  ...'AlertLink ConfidenceLevel ConfidenceScore ExtendedLinks ProductName ProviderName ProductComponentName RemediationSteps Techniques SubTechniques'.split(
    ' ',
  ),
);

const common: Readonly<Record<string, Check>> = {
  description: text(0, 5000),
  tactics: listOf(tactics),
  techniques: listOf(matches(/^T\d{4}$/, 5)),
  customDetails,
  entityMappings: listOf(entityMapping, 0, 10),
  alertDetailsOverride: each({
    required: {},
    optional: {
      alertDisplayNameFormat: (value) => text(0, 256)(value) ?? columns(3)(value),
      alertDescriptionFormat: columns(3),
      alertTacticsColumnName: column,
      alertSeverityColumnName: column,
      alertDynamicProperties: listOf(
        each({ required: { alertProperty: alertProperties, value: column }, optional: {} }),
      ),
    },
  }),
  eventGroupingSettings: each({
    required: {},
    optional: { aggregationKind: oneOf('SingleAlert', 'AlertPerResult') },
  }),
  incidentConfiguration: each({
    required: { createIncident: truth },
    optional: { groupingConfiguration: grouping },
  }),
  alertRuleTemplateName: text(1, 256),
  templateVersion: matches(/^\d+\.\d+\.\d+$/, 64),
};

const previewOnly: Readonly<Record<string, Check>> = {
  subTechniques: listOf(matches(/^T\d{4}\.\d{3}$/, 9)),
  sentinelEntitiesMappings: listOf(each({ required: { columnName: column }, optional: {} })),
};

const always: Readonly<Record<string, Check>> = {
  displayName: text(1, 256),
  enabled: truth,
  severity: oneOf('High', 'Medium', 'Low', 'Informational'),
  query,
  suppressionEnabled: truth,
  suppressionDuration: between('PT5M', 'P1D'),
};

const nrt = { required: always, optional: common };

const scheduled = {
  required: {
    ...always,
    queryFrequency: between('PT5M', 'P14D'),
    queryPeriod: between('PT5M', 'P14D'),
    triggerOperator: oneOf('GreaterThan', 'LessThan', 'Equal', 'NotEqual'),
    triggerThreshold: whole(0, 10_000),
  },
  optional: common,
};

/** What single members can't say. */
function togetherProblem(properties: JsonObject): string | undefined {
  const frequency = secondsOf(properties['queryFrequency']) ?? 0;
  const period = secondsOf(properties['queryPeriod']) ?? 0;
  if (frequency > period)
    return "The 'queryFrequency' should be less than or equal to the 'queryPeriod'.";
  if (period >= 2 * 86400 && frequency < 3600)
    return "When 'queryPeriod' greater than or equal to 2 days, the 'queryFrequency' should be greater than or equal to 1 hour.";
  const suppression = secondsOf(properties['suppressionDuration']) ?? 0;
  if (properties['suppressionEnabled'] === true && suppression < frequency)
    return "The 'suppressionDuration' should be greater than or equal to the 'queryFrequency'.";
  if ('templateVersion' in properties && !('alertRuleTemplateName' in properties))
    return "The 'templateVersion' needs an 'alertRuleTemplateName'.";
  return undefined;
}

/** Incidents are grouped by what the rule itself maps. */
function groupingProblem(properties: JsonObject): string | undefined {
  const grouped = objectAt(objectAt(properties, 'incidentConfiguration'), 'groupingConfiguration');
  const by = (name: string): readonly unknown[] => {
    const list = grouped[name];
    return Array.isArray(list) ? list : [];
  };
  const chosen = ['groupByEntities', 'groupByAlertDetails', 'groupByCustomDetails'].flatMap(by);
  if (grouped['matchingMethod'] === 'Selected' && chosen.length === 0)
    return "The matching method 'Selected' needs at least one of 'groupByEntities', 'groupByAlertDetails', 'groupByCustomDetails'.";
  const mappings = properties['entityMappings'];
  const mapped = (Array.isArray(mappings) ? mappings : []).map((one) => one['entityType']);
  const details = objectAt(properties, 'customDetails');
  if (by('groupByEntities').some((type) => !mapped.includes(type)))
    return "The 'groupByEntities' may name only entities that the rule maps.";
  if (by('groupByCustomDetails').some((name) => !(String(name) in details)))
    return "The 'groupByCustomDetails' may name only custom details of the rule.";
  return undefined;
}

function objectAt(value: JsonObject, name: string): JsonObject {
  const inner = value[name];
  return isObject(inner) ? inner : {};
}
