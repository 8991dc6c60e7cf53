import { render, services } from './helm.ts';
import { valueAt, getManifest } from './manifests.ts';

export interface Alert {
  alert: string;
  expr: string;
  labels: { service: string };
}

let rendered: Alert[] | undefined;

/** Returns the alerts of all charts, including the alert of the CronJob. */
export function alerts(): Alert[] {
  return (rendered ??= services.flatMap((release) => {
    const reconcile = release === 'gateway-service' ? { reconcile: { cronJob: { enabled: true } } } : {};
    const { spec } = getManifest(
      render(release, { prometheusRule: { enabled: true }, ...reconcile }),
      'PrometheusRule',
    );
    return valueAt(spec, 'groups.0.rules') as Alert[];
  }));
}
