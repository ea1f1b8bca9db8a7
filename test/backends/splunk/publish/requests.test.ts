import { describe, expect, test } from 'vitest';
import type { Desired, Goal, Observed, PackageSettings, Publisher, Write } from '#backend';
import { spec } from '../../../corpus/api-specs.ts';
import { builtOf, desiredOf, publisherOf, ruleText, settings, shown } from './kit.ts';

const url = 'https://splunk.example.org:8089';

const event = ruleText({
  more: `description: Somebody deregisters an image.
level: high
tags: [attack.t1578.003]
`,
  siemc: `siemc:
  version: 1.2.0
  schedule: { every: 5m, delay: 15m }
  entities: { actor: userIdentity.arn }
`,
});
const correlation = `title: Deleted
name: deleted
logsource: { product: aws, service: cloudtrail }
detection: { s: { eventName: DeregisterImage }, condition: s }
---
title: Correlation
correlation:
  type: event_count
  rules: deleted
  group-by: [actor, awsRegion]
  timespan: 10m
  condition: { gte: 2 }
siemc:
  schedule: { every: 15m, delay: 15m }
  suppress: { for: 1d, by: [awsRegion, account] }
  entities: { account: actor, ip: sourceIPAddress }
`;

/** The writes that lead to a goal, each as if it were carried out. */
function way(
  publisher: Publisher,
  goal: Goal,
  from: Observed | undefined,
): { readonly writes: readonly Write[]; readonly seen: Observed | undefined } {
  const writes: Write[] = [];
  let seen = from;
  for (;;) {
    const write = publisher.next(goal, seen);
    if (write === undefined) return { writes, seen };
    writes.push(write);
    seen = write.leadsTo;
  }
}

/** All requests to make an object, and to delete it. */
function requests(publisher: Publisher, object: Desired): string {
  const made = way(publisher, { kind: 'present', object, attempt: 0 }, undefined);
  const gone = way(publisher, { kind: 'absent' }, made.seen);
  const writes = [...made.writes, ...gone.writes];
  for (const write of writes)
    expect([shown(write), specProblems(write)]).toEqual([shown(write), []]);
  return writes.map((write) => `${write.what}: ${shown(write)}`).join('\n');
}

/** What the specification says of a form. */
function specProblems({ call: { url, form } }: Write): readonly string[] {
  if (form === undefined || !url.includes('/saved/searches')) return [];
  const fields = Object.fromEntries(form);
  const schema = /\/acl\?/.test(url) ? 'AclForm' : 'name' in fields ? 'CreateForm' : 'UpdateForm';
  return spec('splunk', `$defs/${schema}`)(fields);
}

async function objectsOf(text: string, packaged: PackageSettings = settings) {
  const publisher = await publisherOf(url, packaged);
  return { publisher, objects: desiredOf(publisher, builtOf([text], packaged)) };
}

