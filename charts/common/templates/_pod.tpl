{{- /*
Settings of every pod: servers, Jobs and tests, except for its containers and volumes. By default they meet the Pod
Security standard "restricted". The values override them. Takes (list $ further), with the further settings of this pod.
*/ -}}
{{- define "service-library.podSettings" -}}
{{- $values := (index . 0).Values -}}
{{- $pod := index . 1 -}}
{{- $_ := set $pod "automountServiceAccountToken" false -}}
{{- /* Service links would add variables such as POSTGRES_PORT=tcp://… to the environment. */ -}}
{{- $_ := set $pod "enableServiceLinks" false -}}
{{- $_ := set $pod "securityContext" (include "service-library.withoutNulls" $values.podSecurityContext | fromYaml) -}}
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
{{ include "service-library.withoutNulls" $pod }}
{{- end }}

{{- /* A map without the fields that are null. Helm removes these only from a chart's own defaults. */ -}}
{{- define "service-library.withoutNulls" -}}
{{- $map := dict -}}
{{- range $field, $value := . -}}
{{- if not (kindIs "invalid" $value) -}}
{{- $_ := set $map $field $value -}}
{{- end -}}
{{- end -}}
{{ toYaml $map }}
{{- end }}

{{- define "service-library.serviceAccountName" -}}
{{ .Values.serviceAccount.name | default (.Values.serviceAccount.create | ternary (include "service-library.name" .) "default") }}
{{- end }}

{{- define "service-library.containerSettings" -}}
image: {{ printf "%s:%s" .Values.image.repository (include "service-library.tag" .) | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
{{- $context := dict "readOnlyRootFilesystem" .Values.readOnlyRootFilesystem -}}
{{- range $field, $value := .Values.securityContext -}}
{{- $_ := set $context $field $value -}}
{{- end }}
securityContext: {{- include "service-library.withoutNulls" $context | nindent 2 }}
{{- end }}

{{- /* The memory limit of `resources`, in MiB; 0 if there is none. A quantity is 512Mi, 1.5Gi, 1G or a number of bytes. */ -}}
{{- define "service-library.memoryLimit" -}}
{{- $quantity := dig "limits" "memory" 0 . | toJson | trimAll "\"" -}}
{{- $bytes := dict "" 1 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 -}}
{{- $unit := regexFind "[A-Za-z]*$" $quantity -}}
{{ divf (mulf (trimSuffix $unit $quantity | float64) (get $bytes $unit | float64)) 1048576 | int }}
{{- end }}

{{- define "service-library.nodeOptions" -}}
{{- $memory := include "service-library.memoryLimit" .Values.resources | int -}}
{{- if and $memory (ge (int .Values.heap) $memory) -}}
{{- fail (printf "heap: %dMi must be below resources.limits.memory: %v" (int .Values.heap) .Values.resources.limits.memory) -}}
{{- end -}}
--max-old-space-size={{ .Values.heap }}
{{- end }}
