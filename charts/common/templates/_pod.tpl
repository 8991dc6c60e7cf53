{{- /* Settings of every pod: servers, Jobs and tests. They meet the Pod Security standard "restricted". */ -}}
{{- define "service-library.podSettings" -}}
automountServiceAccountToken: false
# Service links would add variables such as POSTGRES_PORT=tcp://… to the environment.
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
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

{{- define "service-library.containerSettings" -}}
image: {{ printf "%s:%s" .Values.image.repository (include "service-library.tag" .) | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: {{ .Values.readOnlyRootFilesystem }}
  capabilities:
    drop: [ALL]
{{- end }}

{{- /* For short-lived pods. */ -}}
{{- define "service-library.smallResources" -}}
requests:
  cpu: 50m
  memory: 64Mi
limits:
  memory: 192Mi
{{- end }}

{{- /* Converts "512Mi" or "1Gi" to a number of MiB. */ -}}
{{- define "service-library.mebibytes" -}}
{{- $number := int (regexFind "^[0-9]+" .) -}}
{{ hasSuffix "Gi" . | ternary (mul 1024 $number) $number }}
{{- end }}

{{- define "service-library.nodeOptions" -}}
{{- $memory := .Values.resources.limits.memory -}}
{{- if ge (int .Values.heap) (include "service-library.mebibytes" $memory | int) -}}
{{- fail (printf "heap: %dMi must be below resources.limits.memory: %s" (int .Values.heap) $memory) -}}
{{- end -}}
--max-old-space-size={{ .Values.heap }}
{{- end }}
