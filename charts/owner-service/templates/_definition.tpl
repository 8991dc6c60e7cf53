{{- define "owner-service.values" -}}
{{- /* The first released chart had other names for these two. */ -}}
{{- $database := .Values.database -}}
{{- range $old, $new := dict "ownerRole" "migrationRole" "ownerPasswordKey" "migrationPasswordKey" -}}
{{- if and (hasKey $database $old) (not (hasKey $database $new)) -}}
{{- $_ := set $database $new (index $database $old) -}}
{{- end -}}
{{- end -}}
{{- include "service-library.completeValues" . -}}
{{- end }}

{{- define "owner-service.definition" -}}
{{- $database := .Values.database -}}
name: {{ .Values.service }}
port: {{ .Values.port }}
environment:
  {{- include "owner-service.databaseAddress" . | nindent 2 }}
  DATABASE_USER: {{ $database.serviceRole | default (printf "%s_service" $database.name) | quote }}
  DATABASE_POOL: {{ $database.pool }}
env:
  - name: DATABASE_PASSWORD
    valueFrom:
      secretKeyRef:
        name: {{ $database.existingSecret | quote }}
        key: {{ $database.servicePasswordKey | quote }}
clients:
  - podSelector:
      matchLabels:
        app.kubernetes.io/name: {{ .Values.networkPolicy.gateway | quote }}
      matchExpressions:
        - { key: app.kubernetes.io/component, operator: In, values: [server, reconcile] }
egress:
  {{- include "owner-service.databaseEgress" . | nindent 2 }}
alerts:
  - alert: DatabasePoolExhausted
    expr: |-
      max(database_pool_connections{namespace={{ .Release.Namespace | quote }},service={{ .Values.service | quote }},state="waiting"}) > 0
    for: 5m
    labels: { severity: warning, service: {{ .Values.service }} }
    annotations:
      summary: Statements of {{ include "service-library.name" . }} wait for a database connection
{{- end }}

{{- define "owner-service.databaseAddress" -}}
DATABASE_HOST: {{ .Values.database.host | quote }}
DATABASE_PORT: {{ .Values.database.port }}
DATABASE_NAME: {{ .Values.database.name | quote }}
{{- end }}

{{- /* Allows connections to the database: to the pods of the chart `postgres`, or to any host on `database.port`. */ -}}
{{- define "owner-service.databaseEgress" -}}
- ports:
    - { port: {{ .Values.database.port }} }
  {{- if .Values.networkPolicy.database }}
  to: {{- toYaml .Values.networkPolicy.database | nindent 4 }}
  {{- else if eq .Values.database.host "postgres" }}
  to:
    - podSelector:
        matchLabels:
          app.kubernetes.io/name: postgres
          app.kubernetes.io/component: database
  {{- end }}
{{- end }}
