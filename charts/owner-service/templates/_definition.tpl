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
  {{- if $database.pooler }}
  DATABASE_POOLER: true
  {{- end }}
  {{- include "owner-service.databaseFiles" . | nindent 2 }}
{{- $secrets := dict "root" . "passwordKey" $database.servicePasswordKey "certificate" $database.tls.certificateSecret }}
env: {{- include "owner-service.databasePassword" $secrets | nindent 2 }}
volumes: {{- include "owner-service.databaseVolumes" $secrets | nindent 2 }}
volumeMounts: {{- include "owner-service.databaseMounts" $secrets | nindent 2 }}
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
  - alert: WrongServiceTokens
    expr: |-
      sum(rate(http_token_failures_total{namespace={{ .Release.Namespace | quote }},service={{ .Values.service | quote }},reason="wrong"}[5m])) > 0
    for: 10m
    labels: { severity: warning, service: {{ .Values.service }} }
    annotations:
      summary: Somebody calls internal routes of {{ include "service-library.name" . }} with a wrong service token
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

{{- /*
TLS and the password's file, as environment variables. The files are the same in servers and migrations, from the secrets
of their roles.
*/ -}}
{{- define "owner-service.databaseFiles" -}}
{{- $tls := .Values.database.tls -}}
{{- if .Values.database.passwordFromFile }}
DATABASE_PASSWORD_FILE: /secrets/database/password
{{- end }}
{{- if ne $tls.mode "disable" }}
DATABASE_TLS: {{ $tls.mode }}
{{- if or $tls.caSecret $tls.caConfigMap }}
DATABASE_TLS_CA_FILE: /secrets/database-ca/ca.crt
{{- else if eq $tls.mode "verify-full" }}
DATABASE_TLS_CA_FILE: system
{{- else if eq $tls.mode "verify-ca" }}
{{- fail "database.tls.mode: verify-ca needs database.tls.caSecret or database.tls.caConfigMap" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "owner-service.databasePassword" -}}
{{- $database := .root.Values.database -}}
{{- if not $database.passwordFromFile }}
- name: DATABASE_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ $database.existingSecret | quote }}
      key: {{ .passwordKey | quote }}
{{- end }}
{{- if .certificate }}
- name: DATABASE_TLS_CERT_FILE
  value: /secrets/database-certificate/tls.crt
- name: DATABASE_TLS_KEY_FILE
  value: /secrets/database-certificate/tls.key
{{- end }}
{{- end }}

{{- /* Only the role's own password: the secret has the other one too. */ -}}
{{- define "owner-service.databaseVolumes" -}}
{{- $database := .root.Values.database -}}
{{- $tls := $database.tls -}}
{{- if $database.passwordFromFile }}
- name: database
  secret:
    secretName: {{ $database.existingSecret | quote }}
    items:
      - { key: {{ .passwordKey | quote }}, path: password }
{{- end }}
{{- if $tls.caSecret }}
- name: database-ca
  secret:
    secretName: {{ $tls.caSecret | quote }}
    items:
      - { key: {{ $tls.caKey | quote }}, path: ca.crt }
{{- else if $tls.caConfigMap }}
- name: database-ca
  configMap:
    name: {{ $tls.caConfigMap | quote }}
    items:
      - { key: {{ $tls.caKey | quote }}, path: ca.crt }
{{- end }}
{{- if .certificate }}
- name: database-certificate
  secret:
    secretName: {{ .certificate | quote }}
{{- end }}
{{- end }}

{{- define "owner-service.databaseMounts" -}}
{{- range include "owner-service.databaseVolumes" . | fromYamlArray }}
- name: {{ .name }}
  mountPath: /secrets/{{ .name }}
  readOnly: true
{{- end }}
{{- end }}
