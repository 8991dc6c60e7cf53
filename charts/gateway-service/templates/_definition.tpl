{{- define "service.definition" -}}
folder: gateway
port: 8090
environment:
  AUTHOR_SERVICE_URL: http://author-service:8070
  CONFERENCE_SERVICE_URL: http://conference-service:8080
  RECONCILE: {{ .Values.reconcile.enabled | quote }}
clients:
  {{- with .Values.networkPolicy.clients }}
  {{- toYaml . | nindent 2 }}
  - podSelector:
      matchLabels: {{- include "service.selector" (list $ "test") | nindent 8 }}
  {{- end }}
egress:
  - to:
      - podSelector:
          matchLabels:
            app.kubernetes.io/name: author-service
            app.kubernetes.io/component: server
    ports:
      - { port: 8070 }
  - to:
      - podSelector:
          matchLabels:
            app.kubernetes.io/name: conference-service
            app.kubernetes.io/component: server
    ports:
      - { port: 8080 }
alerts:
  {{- include "gateway.alerts" . | nindent 2 }}
  {{- include "gateway.reconcilerAlerts" . | nindent 2 }}
{{- end }}

{{- /* What the protocol itself has to say, beside what each service is watched for. */ -}}
{{- define "gateway.alerts" -}}
{{- $series := printf "namespace=%q,service=\"gateway\"" .Release.Namespace -}}
- alert: OwnerFails
  expr: |-
    sum by (downstream) (rate(downstream_request_duration_seconds_count{ {{- $series -}} ,outcome=~"not_sent|reset|unknown|not_executed"}[5m]))
      / sum by (downstream) (rate(downstream_request_duration_seconds_count{ {{- $series -}} }[5m])) > 0.05
  for: 2m
  labels: { severity: critical, service: gateway }
  annotations:
    summary: More than 5 % of the gateway's calls to one owner fail
- alert: AddsUnknown
  expr: sum(rate(attendance_adds_total{ {{- $series -}} ,outcome="unknown"}[5m])) > 0
  for: 10m
  labels: { severity: warning, service: gateway }
  annotations:
    summary: Adds end with an unknown outcome (504)
- alert: WithdrawalsFail
  expr: sum(rate(attendance_withdrawals_total{ {{- $series -}} ,outcome!="retired"}[5m])) > 0
  for: 10m
  labels: { severity: warning, service: gateway }
  annotations:
    summary: Half claims stay behind, because their withdrawal fails
{{- end }}
