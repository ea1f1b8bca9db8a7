import { readFileSync, writeFileSync } from 'node:fs';

/*
 * Declares the Log Analytics tables that mappings use to Microsoft's analyser of KQL, from a file of columns by
 * table: `node scripts/tables.mjs tables.json`. Tables that a workspace makes itself are in test/support/tables.ts.
 */
const wanted = ['AWSCloudTrail', 'AuditLogs', 'AzureActivity', 'GCPAuditLogs', 'Syslog'];

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('name the file of columns by table');
const known = JSON.parse(readFileSync(path, 'utf8'));
const missing = wanted.filter((name) => known[name] === undefined);
if (missing.length > 0) throw new Error(`${path} has no ${missing.join(', ')}`);
const tables = Object.fromEntries(wanted.map((name) => [name, known[name]]));
const output = new URL('../test/support/tables.json', import.meta.url);
writeFileSync(output, `${JSON.stringify(tables, null, 2)}\n`);
