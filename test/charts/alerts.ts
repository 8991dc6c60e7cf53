import { render, services } from './helm.ts';
import { at, get } from './manifests.ts';

export interface Alert {
  alert: string;
  expr: string;
  labels: { service: string };
}

let rendered: Alert[] | undefined;

/** The alerts of all charts, with that of the reconciler's CronJob. */
export function alerts(): Alert[] {
  return (rendered ??= services.flatMap((release) => {
    const reconcile = release === 'gateway-service' ? { reconcile: { cronJob: { enabled: true } } } : {};
    const { spec } = get(render(release, { prometheusRule: { enabled: true }, ...reconcile }), 'PrometheusRule');
    return at(spec, 'groups.0.rules') as Alert[];
  }));
}
