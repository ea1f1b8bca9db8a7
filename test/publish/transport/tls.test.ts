import { createServer, type Server } from 'node:https';
import { type AddressInfo, connect as connectTcp, createServer as createTcp } from 'node:net';
import { join } from 'node:path';
import * as tls from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { folderOf } from '../../cli/siemc.ts';
import { type Certificate, certificate } from '../../support/certificate.ts';
import { problemOf, testClock, wayTo } from './kit.ts';

const authority = certificate({ name: 'Test authority', authority: true });
const other = certificate({ name: 'Another test authority', authority: true });
const hosts = ['127.0.0.1', 'siem.example.test'];
const trusted = certificate({ name: 'siem', hosts, issuer: authority });
const root = folderOf({
  'authority.pem': `Some words.\n${authority.pem}`,
  'both.pem': other.pem + authority.pem,
  'other.pem': other.pem,
  'none.pem': trusted.keyPem,
  'broken.pem': authority.pem.replace(/\n[^-]{8}/, '\nAAAAAAAA'),
});

/** A server with a certificate, and what it was asked. */
async function started({ keyPem, pem }: Certificate) {
  const asked: (string | undefined)[] = [];
  const server: Server = createServer({ key: keyPem, cert: pem }, ({ headers }, response) => {
    asked.push(headers.authorization);
    response.setHeader('content-type', 'application/json');
    response.end('{"fine":true}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, origin: `https://127.0.0.1:${port}`, asked };
}

describe('a certificate', () => {
  test.each(['authority.pem', 'both.pem'])(
    'of an authority in %s is trusted',
    async (authorities) => {
      const { origin, asked } = await started(trusted);
      const way = wayTo({ origin, clock: testClock(), root, authorities });
      expect(await way.get('/')).toMatchObject({ json: { fine: true } });
      expect(asked).toEqual(['Bearer the-only-token']);
    },
  );

  const refused: readonly (readonly [string, Certificate, string | undefined, RegExp])[] = [
    [
      'that signs itself',
      certificate({ name: 'self', hosts }),
      undefined,
      /self-signed certificate/,
    ],
    [
      'that signs itself, beside an authority',
      certificate({ name: 'self', hosts }),
      'authority.pem',
      /self-signed certificate/,
    ],
    ['of an unknown authority', trusted, undefined, /unable to verify the first certificate/],
    ['of another authority', trusted, 'other.pem', /unable to verify the first certificate/],
    [
      'of another host',
      certificate({ name: 'x', hosts: ['other.example.test'], issuer: authority }),
      'authority.pem',
      /does not match certificate's altnames/,
    ],
    [
      'that has expired',
      certificate({ name: 'x', hosts, issuer: authority, until: 2021 }),
      'authority.pem',
      /certificate has expired/,
    ],
  ];
  test.each(refused)(
    '%s is refused, whatever the environment says',
    async (_, given, authorities, reason) => {
      const { origin, asked } = await started(given);
      const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
      onTestFinished(() => {
        if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
        else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
      });
      const way = wayTo({
        origin,
        clock: testClock(),
        root,
        ...(authorities === undefined ? {} : { authorities }),
      });
      const problem = await problemOf(way.get('/'));
      expect(problem).toMatchObject({
        code: 'publish/certificate',
        message: expect.stringMatching(reason),
      });
      expect(problem.message).toContain(`The certificate of ${new URL(origin).host}: `);
      expect(problem.hint).toBeDefined();
      await expect(way.put('/', 'x')).rejects.toMatchObject({ code: 'publish/certificate' });
      expect(asked).toEqual([]);
      expect(way.sent).toEqual(
        new Map([
          ['GET', 1],
          ['POST', 1],
        ]),
      );
    },
  );

  test('that is not trusted comes with a hint to the setting', async () => {
    const { origin } = await started(trusted);
    expect((await problemOf(wayTo({ origin, clock: testClock() }).get('/'))).hint).toContain(
      '`authorities`',
    );
  });

  test('authorities beside the usual ones come from NODE_EXTRA_CA_CERTS, too', async () => {
    const { origin } = await started(trusted);
    // Node 22.15 and later tell what they read as they started.
    const environment = { NODE_EXTRA_CA_CERTS: join(root, 'authority.pem') };
    const way = wayTo({ origin, clock: testClock(), root, authorities: 'other.pem', environment });
    if (!('getCACertificates' in tls))
      expect(await way.get('/')).toMatchObject({ json: { fine: true } });
    else expect(await problemOf(way.get('/'))).toMatchObject({ code: 'publish/certificate' });
  });

  test.each([
    ['none.pem', 'The file "none.pem" holds no certificate.'],
    ['broken.pem', 'The file "broken.pem" holds a certificate that can\'t be read.'],
    ['absent.pem', 'The file "absent.pem": It can\'t be read: there is no such file.'],
  ])('needs a file of authorities that is one (%s)', (authorities, message) => {
    expect(() =>
      wayTo({ origin: 'https://127.0.0.1', clock: testClock(), root, authorities }),
    ).toThrow(
      expect.objectContaining({ name: 'RemoteProblem', code: 'publish/authorities', message }),
    );
  });

  test('needs TLS', async () => {
    const plain = createTcp((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void plain.close());
    const origin = `https://127.0.0.1:${(plain.address() as AddressInfo).port}`;
    expect(await problemOf(wayTo({ origin, clock: testClock() }).get('/'))).toMatchObject({
      code: 'publish/unreachable',
      message: expect.stringContaining("doesn't speak TLS"),
    });
  });
});

test('what is given up before there is a connection is never sent', async () => {
  const { port, asked } = await started(trusted);
  const late = createTcp((socket) => {
    socket.on('error', () => {});
    setTimeout(() => {
      const further = connectTcp(port, '127.0.0.1');
      further.on('error', () => socket.destroy());
      socket.pipe(further).pipe(socket);
    }, 400);
  });
  await new Promise<void>((resolve) => late.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void late.close());
  const origin = `https://127.0.0.1:${(late.address() as AddressInfo).port}`;
  const clock = testClock();
  const way = wayTo({ origin, clock, root, authorities: 'authority.pem', timeout: 50 });
  expect(await way.put('/a', 'x')).toEqual({
    kind: 'unsent',
    why: expect.stringContaining('no whole reply came within 0.05 seconds (tried 6 times)'),
  });
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(asked).toEqual([]);
});

/** A proxy that leads everywhere to one port of this machine, and what it was asked. */
async function startedProxy(port: number, password?: string) {
  const asked: string[] = [];
  const wanted = `Basic ${Buffer.from(`me:${password}`).toString('base64')}`;
  const server = createTcp((socket) => {
    socket.on('error', () => {});
    socket.once('data', (data) => {
      const head = data.toString('latin1');
      asked.push(head.split('\r\n', 1)[0] ?? '');
      if (password !== undefined && !head.includes(`proxy-authorization: ${wanted}\r\n`))
        return socket.end(
          'HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n',
        );
      const further = connectTcp(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        socket.pipe(further).pipe(socket);
      });
      return further.on('error', () => socket.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

describe('a proxy', () => {
  const origin = 'https://siem.example.test';
  const authorities = 'authority.pem';

  test.each(['HTTPS_PROXY', 'https_proxy'])(
    'in %s is asked for the host, and hears nothing else',
    async (name) => {
      const { port, asked } = await started(trusted);
      const proxy = await startedProxy(port, 's3cret/ü');
      const environment = { [name]: `http://me:${encodeURIComponent('s3cret/ü')}@${proxy.host}` };
      const way = wayTo({ origin, clock: testClock(), root, authorities, environment });
      expect(await way.get('/')).toMatchObject({ json: { fine: true } });
      expect(proxy.asked).toEqual(['CONNECT siem.example.test:443 HTTP/1.1']);
      expect(asked).toEqual(['Bearer the-only-token']);
      expect(way.redactor.redact(`proxy ${environment[name]}`)).not.toContain('s3cret');
    },
  );

  test('changes nothing about certificates', async () => {
    const { port, asked } = await started(certificate({ name: 'self', hosts }));
    const proxy = await startedProxy(port);
    const environment = { HTTPS_PROXY: `http://${proxy.host}` };
    const way = wayTo({ origin, clock: testClock(), root, authorities, environment });
    expect(await problemOf(way.get('/'))).toMatchObject({ code: 'publish/certificate' });
    expect(asked).toEqual([]);
  });

  test.each(['siem.example.test', '.example.test', '*'])(
    'is not for %s in NO_PROXY',
    async (none) => {
      const proxy = await startedProxy(1);
      const environment = { HTTPS_PROXY: `http://${proxy.host}`, NO_PROXY: none };
      const way = wayTo({ origin, clock: testClock(), root, authorities, environment });
      expect(await problemOf(way.get('/'))).toMatchObject({ code: 'publish/unreachable' });
      expect(proxy.asked).toEqual([]);
    },
  );

  test('is never asked for this machine', async () => {
    const server = await started(trusted);
    const proxy = await startedProxy(1);
    const environment = { HTTPS_PROXY: `http://${proxy.host}`, HTTP_PROXY: `http://${proxy.host}` };
    const way = wayTo({
      origin: server.origin,
      clock: testClock(),
      root,
      authorities,
      environment,
    });
    expect(await way.get('/')).toMatchObject({ json: { fine: true } });
    expect(proxy.asked).toEqual([]);
  });

  test('that does not let us through means that nothing was sent', async () => {
    const proxy = await startedProxy(1, 'right');
    const environment = { HTTPS_PROXY: `http://me:wrong-password@${proxy.host}` };
    const way = wayTo({ origin, clock: testClock(), root, authorities, environment });
    expect(await way.put('/', 'x')).toEqual({
      kind: 'unsent',
      why: expect.stringContaining('407'),
    });
  });

  test.each(['proxy.example.test:3128', 'http://', 'ftp://proxy', 'http://u:%zz@proxy'])(
    'has to be one (%s)',
    (given) => {
      expect(() =>
        wayTo({ origin, clock: testClock(), environment: { HTTPS_PROXY: given } }),
      ).toThrow(expect.objectContaining({ name: 'RemoteProblem', code: 'publish/proxy' }));
    },
  );
});
