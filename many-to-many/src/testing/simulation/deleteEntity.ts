import type { CopyNode } from './copyNode.ts';
import type { Faults } from './faults.ts';
import type { Scheduler } from './scheduler.ts';
import { times } from './times.ts';

interface DeleteParts {
  scheduler: Scheduler;
  faults: Faults;
  committed: () => void;
  done: (outcome: 'done' | 'missing') => void;
}

/** Deletes an entity as a client does. The request may be lost or late; `done` is called unless the answer is lost. */
export function deleteEntity(node: CopyNode, id: string, { scheduler, faults, committed, done }: DeleteParts): void {
  const answers = !faults.strikes('lost answer');
  const answer = (outcome: 'done' | 'missing') => {
    if (answers) scheduler.after(faults.delay(), () => done(outcome));
  };
  if (faults.strikes('lost request')) return;
  const { life } = node;
  const attempt = (until: number) => {
    if (node.life !== life) return;
    if (!node.copy.entities.has(id)) return answer('missing');
    const statement = node.marks ? node.copy.beginMark(id) : node.copy.beginDelete(id);
    if (statement) {
      const done = () => {
        if (node.marks) node.everMarked.add(id);
        committed();
        answer('done');
      };
      node.carryOut(statement, { ms: 1 + faults.delay(), done });
    } else if (scheduler.now < until) {
      // others have locked the row
      scheduler.after(1 + faults.delay(), () => attempt(until));
    }
  };
  const late = faults.strikes('late request') ? faults.lateness() : faults.delay();
  scheduler.after(late, () => attempt(scheduler.now + times.statementMs));
}
