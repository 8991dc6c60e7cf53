{{- /* The environment, without secrets. */ -}}
{{- define "service-library.environment" -}}
{{- $all := dict
  "PORT" .Service.port
  "MANAGEMENT_PORT" (add .Service.port 1000)
  "LOG_LEVEL" .Values.logLevel
  "MAX_IN_FLIGHT" (int .Values.maxInFlight)
  "NODE_OPTIONS" (include "service-library.nodeOptions" .)
-}}
{{- range list .Service.environment .Values.env }}
{{- range $name, $value := . }}
{{- $_ := set $all $name $value }}
{{- end }}
{{- end }}
{{- range $name, $value := $all }}
{{- if not (kindIs "invalid" $value) }}
{{ $name }}: {{ include "service-library.text" $value | quote }}
{{- end }}
{{- end }}
{{- end }}

{{- /* A string, number or boolean as text. A million is 1000000, not 1e+06. */ -}}
{{- define "service-library.text" -}}
{{ kindIs "string" . | ternary . (toJson .) }}
{{- end }}

{{- /* Entries of a container's `env`, without those that the value `env` replaces. Takes (list $ entries). */ -}}
{{- define "service-library.env" -}}
{{- $values := (index . 0).Values -}}
{{- $entries := list -}}
{{- range index . 1 }}
{{- if not (hasKey $values.env .name) }}
{{- $entries = append $entries . }}
{{- end }}
{{- end }}
{{- toYaml $entries }}
{{- end }}

{{- define "service-library.configmap" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "service-library.name" . }}
  labels: {{- include "service-library.labels" (list . "server") | nindent 4 }}
data: {{- include "service-library.environment" . | nindent 2 }}
{{- end }}
