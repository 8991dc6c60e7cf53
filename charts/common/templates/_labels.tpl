{{- /* Labels that select one component's pods; takes (list $ "component"). */ -}}
{{- define "service.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ $root.Chart.Name }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- /* Labels of a component's pods; takes (list $ "component"). */ -}}
{{- define "service.podLabels" -}}
{{ include "service.selector" . }}
app.kubernetes.io/version: {{ include "service.version" (index . 0) | quote }}
app.kubernetes.io/part-of: attendance
{{- end }}

{{- /* Labels of every other object; takes (list $ "component"). */ -}}
{{- define "service.labels" -}}
{{- $root := index . 0 -}}
{{ include "service.podLabels" . }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ $root.Chart.Name }}-{{ $root.Chart.Version }}
{{- end }}

{{- define "service.tag" -}}
{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- /* The image's tag as far as a label can hold it: 63 characters, of which the last is a letter or digit. */ -}}
{{- define "service.version" -}}
{{ include "service.tag" . | replace "@" "_" | replace ":" "_" | trunc 63 | trimAll "-_." }}
{{- end }}
