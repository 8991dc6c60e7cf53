{{- define "service-library.serviceMonitor" -}}
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: {{ include "service-library.name" . }}
  labels:
    {{- include "service-library.labels" (list . "server") | nindent 4 }}
    {{- with .Values.serviceMonitor.release }}
    release: {{ . | quote }}
    {{- end }}
spec:
  selector:
    matchLabels: {{- include "service-library.selector" (list . "server") | nindent 6 }}
  endpoints:
    - port: management
      path: /metrics
      interval: {{ .Values.serviceMonitor.interval }}
      # keeps the label `service` that the service itself sets, as with annotations
      honorLabels: true
{{- end }}

{{- define "service-library.prometheusRule" -}}
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: {{ include "service-library.name" . }}
  labels:
    {{- include "service-library.labels" (list . "server") | nindent 4 }}
    {{- with .Values.prometheusRule.release }}
    release: {{ . | quote }}
    {{- end }}
spec:
  groups:
    - name: {{ include "service-library.name" . }}
      rules:
        {{- include "service-library.alerts" . | nindent 8 }}
        {{- toYaml .Service.alerts | nindent 8 }}
{{- end }}

{{- /* Label matchers for the series of this service. */ -}}
{{- define "service-library.series" -}}
namespace="{{ .Release.Namespace }}",service="{{ .Service.name }}"
{{- end }}

{{- /* Each alert sets the label `service`, because an aggregating expression has none. */ -}}
{{- define "service-library.alerts" -}}
{{- $series := include "service-library.series" . -}}
- alert: ServiceDown
  expr: absent(process_start_time_seconds{ {{- $series -}} })
  for: 2m
  labels: { severity: critical, service: {{ .Service.name }} }
  annotations:
    summary: Prometheus reaches no pod of {{ include "service-library.name" . }}
- alert: ServiceErrors
  expr: |-
    sum(rate(http_request_duration_seconds_count{ {{- $series -}} ,status=~"5.."}[5m]))
      / sum(rate(http_request_duration_seconds_count{ {{- $series -}} }[5m])) > 0.01
  for: 5m
  labels: { severity: critical, service: {{ .Service.name }} }
  annotations:
    summary: More than 1 % of the responses of {{ include "service-library.name" . }} are 5xx
- alert: ServiceSlow
  expr: |-
    histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{ {{- $series -}} }[5m]))) > 1
  for: 10m
  labels: { severity: warning, service: {{ .Service.name }} }
  annotations:
    summary: 1 % of the requests to {{ include "service-library.name" . }} take longer than 1 s
- alert: ServiceOverloaded
  expr: |-
    sum(rate(http_requests_shed_total{ {{- $series -}} }[5m])) > 0
      or sum(rate(http_connections_refused_total{ {{- $series -}} ,reason="connection_limit"}[5m])) > 0
  for: 5m
  labels: { severity: warning, service: {{ .Service.name }} }
  annotations:
    summary: {{ include "service-library.name" . }} rejects requests or connections because there are too many
- alert: EventLoopLag
  expr: max(nodejs_eventloop_lag_p99_seconds{ {{- $series -}} }) > 0.2
  for: 10m
  labels: { severity: warning, service: {{ .Service.name }} }
  annotations:
    summary: A pod of {{ include "service-library.name" . }} needs more CPU than one core
- alert: LogLinesDropped
  expr: sum(rate(log_lines_dropped_total{ {{- $series -}} }[5m])) > 0
  for: 10m
  labels: { severity: warning, service: {{ .Service.name }} }
  annotations:
    summary: {{ include "service-library.name" . }} cannot write its log and drops lines
{{- end }}
