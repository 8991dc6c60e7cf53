{{- /* The name of all objects: that of the release, or, below an umbrella chart, that of the chart there (its alias). */ -}}
{{- define "postgres.name" -}}
{{- $given := .Values.fullnameOverride | default (.Chart.IsRoot | ternary .Release.Name .Chart.Name) -}}
{{- /* an alias may be written `authorService` */ -}}
{{- $name := regexReplaceAll "([a-z0-9])([A-Z])" $given "${1}-${2}" | lower -}}
{{ include "postgres.objectName" (list $name 52) }}
{{- end }}

{{- /*
A name for objects: the given one if it is a DNS label within a length, and a string in YAML. Otherwise it is made one, and
ends with a hash of the given name, so that two given names never become one. Takes (list name length).
*/ -}}
{{- define "postgres.objectName" -}}
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
{{- define "postgres.jobName" -}}
{{- $root := index . 0 -}}
{{- $name := include "postgres.name" $root -}}
{{- if index . 2 -}}
{{ $name }}-{{ index . 1 }}
{{- else -}}
{{ include "postgres.objectName" (list $name 44) }}-{{ index . 1 }}-{{ list $root.Values $root.Chart | toJson | sha256sum | trunc 8 }}
{{- end -}}
{{- end }}

{{- /* Labels that select one component's pods. Takes (list $ "component"). */ -}}
{{- define "postgres.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ include "postgres.name" $root }}
app.kubernetes.io/instance: {{ $root.Release.Name | quote }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- /* Labels of a component's pods. Without a version: a new chart must not restart the server. Takes (list $ "component"). */ -}}
{{- define "postgres.podLabels" -}}
{{- $own := include "postgres.ownLabels" . | fromYaml -}}
{{- $selector := include "postgres.selector" . | fromYaml -}}
{{- range $key, $value := (index . 0).Values.podLabels -}}
{{- if not (hasKey $selector $key) -}}
{{- $_ := set $own $key $value -}}
{{- end -}}
{{- end -}}
{{ toYaml $own }}
{{- end }}

{{- define "postgres.ownLabels" -}}
{{ include "postgres.selector" . }}
app.kubernetes.io/part-of: attendance
{{- end }}

{{- define "postgres.labels" -}}
{{- $root := index . 0 -}}
{{ include "postgres.ownLabels" . }}
app.kubernetes.io/version: {{ include "postgres.labelValue" $root.Values.image.tag | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ include "postgres.labelValue" (printf "%s-%s" $root.Chart.Name $root.Chart.Version) | quote }}
{{- end }}

{{- /* A text as a label's value: 63 characters, the last one a letter or digit. */ -}}
{{- define "postgres.labelValue" -}}
{{ regexReplaceAll "[^-A-Za-z0-9_.]" . "_" | trunc 63 | trimAll "-_." }}
{{- end }}

{{- /*
Settings of every pod: servers, Jobs and tests, except for its containers and volumes. By default they meet the Pod
Security standard "restricted". The values override them. Takes (list $ further), with the further settings of this pod.
*/ -}}
{{- define "postgres.podSettings" -}}
{{- $values := (index . 0).Values -}}
{{- $pod := index . 1 -}}
{{- $_ := set $pod "automountServiceAccountToken" false -}}
{{- /* Service links would add variables such as POSTGRES_PORT=tcp://… to the environment. */ -}}
{{- $_ := set $pod "enableServiceLinks" false -}}
{{- $_ := set $pod "securityContext" (include "postgres.withoutNulls" $values.podSecurityContext | fromYaml) -}}
{{- range list "imagePullSecrets" "nodeSelector" "tolerations" "affinity" "priorityClassName" -}}
{{- if index $values . -}}
{{- $_ := set $pod . (index $values .) -}}
{{- end -}}
{{- end -}}
{{- /* A Job that runs before the release has no ServiceAccount of it. */ -}}
{{- if and $values.serviceAccount.name (not $values.serviceAccount.create) -}}
{{- $_ := set $pod "serviceAccountName" $values.serviceAccount.name -}}
{{- end -}}
{{- range $field, $value := $values.podSpec -}}
{{- $_ := set $pod $field $value -}}
{{- end -}}
{{ include "postgres.withoutNulls" $pod }}
{{- end }}

{{- /* A map without the fields that are null. Helm removes these only from a chart's own defaults. */ -}}
{{- define "postgres.withoutNulls" -}}
{{- $map := dict -}}
{{- range $field, $value := . -}}
{{- if not (kindIs "invalid" $value) -}}
{{- $_ := set $map $field $value -}}
{{- end -}}
{{- end -}}
{{ toYaml $map }}
{{- end }}

{{- define "postgres.serviceAccountName" -}}
{{ .Values.serviceAccount.name | default (.Values.serviceAccount.create | ternary (include "postgres.name" .) "default") }}
{{- end }}

{{- define "postgres.containerSettings" -}}
image: {{ printf "%s:%s" .Values.image.repository .Values.image.tag | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext: {{- include "postgres.withoutNulls" .Values.securityContext | nindent 2 }}
{{- end }}

{{- /* A variable that is read from a secret. Takes (list "VARIABLE" "secret" "key"). */ -}}
{{- define "postgres.secret" -}}
- name: {{ index . 0 }}
  valueFrom:
    secretKeyRef:
      name: {{ index . 1 | quote }}
      key: {{ index . 2 | quote }}
{{- end }}
