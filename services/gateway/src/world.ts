import type { Logger } from '@attendance/common/runtime/logger';
import type { Metrics } from '@attendance/common/runtime/metrics';
import type { Times } from '@attendance/common/times';
import { Counter } from 'prom-client';
import { v7 } from 'uuid';
import { authorOwner, conferenceOwner, type AuthorClient, type ConferenceClient } from './owners/owners.ts';
import { observeReconciler } from './observeReconciler.ts';
import type { Dependencies } from './protocol/dependencies.ts';

interface World {
  owners: { author: AuthorClient; conference: ConferenceClient };
  times: Times;
  metrics: Metrics;
  log: Logger;
}

/** What the protocol runs on in production: the owners over HTTP, Node's clock and event loop, Prometheus. */
export function createWorld({ owners, times, metrics, log }: World): Dependencies {
  const counter = (name: string, help: string) => {
    const counts = new Counter({ name, help, labelNames: ['outcome'], registers: [metrics.registry] });
    return (outcome: string) => counts.inc({ outcome });
  };
  return {
    author: authorOwner(owners.author),
    conference: conferenceOwner(owners.conference),
    now: () => performance.now(),
    // from the clock alone: v7() would not follow it back after a step, and owners refuse what is too far ahead
    newId: () => v7({ msecs: Date.now() }),
    timer: (ms, callback) => {
      const timeout = setTimeout(callback, ms);
      return () => clearTimeout(timeout);
    },
    turn: (callback) => void setImmediate(callback),
    times,
    events: {
      added: counter('attendance_adds_total', 'Adds by outcome'),
      removed: counter('attendance_removes_total', 'Removes by outcome'),
      withdrawn: counter('attendance_withdrawals_total', "Withdrawals of an add's claim from one copy, by outcome"),
      ...observeReconciler({ times, metrics, log }),
      stranded: (request_ids, reason) => log.warn({ request_ids, reason }, 'a claim may have stayed in one copy'),
    },
  };
}
