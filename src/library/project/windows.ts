import type { FindingReport } from '../../diagnostics/diagnostic.ts';
import type { Range } from '../../match/test.ts';
import { joinRanges, readWindow } from '../../rule/window.ts';
import { isMap } from '../../text/is-map.ts';
import type { YamlDocument } from '../../yaml/read.ts';

/** The change windows that a configuration names; the schema has checked their form. */
export function readWindows(
  document: YamlDocument,
  report: FindingReport,
): ReadonlyMap<string, readonly Range[]> {
  const given = isMap(document.value) ? document.value['windows'] : undefined;
  const windows = new Map<string, readonly Range[]>();
  for (const [name, value] of Object.entries(isMap(given) ? given : {})) {
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    const ranges = list.flatMap((one, index) => {
      const path = Array.isArray(value) ? ['windows', name, index] : ['windows', name];
      const read = readWindow(isMap(one) ? one : {});
      if (!('problem' in read)) return read;
      const at = read.key === undefined ? path : [...path, read.key];
      report({ code: 'config/window', message: `${read.problem}.`, span: document.spanOf(at) });
      return [];
    });
    windows.set(name, joinRanges(ranges));
  }
  return windows;
}
