/** A value of plain data with every text in it changed, also the names of what a SIEM or a request holds. */
export function withTexts<Value>(value: Value, change: (text: string) => string): Value {
  return changed(value, change, false) as Value;
}

/** Below these keys stands data whose keys are nobody's but the SIEM's. */
const data = new Set(['from', 'to', 'json', 'headers']);

function changed(value: unknown, change: (text: string) => string, isData: boolean): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => changed(one, change, isData));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      isData ? change(key) : key,
      changed(inner, change, isData || data.has(key)),
    ]),
  );
}
