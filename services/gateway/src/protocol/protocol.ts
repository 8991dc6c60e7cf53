import { createAdd } from './add.ts';
import { askAuthor, askConference } from './ask.ts';
import { Background } from './background.ts';
import type { Dependencies } from './dependencies.ts';
import { createList } from './list.ts';
import { createListByConference } from './listByConference.ts';
import { createReadPair } from './readPair.ts';
import type { CompareSizes } from './reconciler/compare.ts';
import { createReconciler } from './reconciler/reconciler.ts';
import { createRemove } from './remove.ts';

export type Protocol = ReturnType<typeof createProtocol>;

/**
 * The attendance relation over two owners, as every client sees it. Holds no state but what is under way.
 * @param sizes how much the reconciler looks at in one go, for tests
 */
export function createProtocol(world: Dependencies, sizes?: CompareSizes) {
  const background = new Background();
  const author = askAuthor(world.author, world);
  const conference = askConference(world.conference, world);
  const parts = { ...world, author, conference, background };
  const readPair = createReadPair(parts);
  return {
    add: createAdd(parts),
    remove: createRemove({ ...parts, readPair }),
    readPair,
    listByEvent: createList({ root: conference, leaf: author }, world),
    listByAuthor: createList({ root: author, leaf: conference }, world),
    listByConference: createListByConference(parts),
    reconciler: createReconciler(world, sizes),
    /** Resolves when no withdrawal is under way any more. */
    idle: () => background.idle(),
  };
}
