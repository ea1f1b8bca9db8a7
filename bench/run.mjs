// `npm run bench`: how long commands take, as ratios to something that everybody can run. Times depend on
// the machine, ratios hardly; each ratio is the median over pairs that were run in turn.

import { spawnSync } from 'node:child_process';

const siemc = ['dist/siemc.cjs'];
const rule = 'detections/DC0026-image-deletion/aws-image-deregistered.yml';
const nothing = ['-e', '0'];

const benches = [
  {
    name: 'compile one rule for one target / node -e 0',
    limit: 2.5,
    a: [...siemc, 'compile', rule, '-t', 'sentinel'],
    b: nothing,
  },
  {
    name: 'compile one rule for every target / node -e 0',
    a: [...siemc, 'compile', rule],
    b: nothing,
  },
  { name: 'check all shipped rules / node -e 0', a: [...siemc, 'check', '-q'], b: nothing },
  {
    name: 'build --check of all shipped rules / node -e 0',
    a: [...siemc, 'build', '--check', '-q'],
    b: nothing,
  },
  {
    name: 'test all shipped rules on every target / check them',
    a: [...siemc, 'test', '-q'],
    b: [...siemc, 'check', '-q'],
  },
];

const pairs = Number(process.argv[2] ?? 15);

for (const { name, limit, a, b } of benches) {
  time(a);
  time(b);
  const ratios = [];
  for (let i = 0; i < pairs; i += 1) ratios.push(time(a) / time(b));
  ratios.sort((x, y) => x - y);
  const show = (share) => ratios[Math.min(pairs - 1, Math.floor(share * pairs))].toFixed(2);
  const wanted = limit === undefined ? '' : ` (wanted: at most ${limit})`;
  console.log(`${show(0.5)}  ${name}${wanted}; ${show(0)} to ${show(1)} over ${pairs} pairs`);
}

/** Wall time of a process in milliseconds. */
function time(args) {
  const start = process.hrtime.bigint();
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`);
  return Number(process.hrtime.bigint() - start) / 1e6;
}
