import { render, services } from './helm.ts';
import { at, get } from './manifests.ts';

export interface Alert {
  alert: string;
  expr: string;
  labels: { service: string };
}

let rendered: Alert[] | undefined;

/** The alerts of all charts, those of the job that reconciles among them. */
export function alerts(): Alert[] {
  return (rendered ??= services.flatMap((chart) => {
    const reconcile = chart === 'gateway-service' ? { reconcile: { cronJob: { enabled: true } } } : {};
    const { spec } = get(render(chart, { prometheusRule: { enabled: true }, ...reconcile }), 'PrometheusRule');
    return at(spec, 'groups.0.rules') as Alert[];
  }));
}
