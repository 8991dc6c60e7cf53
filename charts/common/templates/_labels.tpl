{{- /*
The name of the service and of its objects: that of the release, or, below an umbrella chart, that of the chart there
(its alias).
*/ -}}
{{- define "service-library.name" -}}
{{- $given := .Values.fullnameOverride | default (.Chart.IsRoot | ternary .Release.Name .Chart.Name) -}}
{{- /* an alias may be written `authorService` */ -}}
{{- $name := regexReplaceAll "([a-z0-9])([A-Z])" $given "${1}-${2}" | lower -}}
{{ include "service-library.objectName" (list $name 52) }}
{{- end }}

{{- /*
A name for objects: the given one if it is a DNS label within a length, and a string in YAML. Otherwise it is made one, and
ends with a hash of the given name, so that two given names never become one. Takes (list name length).
*/ -}}
{{- define "service-library.objectName" -}}
{{- $name := index . 0 -}}
{{- $length := index . 1 -}}
{{- $isLabel := and (regexMatch "^[a-z]([-a-z0-9]*[a-z0-9])?$" $name) (le (len $name) $length) -}}
{{- if and $isLabel (not (has $name (list "true" "false" "null" "yes" "no" "on" "off" "y" "n"))) -}}
{{ $name }}
{{- else -}}
{{- $label := regexReplaceAll "[^a-z0-9]+" (regexMatch "^[a-z]" $name | ternary $name (printf "s-%s" $name)) "-" -}}
{{ $label | trunc (int (sub $length 9)) | trimSuffix "-" }}-{{ sha256sum $name | trunc 8 }}
{{- end -}}
{{- end }}

{{- /*
The name of a Job. Helm deletes a hook before it creates it again. Without hooks the name changes with the values instead,
because the pod of a Job cannot be changed. Takes (list $ "component" "hook").
*/ -}}
{{- define "service-library.jobName" -}}
{{- $root := index . 0 -}}
{{- $name := include "service-library.name" $root -}}
{{- if index . 2 -}}
{{ $name }}-{{ index . 1 }}
{{- else -}}
{{ include "service-library.objectName" (list $name 44) }}-{{ index . 1 }}-{{ list $root.Values $root.Chart | toJson | sha256sum | trunc 8 }}
{{- end -}}
{{- end }}

{{- /* Labels that select one component's pods. Takes (list $ "component"). */ -}}
{{- define "service-library.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ include "service-library.name" $root }}
app.kubernetes.io/instance: {{ $root.Release.Name | quote }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- /* Labels of a component's pods. Takes (list $ "component"). */ -}}
{{- define "service-library.podLabels" -}}
{{- $own := include "service-library.ownLabels" . | fromYaml -}}
{{- $selector := include "service-library.selector" . | fromYaml -}}
{{- range $key, $value := (index . 0).Values.podLabels -}}
{{- if not (hasKey $selector $key) -}}
{{- $_ := set $own $key $value -}}
{{- end -}}
{{- end -}}
{{ toYaml $own }}
{{- end }}

{{- define "service-library.ownLabels" -}}
{{ include "service-library.selector" . }}
app.kubernetes.io/version: {{ include "service-library.labelValue" (include "service-library.tag" (index . 0)) | quote }}
app.kubernetes.io/part-of: attendance
{{- end }}

{{- /* Labels of all other objects. Takes (list $ "component"). */ -}}
{{- define "service-library.labels" -}}
{{- $root := index . 0 -}}
{{ include "service-library.ownLabels" . }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ include "service-library.labelValue" (printf "%s-%s" $root.Chart.Name $root.Chart.Version) | quote }}
{{- end }}

{{- define "service-library.tag" -}}
{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- /* A text as a label's value: 63 characters, the last one a letter or digit. */ -}}
{{- define "service-library.labelValue" -}}
{{ regexReplaceAll "[^-A-Za-z0-9_.]" . "_" | trunc 63 | trimAll "-_." }}
{{- end }}
