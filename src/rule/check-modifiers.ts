import type { FindingReport } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import { checkValue } from './check-value.ts';
import {
  base64Names,
  byteNames,
  endNames,
  kindNames,
  modifiers,
  orderNames,
  textNames,
  timeNames,
} from './modifiers.ts';
import { parse as parsePlaceholders } from './placeholder.generated.js';
import type { Item, Modifier, Value } from './rule.ts';

/**
 * Checks an item's modifiers: known, in an order that means something, with values that fit. Where they
 * clash (false) nothing more can be said of the item.
 */
export function checkModifiers(item: Item, isList: boolean, report: FindingReport): boolean {
  const names: string[] = [];
  let good = true;
  for (const modifier of item.modifiers) {
    const { name, span } = modifier;
    if (!modifiers.includes(name)) {
      report({ code: 'rule/unknown-modifier', span, ...unknown(name) });
      return true;
    }
    const clash = clashOf(names, name);
    if (clash !== undefined) {
      report({ code: 'rule/modifier-clash', message: clash, span });
      good = false;
    }
    names.push(name);
  }
  if (!good) return false;
  checkWhole(item, names, report);
  const all = item.modifiers.find(({ name }) => name === 'all');
  if (all !== undefined && item.field !== undefined && (!isList || item.values.length < 2)) {
    const message = '"all" needs a list of at least two values.';
    report({ code: 'rule/all-of-one', severity: 'warning', message, span: all.span });
  }
  for (const value of item.values) checkValue(item, names, value, report);
  return true;
}

function unknown(name: string): { readonly message: string; readonly hint?: string } {
  if (name === '') return { message: 'A modifier is missing behind "|".' };
  const hint = didYouMean(name, modifiers);
  return { message: `There is no modifier "${name}".`, ...(hint && { hint }) };
}

/** What only all modifiers together can tell. */
function checkWhole(item: Item, names: readonly string[], report: FindingReport): void {
  const find = (known: readonly string[]): Modifier | undefined =>
    item.modifiers.find(({ name }) => known.includes(name));
  const bytes = find(byteNames);
  if (bytes !== undefined && find(base64Names) === undefined) {
    const message = `"${bytes.name}" makes bytes, which no field holds as text.`;
    const hint = `Put "base64" or "base64offset" behind it: ${bytes.name}|base64offset|contains.`;
    report({ code: 'rule/modifier-clash', message, span: bytes.span, hint });
  }
  const expand = find(['expand']);
  const isList = ({ kind }: { readonly kind: string }): boolean => kind === 'placeholder';
  const lists = item.values.some(
    (value) => value.kind === 'string' && parsePlaceholders(value.text).some(isList),
  );
  if (expand !== undefined && !lists && item.values.some(({ kind }) => kind === 'string')) {
    const message = '"expand" finds no list in the values.';
    const hint = 'A list is written %name%.';
    report({ code: 'rule/no-placeholder', message, span: expand.span, hint });
  }
  if (expand !== undefined) for (const value of item.values) tellStrays(value, report);
  const offset = item.field === undefined ? undefined : find(['base64offset']);
  if (offset !== undefined && !names.includes('contains')) {
    const message = '"base64offset" makes the middle of an encoded text, which no whole value is.';
    const hint = 'Put "contains" behind it.';
    report({ code: 'rule/base64-whole', severity: 'warning', message, span: offset.span, hint });
  }
}

/** Under `expand` a percent sign belongs to the name of a list. */
function tellStrays(value: Value, report: FindingReport): void {
  if (value.kind !== 'string') return;
  for (const part of parsePlaceholders(value.text)) {
    if (part.kind !== 'stray') continue;
    const message = 'A list is named between two percent signs, %name%.';
    const span = value.within(part.at.start, part.at.end);
    const hint = 'Write \\% for a percent sign.';
    report({ code: 'rule/no-placeholder', message, span, hint });
  }
}

/** Those of the modifiers before that are among some names. */
type Among = (known: readonly string[]) => string | undefined;

/** Why a modifier can't stand behind those before it. */
function clashOf(before: readonly string[], name: string): string | undefined {
  const among: Among = (known) => before.find((other) => known.includes(other));
  if (before.includes(name)) return `"${name}" stands twice.`;
  if (['i', 'm', 's'].includes(name) && !before.includes('re'))
    return `"${name}" is a flag of "re" and stands behind it.`;
  if (timeNames.some((part) => part === name)) return timeClash(among, name);
  const time = among(timeNames);
  if (time !== undefined && !['all', 'neq', ...orderNames].includes(name))
    return exclusive(name, time);
  if (textNames.includes(name)) return textClash(among, name);
  if (kindNames.includes(name)) return kindClash(among, name);
  const kind = among(kindNames);
  if (endNames.includes(name)) {
    const end = among(endNames);
    if (end !== undefined) return exclusive(name, end);
    return kind === undefined || kind === 're' || kind === 'fieldref'
      ? undefined
      : `"${name}" can't stand behind "${kind}".`;
  }
  return name === 'cased' && kind !== undefined && kind !== 'fieldref'
    ? `"cased" says nothing about "${kind}".`
    : undefined;
}

function exclusive(one: string, other: string): string {
  return `"${one}" and "${other}" exclude each other.`;
}

function kindClash(among: Among, name: string): string | undefined {
  const beside = name === 're' || name === 'cidr' ? ['expand'] : [];
  const other = among(textNames.filter((text) => !beside.includes(text))) ?? among(kindNames);
  if (other !== undefined) return exclusive(name, other);
  if (name === 'fieldref') return undefined;
  const end = among(endNames);
  if (end !== undefined) return `"${name}" can't stand behind "${end}".`;
  return among(['cased']) === undefined ? undefined : `"cased" says nothing about "${name}".`;
}

function timeClash(among: Among, name: string): string | undefined {
  const others = [...timeNames, ...endNames, ...textNames, ...kindNames, 'cased'];
  const other = among(others.filter((one) => one !== name && !orderNames.includes(one)));
  return other === undefined ? undefined : exclusive(name, other);
}

/** Texts are made in one order only; open ends come last. */
function textClash(among: Among, name: string): string | undefined {
  const kind = among(kindNames);
  if (kind !== undefined && !(name === 'expand' && (kind === 're' || kind === 'cidr')))
    return exclusive(name, kind);
  const group = [byteNames, base64Names].find((names) => names.includes(name)) ?? [];
  const same = among(group.filter((other) => other !== name));
  if (same !== undefined) return exclusive(name, same);
  const later = among(textNames.slice(textNames.indexOf(name) + 1));
  if (later !== undefined) return `"${name}" has to stand before "${later}".`;
  const end = among(endNames);
  const encodes = byteNames.includes(name) || base64Names.includes(name);
  return end !== undefined && encodes ? `"${name}" has to stand before "${end}".` : undefined;
}
