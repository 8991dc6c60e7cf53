{{- define "gateway-service.definition" -}}
name: gateway
port: 8090
environment:
  AUTHOR_SERVICE_URL: {{ .Values.ownerServices.author | quote }}
  CONFERENCE_SERVICE_URL: {{ .Values.ownerServices.conference | quote }}
  RECONCILE: {{ .Values.reconcile.enabled }}
clients:
  {{- with .Values.networkPolicy.clients }}
  {{- toYaml . | nindent 2 }}
  - podSelector:
      matchLabels: {{- include "service-library.selector" (list $ "test") | nindent 8 }}
  {{- end }}
egress:
  {{- range .Values.ownerServices }}
  {{- $port := regexFind "[0-9]+$" . }}
  {{- $host := (urlParse .).host | trimSuffix (printf ":%s" $port) }}
  - ports:
      - { port: {{ $port }} }
    {{- if not (regexMatch "[.:]" $host) }}
    to:
      - podSelector:
          matchLabels:
            app.kubernetes.io/name: {{ $host | quote }}
            app.kubernetes.io/component: server
    {{- end }}
  {{- end }}
alerts:
  {{- include "gateway-service.alerts" . | nindent 2 }}
  {{- include "gateway-service.reconcilerAlerts" . | nindent 2 }}
{{- end }}

{{- /* Alerts on the protocol; those that every service has are in the library chart. */ -}}
{{- define "gateway-service.alerts" -}}
{{- $series := printf "namespace=%q,service=\"gateway\"" .Release.Namespace -}}
- alert: OwnerServiceFails
  expr: |-
    sum by (downstream) (rate(downstream_request_duration_seconds_count{ {{- $series -}} ,outcome=~"5..|unknown|not_executed"}[5m]))
      / sum by (downstream) (rate(downstream_request_duration_seconds_count{ {{- $series -}} }[5m])) > 0.05
  for: 2m
  labels: { severity: critical, service: gateway }
  annotations:
    summary: More than 5 % of the gateway's calls to one owner service fail
- alert: ServicesDisagree
  expr: max by (downstream, what) (downstream_mismatch{ {{- $series -}} }) == 1
  for: 2m
  labels: { severity: critical, service: gateway }
  annotations:
    summary: The gateway and an owner service do not agree on what both must have in common
    description: |-
      The label `what` names it: the token, the times, the clock, the service's address or the version. While no replica
      agrees, the gateway sends no operation on attendance: docs/operating.md, "What the services must agree on".
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
    summary: Withdrawals of claims fail and leave half claims behind
{{- end }}
