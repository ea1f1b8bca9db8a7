import type { Backend } from '#backend';
import { backends } from './backends.ts';
import { testSources } from './log-sources.ts';

const evidence = { evidence: 'assumed', basis: 'a log for tests' } as const;
const column = (path: string, type: string, more: Readonly<Record<string, string>> = {}) => ({
  path,
  type,
  ...more,
  ...evidence,
});

/** For each target the scope, and the fields but `when` and `id`. */
const kept: Readonly<Record<string, { readonly scope: object; readonly fields: object }>> = {
  splunk: {
    scope: { macro: 'siemc_index_acme', sourcetype: 'acme:registry' },
    fields: {
      when: column('when', 'text'),
      id: column('id', 'text'),
      eventName: column('eventName', 'text'),
      awsRegion: column('awsRegion', 'text'),
      account: column('account', 'text'),
      actor: column('actor', 'text', { absent: 'nobody' }),
      address: column('address', 'text'),
      'image.id': column('image.id', 'text'),
      'image.size': column('image.size', 'text'),
      'image.tags': column('image.tags{}', 'text'),
    },
  },
  sentinel: {
    scope: { table: 'AcmeRegistry_CL' },
    fields: {
      when: column('Happened', 'datetime'),
      id: column('Id', 'string'),
      eventName: column('EventName', 'string'),
      awsRegion: column('Place', 'string'),
      account: column('Account', 'string'),
      actor: column('Actor', 'string'),
      address: column('Address', 'string'),
      'image.*': column('Image.*', 'dynamic'),
    },
  },
  chronicle: {
    scope: { log_type: 'ACME_REGISTRY' },
    fields: {
      when: column('metadata.event_timestamp', 'time'),
      id: column('metadata.product_log_id', 'string'),
      eventName: column('metadata.product_event_type', 'string'),
      awsRegion: column('target.location.name', 'string'),
      account: column('target.user.product_object_id', 'string'),
      actor: column('principal.user.userid', 'string'),
      address: column('additional.fields["address"]', 'label'),
      'image.id': column('target.resource.product_object_id', 'string'),
      'image.size': column('target.resource.attribute.labels["size"]', 'label'),
      'image.tags': column('target.resource.attribute.labels["tags"]', 'label', { keeps: 'first' }),
    },
  },
};

/** Every shipped backend with mappings of these logs. */
export const backendsOfTwo: readonly Backend[] = backends.map((backend) => ({
  ...backend,
  fields: [
    ...backend.fields,
    ...testSources.map(({ name }) => ({
      path: `${name}.yml`,
      document: { source: name, variants: ['default'], ...kept[backend.id] },
    })),
  ],
}));
