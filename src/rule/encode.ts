/**
 * The bytes of a text in one of Sigma's encodings; `wide` is `utf16le`, and `utf16` begins with a mark of the byte
 * order.
 */
export function bytesOf(text: string, encoding: string | undefined): Buffer {
  const little = Buffer.from(text, 'utf16le');
  switch (encoding) {
    case 'wide':
    case 'utf16le':
      return little;
    case 'utf16be':
      return Buffer.from(little).swap16();
    case 'utf16':
      return Buffer.concat([Buffer.from([0xff, 0xfe]), little]);
    default:
      return Buffer.from(text, 'utf8');
  }
}

/**
 * What stays the same of an encoded text wherever it begins within a longer one: a text for each of the three
 * offsets, without the characters that hold bits of neighbours. A text of one byte has no such part at some
 * offsets.
 */
export function base64Offsets(bytes: Buffer): readonly string[] {
  return [0, 1, 2].flatMap((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes]);
    const text = padded.toString('base64').replaceAll('=', '');
    const [first, last] = [Math.ceil((offset * 8) / 6), Math.floor((padded.length * 8) / 6)];
    return first < last ? [text.slice(first, last)] : [];
  });
}
