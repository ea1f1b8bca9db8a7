import { isCollection, isMap, isNode, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';

/** A value in a document, and the key that it stands behind. */
export interface Found {
  readonly node: Node;
  readonly key: Node | undefined;
}

const indexes = new WeakMap<YAMLMap, ReadonlyMap<string, Found>>();

/** What stands at a step below a node. */
export function child(node: unknown, step: string | number): Found | undefined {
  if (isSeq(node) && typeof step === 'number') {
    const item = node.items[step];
    return isNode(item) ? { node: item, key: undefined } : undefined;
  }
  return isMap(node) ? indexOf(node).get(String(step)) : undefined;
}

/** The values of a map by their keys; made once a map. */
function indexOf(map: YAMLMap): ReadonlyMap<string, Found> {
  const known = indexes.get(map);
  if (known !== undefined) return known;
  const made = new Map<string, Found>();
  for (const { key, value } of map.items) {
    if (!isScalar(key)) continue;
    const name = String(key.value ?? '');
    if (!made.has(name)) made.set(name, { node: isNode(value) ? value : key, key });
  }
  indexes.set(map, made);
  return made;
}

/** The keys that stand twice in a map, found without recursion. */
export function doubleKeys(root: Node): readonly Node[] {
  const doubles: Node[] = [];
  const waiting: Node[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (isMap(node)) {
      const seen = new Set<string>();
      for (const { key } of node.items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        if (seen.has(name)) doubles.push(key);
        seen.add(name);
      }
    }
    if (isCollection(node)) for (const inner of childrenOf(node)) waiting.push(inner);
  }
  return doubles;
}

/** The values of a map or a list. */
export function childrenOf(node: Node): Node[] {
  if (isMap(node)) return node.items.map((pair) => pair.value).filter(isNode);
  return isSeq(node) ? node.items.filter(isNode) : [];
}
