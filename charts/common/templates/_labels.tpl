{{- /*
The name of the service and of its objects: that of the release, or, below an umbrella chart, that of the chart there
(its alias).
*/ -}}
{{- define "service-library.name" -}}
{{ .Values.fullnameOverride | default (.Chart.IsRoot | ternary .Release.Name .Chart.Name) }}
{{- end }}

{{- /* Labels that select one component's pods. Takes (list $ "component"). */ -}}
{{- define "service-library.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ include "service-library.name" $root }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- /* Labels of a component's pods. Takes (list $ "component"). */ -}}
{{- define "service-library.podLabels" -}}
{{ include "service-library.selector" . }}
app.kubernetes.io/version: {{ include "service-library.version" (index . 0) | quote }}
app.kubernetes.io/part-of: attendance
{{- end }}

{{- /* Labels of all other objects. Takes (list $ "component"). */ -}}
{{- define "service-library.labels" -}}
{{- $root := index . 0 -}}
{{ include "service-library.podLabels" . }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ $root.Chart.Name }}-{{ $root.Chart.Version }}
{{- end }}

{{- define "service-library.tag" -}}
{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- /* The image's tag, shortened to what a label can hold: 63 characters, the last one a letter or digit. */ -}}
{{- define "service-library.version" -}}
{{ include "service-library.tag" . | replace "@" "_" | replace ":" "_" | trunc 63 | trimAll "-_." }}
{{- end }}
