{{- /* The name of all objects: that of the release, or, below an umbrella chart, that of the chart there (its alias). */ -}}
{{- define "postgres.name" -}}
{{ .Values.fullnameOverride | default (.Chart.IsRoot | ternary .Release.Name .Chart.Name) }}
{{- end }}

{{- /* Labels that select one component's pods. Takes (list $ "component"). */ -}}
{{- define "postgres.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ include "postgres.name" $root }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- /* Without a version: a new chart must not restart the server. Takes (list $ "component"). */ -}}
{{- define "postgres.podLabels" -}}
{{ include "postgres.selector" . }}
app.kubernetes.io/part-of: attendance
{{- end }}

{{- define "postgres.labels" -}}
{{- $root := index . 0 -}}
{{ include "postgres.podLabels" . }}
app.kubernetes.io/version: {{ $root.Values.image.tag | replace "@" "_" | replace ":" "_" | trunc 63 | trimAll "-_." | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ $root.Chart.Name }}-{{ $root.Chart.Version }}
{{- end }}

{{- /* Meets the Pod Security standard "restricted". 999 is the user `postgres` of the image. */ -}}
{{- define "postgres.podSettings" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 999
  runAsGroup: 999
  fsGroup: 999
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "postgres.containerSettings" -}}
image: {{ printf "%s:%s" .Values.image.repository .Values.image.tag | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end }}

{{- /* A variable that is read from a secret. Takes (list "VARIABLE" "secret" "key"). */ -}}
{{- define "postgres.secret" -}}
- name: {{ index . 0 }}
  valueFrom:
    secretKeyRef:
      name: {{ index . 1 }}
      key: {{ index . 2 }}
{{- end }}

{{- define "postgres.smallResources" -}}
requests:
  cpu: 50m
  memory: 32Mi
limits:
  memory: 128Mi
{{- end }}
