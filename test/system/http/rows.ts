import type { Row } from './row.ts';
import { bodies } from './rows/bodies.ts';
import { connections } from './rows/connections.ts';
import { framing } from './rows/framing.ts';
import { heads } from './rows/heads.ts';
import { methods } from './rows/methods.ts';
import { targets } from './rows/targets.ts';
import { values } from './rows/values.ts';

/** The table of docs/http.md, by the headings there. */
export const rows: Record<string, Row[]> = {
  'Request line': targets,
  Methods: methods,
  Fields: heads,
  Framing: framing,
  Bodies: bodies,
  Values: values,
  Connections: connections,
};
