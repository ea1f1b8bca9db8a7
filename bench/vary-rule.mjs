// How copies of a rule come to differ from it: see many-rules.mjs. Documents are changed in place.

const words =
  'Amber Birch Cedar Delta Ember Fjord Grove Heath Inlet Juniper Krill Larch Maple Nectar Onyx Pearl Quartz Raven Sable Tulip'.split(
    ' ',
  );
const levels = ['informational', 'low', 'medium', 'high', 'critical'];
const techniques = ['t1078', 't1485', 't1490', 't1525', 't1530', 't1537', 't1578', 't1580'];

/** Fields whose values name an operation, of which any word is as good as another. */
const operations =
  /^(eventName|operationName|operationName\.value|protoPayload\.methodName|FullFormattedMessage)(\|endswith)?$/;

/** By log source: whom or what a house would leave out, and where it would look only. */
const habits = {
  'aws/cloudtrail': {
    except: [
      ['actor', (word, n) => `arn:aws:iam::${account(n)}:role/${word}`],
      ['userAgent|contains', (word, n) => `${word}/${n}`],
    ],
    only: ['recipientAccountId', (_, n) => account(n)],
  },
  'azure/activitylogs': {
    except: [
      ['actor', (word, n) => `${word}-${n}@example.com`.toLowerCase()],
      ['resourceId|contains', (word, n) => `/resourceGroups/${word}-${n}/`],
    ],
    only: ['resourceId|contains', (_, n) => `/subscriptions/${String(n).padStart(8, '0')}-`],
  },
  'gcp/gcp.audit': {
    except: [
      ['actor', (word, n) => `${word}-${n}@example.com`.toLowerCase()],
      [
        'protoPayload.requestMetadata.callerSuppliedUserAgent|contains',
        (word, n) => `${word}/${n}`,
      ],
    ],
    only: ['resource.labels.project_id', (word, n) => `${word}-${n}`.toLowerCase()],
  },
  'vmware/vcenter': {
    except: [['UserName', (word, n) => `VSPHERE.LOCAL\\${word}-${n}`]],
    only: ['Datacenter.Name', (word, n) => `${word}-${n}`],
  },
};

/** Another id, title, level and tag. */
export function varyHead(document, { round, random, ids }) {
  if (document.has('id')) document.set('id', ids.get(document.get('id')));
  for (const one of document.toJS().related?.keys() ?? []) {
    const path = ['related', one, 'id'];
    document.setIn(path, ids.get(document.getIn(path)) ?? document.getIn(path));
  }
  document.set('title', `${document.get('title')} (${pick(words, random)} ${round})`);
  if (document.has('level') && random() < 0.3) document.set('level', pick(levels, random));
  const tag = `attack.${pick(techniques, random)}`;
  const tags = document.toJS().tags ?? [];
  if (tags.length > 0 && !tags.includes(tag) && random() < 0.3) document.addIn(['tags'], tag);
}

/**
 * Exceptions, which no test's event is; and where there is no test, other operations and a narrower scope. Parts of
 * correlations get none of what is added: a query of Microsoft Sentinel may have 10,000 characters.
 */
export function varyDetection(document, { round, random, isTested, isPart }) {
  const { logsource, detection } = document.toJS();
  const habit = habits[`${logsource.product}/${logsource.service}`];
  const conditions = [];
  if (habit !== undefined && !isPart && random() < 0.7) {
    const [field, value] = pick(habit.except, random);
    const list = several(1 + Math.floor(random() * 5), random, value);
    document.setIn(['detection', 'house_exceptions'], document.createNode({ [field]: list }));
    conditions.push('not house_exceptions');
  }
  if (!isTested) varyOperations(document, { random, isPart });
  if (!isTested && !isPart && habit?.only !== undefined && random() < 0.4) {
    const [field, value] = habit.only;
    const scope = (word, n) => value(word, n + round);
    const list = several(1 + Math.floor(random() * 8), random, scope);
    document.setIn(['detection', 'house_scope'], document.createNode({ [field]: list }));
    conditions.push('house_scope');
  }
  if (conditions.length === 0) return;
  const condition = [`(${detection.condition})`, ...conditions].join(' and ');
  document.setIn(['detection', 'condition'], condition);
}

function varyOperations(document, { random, isPart }) {
  for (const [name, selection] of Object.entries(document.toJS().detection)) {
    for (const [field, value] of Object.entries(name === 'condition' ? {} : selection)) {
      if (!operations.test(field)) continue;
      const path = ['detection', name, field];
      document.setIn(path, document.createNode(otherOperations(value, { random, isPart })));
    }
  }
}

/** The rules that take part by their new names; and where there is no test, another window and threshold. */
export function varyCorrelation(document, { random, ids, names, isTested }) {
  const { correlation } = document.toJS();
  const renamed = (name) => names.get(name) ?? ids.get(name) ?? name;
  const set = (key, value) => document.setIn(['correlation', key], document.createNode(value));
  set('rules', [correlation.rules].flat().map(renamed));
  if (correlation.aliases !== undefined) {
    const byRule = (fields) =>
      Object.entries(fields).map(([rule, field]) => [renamed(rule), field]);
    const aliases = Object.entries(correlation.aliases);
    set(
      'aliases',
      Object.fromEntries(aliases.map(([name, of]) => [name, Object.fromEntries(byRule(of))])),
    );
  }
  const { condition, timespan } = correlation;
  if (typeof condition === 'string') set('condition', condition.replace(/\w+/g, renamed));
  if (isTested) return;
  if (condition?.gte > 1 && random() < 0.7)
    document.setIn(['correlation', 'condition', 'gte'], condition.gte + Math.floor(random() * 6));
  const [, count, unit] = /^(\d+)([mh])$/.exec(timespan) ?? [];
  if (count === undefined) return;
  const minutes = Number(count) * (unit === 'h' ? 60 : 1);
  const other = Math.min(24 * 60, Math.ceil(minutes * pick([0.5, 1, 1.5, 2, 3], random)));
  document.setIn(['correlation', 'timespan'], `${other}m`);
}

/** The same operations with a word in them, some left out or added. */
function otherOperations(value, { random, isPart }) {
  const word = random() < 0.7 ? pick(words, random) : '';
  const worded = (text, by) =>
    /[A-Za-z]$/.test(text) ? text.replace(/[A-Z]?[a-z]+$|$/, `${by}$&`) : text + by;
  if (!Array.isArray(value)) return worded(value, word);
  const list = value.map((one) => worded(one, word));
  if (list.length > 2 && random() < 0.4) list.splice(Math.floor(random() * list.length), 1);
  if (!isPart && random() < 0.4) list.push(worded(list[0], `${pick(words, random)}Bulk`));
  return list;
}

function several(count, random, value) {
  const made = Array.from({ length: count }, () =>
    value(pick(words, random), Math.floor(random() * 1000)),
  );
  return [...new Set(made)];
}

function account(n) {
  return String(100_000_000_000 + n * 7919);
}

function pick(list, random) {
  return list[Math.floor(random() * list.length)];
}