describe('the requests', () => {
  test('of a rule over events, and of the macro that it names', async () => {
    const { publisher, objects } = await objectsOf(event);
    expect(objects.map(({ key, needs }) => [key, needs])).toEqual([
      ['macro:siemc_index_aws_cloudtrail', []],
      ['rule:6a5a5a52-7a52-4d43-a5a1-8f5d38b8f1c1', ['macro:siemc_index_aws_cloudtrail']],
    ]);
    expect(
      objects.map((object) => requests(publisher, object)).join('\n\n'),
    ).toMatchInlineSnapshot(`
      "create search macro: POST /servicesNS/nobody/siemc_detections/configs/conf-macros?output_mode=json
        name=siemc_index_aws_cloudtrail
        definition=(index=*)
      delete search macro: DELETE /servicesNS/nobody/siemc_detections/configs/conf-macros/siemc_index_aws_cloudtrail?output_mode=json

      create saved search: POST /servicesNS/nobody/siemc_detections/saved/searches?output_mode=json
        name=Image deregistered
        action.siemc=0
        action.siemc.rule_id=6a5a5a52-7a52-4d43-a5a1-8f5d38b8f1c1
        action.siemc.title=Image deregistered
        action.siemc.version=1.2.0
        action.siemc.path=rules/rule-0
        search=\`siemc_index_aws_cloudtrail\` sourcetype="aws:cloudtrail"
            eventName="DeregisterImage"
          | eval actor='userIdentity.arn'
          \`\`\`Runs every 5m: what was indexed in the period before.\`\`\`
          | where _indextime >= floor(now() / 300) * 300 - 300 AND _indextime < floor(now() / 300) * 300
        description=Somebody deregisters an image.
        is_scheduled=1
        cron_schedule=2-59/5 * * * *
        dispatch.earliest_time=-25m
        dispatch.latest_time=now
        realtime_schedule=0
        alert_type=number of events
        alert_comparator=greater than
        alert_threshold=0
        alert.track=1
        alert.severity=4
      delete saved search: DELETE /servicesNS/nobody/siemc_detections/saved/searches/Image%20deregistered?output_mode=json"
    `);
  });

  test('of a correlation whose alerts are suppressed', async () => {
    const { publisher, objects } = await objectsOf(correlation);
    expect(
      objects
        .slice(-1)
        .map((object) => requests(publisher, object))
        .join('\n\n'),
    ).toMatchInlineSnapshot(`
      "create saved search: POST /servicesNS/nobody/siemc_detections/saved/searches?output_mode=json
        name=Correlation
        action.siemc=0
        action.siemc.rule_id=74fdf517-fbdf-507c-9f47-8bdcbf971257
        action.siemc.title=Correlation
        action.siemc.path=rules/rule-0
        search=\`siemc_index_aws_cloudtrail\` sourcetype="aws:cloudtrail"
            eventName="DeregisterImage"
            (userIdentity.sessionContext.sessionIssuer.arn=* OR userIdentity.arn=*)
            awsRegion=*
          \`\`\`What the windows of this run may hold.\`\`\`
          | where _time >= floor(now() / 900) * 900 - 2400 AND _time < floor(now() / 900) * 900 - 900
          | eval actor=coalesce('userIdentity.sessionContext.sessionIssuer.arn', 'userIdentity.arn')
          | fields _time, actor, awsRegion, sourceIPAddress
          | fields - _raw
          | eval siemc_at=round(_time * 1000)
          | sort 0 str(actor), str(awsRegion), num(siemc_at)
          \`\`\`The last 2 events of a group: since when?\`\`\`
          | streamstats global=f window=2 count as siemc_events, min(siemc_at) as siemc_first by actor, awsRegion
          | eval siemc_hit=if(siemc_events == 2 AND siemc_at - siemc_first <= 600000, 1, 0)
          | reverse
          \`\`\`Events of one time are hits together.\`\`\`
          | streamstats max(siemc_hit) as siemc_hits by actor, awsRegion, siemc_at
          \`\`\`Runs every 15m, records come up to 15m late: hits of the period that is complete by now.\`\`\`
          | eval siemc_completed=if(siemc_hits == 1
                    AND siemc_at >= floor(now() / 900) * 900000 - 1800000
                    AND siemc_at < floor(now() / 900) * 900000 - 900000, siemc_at, null())
          \`\`\`Shown is what the group has from one window before its first hit to its last.\`\`\`
          | eventstats min(siemc_completed) as siemc_from, max(siemc_completed) as siemc_to by actor, awsRegion
          | where isnotnull(siemc_completed) OR (siemc_at >= siemc_from - 600000 AND siemc_at <= siemc_to)
          | eventstats values(sourceIPAddress) as ip by actor, awsRegion
          | where isnotnull(siemc_completed)
          | eval account=actor
          | table _time, actor, awsRegion, account, ip
        is_scheduled=1
        cron_schedule=2-59/15 * * * *
        dispatch.earliest_time=-55m
        dispatch.latest_time=now
        realtime_schedule=0
        alert_type=number of events
        alert_comparator=greater than
        alert_threshold=0
        alert.track=1
        alert.digest_mode=0
        alert.suppress=1
        alert.suppress.period=86400s
        alert.suppress.fields=account,awsRegion
      delete saved search: DELETE /servicesNS/nobody/siemc_detections/saved/searches/Correlation?output_mode=json"
    `);
  });

  test('of a rule for Enterprise Security', async () => {
    const { publisher, objects } = await objectsOf(event, {
      ...settings,
      enterpriseSecurity: true,
      readRoles: ['soc', 'admin'],
    });
    expect(
      objects
        .slice(-1)
        .map((object) => requests(publisher, object))
        .join('\n\n'),
    ).toMatchInlineSnapshot(`
      "create saved search: POST /servicesNS/nobody/siemc_detections/saved/searches?output_mode=json
        name=siemc detections - Image deregistered - Rule
        action.siemc=0
        action.siemc.rule_id=6a5a5a52-7a52-4d43-a5a1-8f5d38b8f1c1
        action.siemc.title=Image deregistered
        action.siemc.version=1.2.0
        action.siemc.path=rules/rule-0
        search=\`siemc_index_aws_cloudtrail\` sourcetype="aws:cloudtrail"
            eventName="DeregisterImage"
          | eval actor='userIdentity.arn'
          \`\`\`Runs every 5m: what was indexed in the period before.\`\`\`
          | where _indextime >= floor(now() / 300) * 300 - 300 AND _indextime < floor(now() / 300) * 300
        description=Somebody deregisters an image.
        is_scheduled=1
        cron_schedule=2-59/5 * * * *
        dispatch.earliest_time=-25m
        dispatch.latest_time=now
        realtime_schedule=0
        alert_type=number of events
        alert_comparator=greater than
        alert_threshold=0
        alert.track=1
        alert.severity=4
        is_visible=0
        action.correlationsearch.enabled=1
        action.correlationsearch.label=siemc detections - Image deregistered - Rule
        action.correlationsearch.annotations={"mitre_attack":["T1578.003"]}
        action.correlationsearch.detection_type=ebd
        action.correlationsearch.metadata={"deprecated":"0","detection_id":"6a5a5a52-7a52-4d43-a5a1-8f5d38b8f1c1","detection_version":"1.2.0"}
        action.notable.param.rule_title=Image deregistered: $actor$
        action.notable.param.rule_description=Somebody deregisters an image.
        action.notable.param.security_domain=threat
        action.notable.param.severity=high
        action.notable.param.nes_fields=actor
        action.risk.param._risk=[{"risk_object_field":"actor","risk_object_type":"user","risk_score":80}]
        action.risk.param._risk_message=Image deregistered: $actor$
        action.risk.param._risk_score=0
        action.risk.param.verbose=0
        actions=correlationsearch,notable,risk
      set permissions: POST /servicesNS/nobody/siemc_detections/saved/searches/siemc%20detections%20-%20Image%20deregistered%20-%20Rule/acl?output_mode=json
        owner=nobody
        sharing=global
        perms.read=admin,soc
        perms.write=admin,detection_engineer
      delete saved search: DELETE /servicesNS/nobody/siemc_detections/saved/searches/siemc%20detections%20-%20Image%20deregistered%20-%20Rule?output_mode=json"
    `);
  });
});
