import type { Query } from 'many-to-many/copy';
import pg from 'pg';

/** A scan in a query plan, with the number of rows that it read in all its loops. */
interface Scan {
  node: string;
  index: string | undefined;
  rows: number;
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Rows Removed by Filter'?: number;
  'Actual Loops': number;
  Plans?: PlanNode[];
}

/**
 * Creates a query function that explains each statement and rolls it back. `scansOf` returns the last statement's scans
 * of a table.
 */
export function createExplainer(client: pg.Client) {
  let plan: PlanNode;
  const query: Query = async ({ text, values }) => {
    const literals = values.map((value) =>
      pg.escapeLiteral(Array.isArray(value) ? arrayLiteral(value) : String(value)),
    );
    await client.query(`DEALLOCATE ALL; PREPARE statement AS ${text}`);
    await client.query('BEGIN');
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE statement (${literals.join(', ')})`,
    );
    await client.query('ROLLBACK');
    plan = rows[0]!['QUERY PLAN'][0].Plan;
    return { rows: [] };
  };
  return {
    query,
    scansOf: (table: string) => [...scansIn(plan, table)],
  };
}

function* scansIn(plan: PlanNode, table: string): Generator<Scan> {
  const children = plan.Plans ?? [];
  if (plan['Relation Name'] === table && plan['Node Type'].endsWith('Scan'))
    yield {
      node: plan['Node Type'],
      // a bitmap scan has its index in the node below
      index: plan['Index Name'] ?? children[0]?.['Index Name'],
      rows: (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops'],
    };
  for (const child of children) yield* scansIn(child, table);
}

function arrayLiteral(values: unknown[]): string {
  return `{${values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(',')}}`;
}
