{{- /* The environment, without secrets. */ -}}
{{- define "service-library.environment" -}}
{{- $own := dict
  "HOST" "0.0.0.0"
  "PORT" .Service.port
  "MANAGEMENT_PORT" (add .Service.port 1000)
  "LOG_LEVEL" .Values.logLevel
  "MAX_IN_FLIGHT" (int .Values.maxInFlight)
  "NODE_OPTIONS" (include "service-library.nodeOptions" .)
-}}
{{- range $name, $value := merge (dict) .Values.env .Service.environment $own }}
{{ $name }}: {{ $value | toString | quote }}
{{- end }}
{{- end }}

{{- define "service-library.configmap" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "service-library.name" . }}
  labels: {{- include "service-library.labels" (list . "server") | nindent 4 }}
data: {{- include "service-library.environment" . | nindent 2 }}
{{- end }}
