import reference from './tables.json' with { type: 'json' };

/** Columns and their types by name. */
export type Columns = Readonly<Record<string, string>>;

/** The tables of Azure Monitor that mappings use, as its table reference has them; scripts/tables.mjs made them. */
export const referenceTables: Readonly<Record<string, Columns>> = reference;

/**
 * Tables that a workspace makes itself: of `vcenter_CL` the columns by which Microsoft checks the queries of its
 * VMware vCenter solution, and those that every table has. An installation may add others.
 */
export const customTables: Readonly<Record<string, Columns>> = {
  vcenter_CL: {
    Computer: 'string',
    Message: 'string',
    TenantId: 'string',
    TimeGenerated: 'datetime',
    Type: 'string',
  },
  // What the mapping of the tests' own log names (two-logs.ts).
  AcmeRegistry_CL: {
    Account: 'string',
    Actor: 'string',
    Address: 'string',
    EventName: 'string',
    Happened: 'datetime',
    Id: 'string',
    Image: 'dynamic',
    Place: 'string',
    TimeGenerated: 'datetime',
  },
};
