{{- define "service.serviceMonitor" -}}
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: {{ .Chart.Name }}
  labels:
    {{- include "service.labels" (list . "server") | nindent 4 }}
    {{- with .Values.serviceMonitor.release }}
    release: {{ . }}
    {{- end }}
spec:
  selector:
    matchLabels: {{- include "service.selector" (list . "server") | nindent 6 }}
  endpoints:
    - port: management
      path: /metrics
      interval: {{ .Values.serviceMonitor.interval }}
      # the label `service` stays what the service itself says, as with annotations
      honorLabels: true
{{- end }}

{{- define "service.prometheusRule" -}}
{{- $definition := include "service.definition" . | fromYaml -}}
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: {{ .Chart.Name }}
  labels:
    {{- include "service.labels" (list . "server") | nindent 4 }}
    {{- with .Values.prometheusRule.release }}
    release: {{ . }}
    {{- end }}
spec:
  groups:
    - name: {{ .Chart.Name }}
      rules:
        {{- include "service.alerts" . | nindent 8 }}
        {{- with .Values.database }}
        {{- include "service.databaseAlerts" $ | nindent 8 }}
        {{- end }}
        {{- with $definition.alerts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
{{- end }}

{{- /* Which series are this release's: the operator adds the namespace to each. */ -}}
{{- define "service.series" -}}
{{- $definition := include "service.definition" . | fromYaml -}}
namespace="{{ .Release.Namespace }}",service="{{ $definition.folder }}"
{{- end }}

{{- /* Each says of which service it is: an expression that aggregates has no labels of its own. */ -}}
{{- define "service.alerts" -}}
{{- $series := include "service.series" . -}}
{{- $service := (include "service.definition" . | fromYaml).folder -}}
- alert: ServiceDown
  expr: absent(process_start_time_seconds{ {{- $series -}} })
  for: 2m
  labels: { severity: critical, service: {{ $service }} }
  annotations:
    summary: No pod of {{ .Chart.Name }} answers the scraper
- alert: ServiceErrors
  expr: |-
    sum(rate(http_request_duration_seconds_count{ {{- $series -}} ,status=~"5.."}[5m]))
      / sum(rate(http_request_duration_seconds_count{ {{- $series -}} }[5m])) > 0.01
  for: 5m
  labels: { severity: critical, service: {{ $service }} }
  annotations:
    summary: More than 1 % of the answers of {{ .Chart.Name }} are 5xx
- alert: ServiceSlow
  expr: |-
    histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{ {{- $series -}} }[5m]))) > 1
  for: 10m
  labels: { severity: warning, service: {{ $service }} }
  annotations:
    summary: One request in a hundred to {{ .Chart.Name }} takes longer than 1 s
- alert: ServiceOverloaded
  expr: sum(rate(http_requests_shed_total{ {{- $series -}} }[5m])) > 0
  for: 5m
  labels: { severity: warning, service: {{ $service }} }
  annotations:
    summary: Requests to {{ .Chart.Name }} are refused because too many are under way
- alert: EventLoopLag
  expr: max(nodejs_eventloop_lag_p99_seconds{ {{- $series -}} }) > 0.2
  for: 10m
  labels: { severity: warning, service: {{ $service }} }
  annotations:
    summary: A pod of {{ .Chart.Name }} has more to compute than one core can
{{- end }}

{{- define "service.databaseAlerts" -}}
{{- $service := (include "service.definition" . | fromYaml).folder -}}
- alert: DatabasePoolExhausted
  expr: max(database_pool_connections{ {{- include "service.series" . -}} ,state="waiting"}) > 0
  for: 5m
  labels: { severity: warning, service: {{ $service }} }
  annotations:
    summary: Statements of {{ .Chart.Name }} wait for a connection to the database
{{- end }}
