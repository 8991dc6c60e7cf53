{{- /* The environment that is no secret. */ -}}
{{- define "service.environment" -}}
{{- $definition := include "service.definition" . | fromYaml -}}
HOST: 0.0.0.0
PORT: {{ $definition.port | quote }}
MANAGEMENT_PORT: {{ add $definition.port 1000 | quote }}
LOG_LEVEL: {{ .Values.logLevel }}
MAX_IN_FLIGHT: {{ .Values.maxInFlight | int | quote }}
NODE_OPTIONS: {{ include "service.nodeOptions" . }}
{{- with .Values.database }}
{{ include "service.databaseEnvironment" $ }}
DATABASE_USER: {{ .serviceRole | default (printf "%s_service" .name) }}
DATABASE_POOL: {{ .pool | int | quote }}
{{- end }}
{{- range $name, $value := merge (dict) .Values.env $definition.environment }}
{{ $name }}: {{ $value | toString | quote }}
{{- end }}
{{- end }}

{{- define "service.databaseEnvironment" -}}
DATABASE_HOST: {{ .Values.database.host }}
DATABASE_PORT: {{ .Values.database.port | int | quote }}
DATABASE_NAME: {{ .Values.database.name }}
{{- end }}

{{- define "service.configmap" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Chart.Name }}
  labels: {{- include "service.labels" (list . "server") | nindent 4 }}
data: {{- include "service.environment" . | nindent 2 }}
{{- end }}
