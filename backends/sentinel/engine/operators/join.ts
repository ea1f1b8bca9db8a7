import type { Join, JoinKey } from '../../ast.ts';
import { type Column, copyOf, type Row, type Rows, type Run, refuse } from '../scope.ts';
import { keyOf } from '../value.ts';

/**
 * `join` and `lookup`: keys compare case-sensitively; a null key equals nothing. A pair stands for the event
 * of its left row, or else of its right one.
 */
export function joined(join: Join, left: Rows, right: Rows): Rows {
  const keys = join.on.map((key) => indexes(key, left, right));
  const { mode } = join;
  const semi = mode.endsWith('semi') || mode.endsWith('anti');
  if (semi) return filtered(mode, keys, left, right);
  const shown =
    join.kind === 'lookup'
      ? right.columns.filter((_, i) => !keys.some((key) => key.right === i))
      : right.columns;
  const from = shown.map((column) => right.columns.indexOf(column));
  const columns = [...left.columns, ...suffixed(left.columns, shown)];
  const keepsLeft = mode === 'leftouter' || mode === 'fullouter';
  const keepsRight = mode === 'rightouter' || mode === 'fullouter';
  const blankLeft = left.columns.map(blank);
  const blankRight = shown.map(blank);
  const width = left.columns.length;
  const each = (run: Run, visit: (row: Row) => void): void => {
    const leftRows = mode === 'innerunique' ? firstOfEach(left.of(run), keys, left) : left.of(run);
    const rightRows = right.of(run);
    const index = indexBy(rightRows, keys, { side: 'right', of: right });
    const matched = new Set<Row>();
    const join = (row: Row): void => {
      const id = idOf(row, keys, { side: 'left', of: left });
      const partners = id === undefined ? [] : (index.get(id) ?? []);
      const cells = [...row.cells, ...blankRight];
      for (const partner of partners) {
        matched.add(partner);
        for (let i = 0; i < from.length; i += 1) cells[width + i] = partner.cells[from[i] ?? 0];
        visit({ cells, event: row.event ?? partner.event });
      }
      if (partners.length === 0 && keepsLeft) visit({ cells, event: row.event });
    };
    leftRows.forEach(join);
    const alone = keepsRight ? rightRows.filter((row) => !matched.has(row)) : [];
    for (const { cells, event } of alone)
      visit({ cells: [...blankLeft, ...from.map((i) => cells[i])], event });
  };
  return {
    columns,
    serialized: false,
    each,
    of: (run) => {
      const rows: Row[] = [];
      each(run, (row) => rows.push(copyOf(row)));
      return rows;
    },
  };
}

interface Side {
  readonly side: 'left' | 'right';
  readonly of: Rows;
}

interface Key {
  readonly left: number;
  readonly right: number;
}

function indexes({ left, right }: JoinKey, leftRows: Rows, rightRows: Rows): Key {
  const [a, b] = [position(leftRows, left), position(rightRows, right)];
  const [x, y] = [leftRows.columns[a]?.type, rightRows.columns[b]?.type];
  if (x === 'dynamic' || y === 'dynamic')
    return refuse("A join key can't be dynamic; tostring(…) makes it a string");
  if (x !== y && !(isWholeType(x) && isWholeType(y)))
    return refuse(`A join can't compare a ${x} with a ${y}`);
  return { left: a, right: b };
}

function isWholeType(type: string | undefined): boolean {
  return type === 'int' || type === 'long';
}

function position(rows: Rows, wanted: string): number {
  const index = rows.columns.findIndex(({ name }) => name === wanted);
  return index === -1 ? refuse(`There is no column "${wanted}" to join on`) : index;
}

function idOf(row: Row, keys: readonly Key[], { side, of: rows }: Side): string | undefined {
  const values = keys.map((key) => row.cells[key[side]]);
  if (values.includes(null)) return undefined;
  return values
    .map((value, i) => keyOf(value, rows.columns[keys[i]?.[side] ?? 0]?.type ?? 'string'))
    .join('\u0000');
}

function indexBy(
  rows: readonly Row[],
  keys: readonly Key[],
  side: Side,
): ReadonlyMap<string, readonly Row[]> {
  const index = new Map<string, Row[]>();
  for (const row of rows) {
    const id = idOf(row, keys, side);
    if (id === undefined) continue;
    const known = index.get(id);
    if (known === undefined) index.set(id, [row]);
    else known.push(row);
  }
  return index;
}

/** `innerunique` keeps one row of each key on the left; here the first. */
function firstOfEach(rows: readonly Row[], keys: readonly Key[], of: Rows): readonly Row[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const id = idOf(row, keys, { side: 'left', of });
    if (id === undefined || seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}

function filtered(mode: Join['mode'], keys: readonly Key[], left: Rows, right: Rows): Rows {
  const [side, other] = mode.startsWith('left')
    ? (['left', 'right'] as const)
    : (['right', 'left'] as const);
  const [kept, against] = side === 'left' ? [left, right] : [right, left];
  const wanted = mode.endsWith('semi');
  return {
    columns: kept.columns,
    serialized: false,
    of: (run) => {
      const index = indexBy(against.of(run), keys, { side: other, of: against });
      return kept.of(run).filter((row) => {
        const id = idOf(row, keys, { side, of: kept });
        return (id !== undefined && index.has(id)) === wanted;
      });
    },
  };
}

/** Columns of the right side whose name the left has get the suffix 1. */
function suffixed(left: readonly Column[], right: readonly Column[]): readonly Column[] {
  const used = new Set(left.map(({ name }) => name));
  return right.map(({ name, type }) => {
    let free = name;
    for (let n = 1; used.has(free); n += 1) free = `${name}${n}`;
    used.add(free);
    return { name: free, type };
  });
}

function blank({ type }: Column): unknown {
  return type === 'string' ? '' : null;
}
