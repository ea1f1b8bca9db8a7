import type { FindingReport } from '../diagnostics/diagnostic.ts';
import type { YamlDocument } from '../yaml/read.ts';

/** What reading selections needs to know. */
export interface Reader {
  readonly document: YamlDocument;
  /** The major version of Sigma that the rule is written in. */
  readonly version: number;
  readonly report: FindingReport;
}
