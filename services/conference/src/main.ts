import { runOwner } from '@attendance/common/runtime/runOwner';
import { conferenceService } from './service.ts';

runOwner(conferenceService);
