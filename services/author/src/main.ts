import { runOwner } from '@attendance/common/runtime/runOwner';
import { authorService } from './service.ts';

runOwner(authorService);
