import { createHash } from 'node:crypto';
import { refuse } from '../scope.ts';
import { textOf } from '../value.ts';
import type { Builder, Functions } from './define.ts';

/** Functions that hash the text of a value. */
export const hashes: Functions = {
  hash_md5: hash('md5'),
  hash_sha1: hash('sha1'),
  hash_sha256: hash('sha256'),
};

function hash(algorithm: string): Builder {
  return ({ args: [of], name }) => {
    if (of === undefined) return refuse(`${name}(…) takes one argument`);
    return {
      type: 'string',
      at: (cells, place) =>
        createHash(algorithm)
          .update(textOf(of.at(cells, place), of.type, place.run))
          .digest('hex'),
    };
  };
}
