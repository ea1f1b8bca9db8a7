import { expect, test } from 'vitest';
import { folderOf, siemc } from './siemc.ts';

const burst = (more: string): string => `title: Image deleted
name: image_deleted
logsource: { product: aws, service: cloudtrail }
detection: { s: { eventName: DeregisterImage }, condition: s }
---
title: Burst
correlation:
  type: event_count
  rules: [image_deleted]
  timespan: 10m
  condition: { gte: 3 }
${more}`;

const check = (text: string): string =>
  siemc(['check', 'burst.yml'], { cwd: folderOf({ 'burst.yml': text }) }).out;

test('a key is not suggested for itself', () => {
  const out = check(burst('  description: none\n'));
  expect(out).toContain('The key "description" has no meaning in "correlation".');
  expect(out).not.toContain('Did you mean');
});

test('what a list holds twice is told at its second place', () => {
  const out = check(burst('').replace('[image_deleted]', '[image_deleted, image_deleted]'));
  expect(out).toContain('burst.yml:9:26 error "correlation.rules" holds "image_deleted" twice.');
});
