import { createRequire } from 'node:module';
import { type Columns, customTables, referenceTables } from './tables.ts';

/** What Microsoft's analyser of KQL says of a query. */
export interface KustoFinding {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  /** The text that it is about. */
  readonly text: string;
}

interface List<Item> {
  readonly Count: number;
  getItem(index: number): Item;
}

interface KustoDiagnostic {
  readonly Code: string;
  readonly Severity: string;
  readonly Message: string;
  readonly Start: number;
  readonly Length: number;
}

interface KustoSymbol {
  readonly Name: string;
}

interface Globals {
  WithDatabase(database: KustoSymbol): Globals;
}

/** The part of the analyser that is used here: it was made from C#, which numbers its constructors. */
interface Language {
  readonly GlobalState: { readonly Default: Globals };
  readonly KustoCode: {
    ParseAndAnalyze(query: string, globals: Globals): { GetDiagnostics(): List<KustoDiagnostic> };
  };
  readonly Symbols: {
    readonly TableSymbol: {
      readonly $ctor7: new (name: string, columns: string, description: null) => KustoSymbol;
    };
    readonly FunctionSymbol: {
      readonly $ctor16: new (
        name: string,
        parameters: string,
        body: string,
        description: null,
      ) => KustoSymbol;
    };
    readonly DatabaseSymbol: {
      readonly ctor: new (name: string, members: readonly KustoSymbol[]) => KustoSymbol;
    };
  };
}

/**
 * Microsoft Sentinel's functions beside those of KQL. What `_GetWatchlist` gives of every watchlist is from
 * "Build queries or detection rules with watchlists in Microsoft Sentinel"; "value" is siemc's own column.
 */
const functions: readonly (readonly [name: string, parameters: string, body: string])[] = [
  [
    '_GetWatchlist',
    '(watchlistAlias: string)',
    '{ datatable(_DTItemId: string, LastUpdatedTimeUTC: datetime, SearchKey: string, value: string)[] }',
  ],
];

/** Loads the analyser, which takes its time, with the declared tables. */
export function loadKusto(): (query: string) => readonly KustoFinding[] {
  const require = createRequire(import.meta.url);
  require('@kusto/language-service-next/bridge.min.js');
  require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
  const { Language } = Reflect.get(globalThis, 'Kusto') as { readonly Language: Language };
  const { GlobalState, KustoCode, Symbols } = Language;
  const { TableSymbol, FunctionSymbol, DatabaseSymbol } = Symbols;
  const members = [
    ...Object.entries({ ...referenceTables, ...customTables }).map(
      ([name, columns]) => new TableSymbol.$ctor7(name, declaration(columns), null),
    ),
    ...functions.map(
      ([name, parameters, body]) => new FunctionSymbol.$ctor16(name, parameters, body, null),
    ),
  ];
  const database = new DatabaseSymbol.ctor('Workspace', members);
  const globals = GlobalState.Default.WithDatabase(database);
  return (query) => {
    const found = KustoCode.ParseAndAnalyze(query, globals).GetDiagnostics();
    return Array.from({ length: found.Count }, (_, index) => {
      const { Code, Severity, Message, Start, Length } = found.getItem(index);
      const text = query.slice(Start, Start + Length);
      return { code: Code, severity: Severity, message: Message, text };
    });
  };
}

function declaration(columns: Columns): string {
  const parts = Object.entries(columns).map(([name, type]) => `['${name}']: ${type}`);
  return `(${parts.join(', ')})`;
}
