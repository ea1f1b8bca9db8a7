import { describe, expect, test } from 'vitest';
import { inNetwork, parseAddress, parseNetwork } from '../../src/match/address.ts';

test.for<[string, 4 | 6, bigint]>([
  ['10.0.0.1', 4, 0x0a000001n],
  ['255.255.255.255', 4, 0xffffffffn],
  ['::', 6, 0n],
  ['::1', 6, 1n],
  ['FE80::A', 6, (0xfe80n << 112n) | 0xan],
  ['1:2:3:4:5:6:7:8', 6, 0x00010002000300040005000600070008n],
  ['::ffff:10.0.0.1', 6, 0xffff0a000001n],
])('%s is an address', ([text, version, bits]) => {
  expect(parseAddress(text)).toEqual({ version, bits });
});

test.for([
  '',
  '10.0.0',
  '10.0.0.256',
  '010.0.0.1',
  '10.0.0.1/8',
  ' 10.0.0.1',
  '10.0.0.1\n',
  '1:2:3',
  '::1::',
  '1:2:3:4:5:6:7::8',
  ':::',
  '12345::',
  'fe80::1%eth0',
  '10.0.0.1::',
  'ec2.amazonaws.com',
  '٣.0.0.1',
])('%j is no address', (text) => {
  expect(parseAddress(text)).toBeUndefined();
});

describe('a network', () => {
  test.for([
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['192.0.2.1', '192.0.2.1/32'],
    ['2001:DB8:0:0::/32', '2001:db8::/32'],
    ['0:0:1:0:0:0:1:0/128', '0:0:1::1:0/128'],
    ['::/0', '::/0'],
  ])('%s is %s', ([text, canonical]) => {
    expect(parseNetwork(text ?? '')).toMatchObject({ text: canonical });
  });

  test.for([
    ['10.0.0.1/8', '"10.0.0.1/8" has bits set behind its prefix; the network is 10.0.0.0/8'],
    ['10.0.0.0/33', 'The prefix length of "10.0.0.0/33" is not a number from 0 to 32'],
    ['10.0.0.0/', 'The prefix length of "10.0.0.0/" is not a number from 0 to 32'],
    ['::/129', 'The prefix length of "::/129" is not a number from 0 to 128'],
    ['host/8', '"host/8" is not an IPv4 or IPv6 network'],
  ])('%s: %s', ([text, problem]) => {
    expect(parseNetwork(text ?? '')).toEqual({ problem });
  });

  test('holds its first and its last address and no neighbour', () => {
    const network = parseNetwork('192.0.2.64/26');
    if ('problem' in network) throw new Error(network.problem);
    const texts = [
      '192.0.2.63',
      '192.0.2.64',
      '192.0.2.127',
      '192.0.2.128',
      '::ffff:192.0.2.64',
      'host',
    ];
    expect(texts.map((text) => inNetwork(network, text))).toEqual([
      false,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
