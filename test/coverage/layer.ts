import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** A layer of the ATT&CK Navigator, as far as the tests look at it. */
export interface Layer {
  readonly description: string;
  readonly techniques: readonly {
    readonly techniqueID: string;
    readonly tactic?: string;
    readonly score?: number;
    readonly showSubtechniques?: boolean;
    readonly metadata?: Layer['metadata'];
  }[];
  readonly gradient: { readonly minValue: number; readonly maxValue: number };
  readonly metadata: readonly { readonly name: string; readonly value: string }[];
}

const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
const validate = ajv.compile(
  JSON.parse(readFileSync(new URL('layer-4.5.schema.json', import.meta.url), 'utf8')),
);

/** What is wrong with a layer by the specification of format 4.5. */
export function layerErrors(layer: unknown): readonly string[] {
  validate(layer);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
