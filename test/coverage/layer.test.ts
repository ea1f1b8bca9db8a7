import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { tactics } from '../../src/lint/attack-facts.ts';
import { type Layer, layerErrors } from './layer.ts';

const layer: Layer = JSON.parse(readFileSync('docs/attack-navigator.json', 'utf8'));

/** The tags of each shipped rule that alerts: the first document of each file. */
const tagsOfRules = readdirSync('detections', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.yml'))
  .map((path) => parseAllDocuments(readFileSync(`detections/${path}`, 'utf8'))[0]?.toJS())
  .filter((rule) => rule?.title !== undefined && (rule.detection ?? rule.correlation))
  .map(({ tags }): readonly string[] => tags);

describe('the shipped layer', () => {
  test('is one of format 4.5', () => {
    expect(layerErrors(layer)).toEqual([]);
  });

  test('scores a technique under a tactic by how many rules are tagged with both', () => {
    const scored = layer.techniques.filter(({ score }) => score !== undefined);
    expect(scored.length).toBeGreaterThan(10);
    for (const { techniqueID, tactic = '', score } of scored) {
      const tagged = tagsOfRules.filter(
        (tags) =>
          tags.includes(`attack.${techniqueID.toLowerCase()}`) && tags.includes(`attack.${tactic}`),
      );
      expect([techniqueID, tactic, score]).toEqual([techniqueID, tactic, tagged.length]);
    }
  });

  test('has every technique that rules are tagged with, under tactics of release 19', () => {
    const tagged = tagsOfRules.flat().filter((tag) => /^attack\.t\d/.test(tag));
    const ids = new Set(layer.techniques.map(({ techniqueID }) => `attack.${techniqueID}`));
    const missing = tagged.filter((tag) => !ids.has(`attack.${tag.slice(7).toUpperCase()}`));
    expect(missing).toEqual([]);
    expect(layer.techniques.filter(({ tactic = '' }) => !tactics.includes(tactic))).toEqual([]);
  });

  test('counts every data component in its metadata', () => {
    const named = layer.metadata.map(({ name }) => name.split(' ')[0]);
    const tagged = tagsOfRules.flat().filter((tag) => tag.startsWith('attack.dc'));
    const missing = tagged.filter((tag) => !named.includes(tag.slice(7).toUpperCase()));
    expect(missing).toEqual([]);
  });

  test('shows the sub-techniques of parents, whose highest score ends the gradient', () => {
    const parents = layer.techniques.filter(({ showSubtechniques }) => showSubtechniques);
    expect(parents.map(({ techniqueID }) => techniqueID)).toContain('T1578');
    expect(layer.gradient.maxValue).toBe(
      Math.max(...layer.techniques.map(({ score }) => score ?? 0)),
    );
    expect(layer.gradient.maxValue).toBeGreaterThan(layer.gradient.minValue);
  });
});

describe('the schema of layers', () => {
  for (const [what, change] of [
    ['another layer format', { versions: { navigator: '5.2.0', layer: '4.4' } }],
    ['a Navigator that is too old', { versions: { navigator: '4.8.2', layer: '4.5' } }],
    ['no name', { name: undefined }],
    ['an unknown domain', { domain: 'enterprise' }],
    ['a score in words', { techniques: [{ techniqueID: 'T1485', score: '5' }] }],
    ['an id that is no technique', { techniques: [{ techniqueID: 'DC0015' }] }],
    [
      'a sub-technique with sub-techniques',
      { techniques: [{ techniqueID: 'T1578.003', showSubtechniques: true }] },
    ],
    ['metadata without a value', { metadata: [{ name: 'Score' }] }],
    ['a link without a protocol', { links: [{ label: 'ATT&CK', url: 'attack.mitre.org' }] }],
    ['a gradient of one colour', { gradient: { colors: ['#ffffff'], minValue: 0, maxValue: 1 } }],
    ['an unknown key', { technique: [] }],
  ] as const) {
    test(`refuses ${what}`, () => {
      expect(layerErrors(JSON.parse(JSON.stringify({ ...layer, ...change })))).not.toEqual([]);
    });
  }
});
