{{- /* What every pod has, of the service, its migration and its test: "restricted" in the terms of Pod Security. */ -}}
{{- define "service.podSettings" -}}
automountServiceAccountToken: false
# they would put another service's address into the environment, as in POSTGRES_PORT=tcp://…
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

{{- define "service.containerSettings" -}}
image: {{ printf "%s:%s" .Values.image.repository (include "service.tag" .) | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: {{ .Values.readOnlyRootFilesystem }}
  capabilities:
    drop: [ALL]
{{- end }}

{{- /* For pods that live for a moment. */ -}}
{{- define "service.smallResources" -}}
requests:
  cpu: 50m
  memory: 64Mi
limits:
  memory: 192Mi
{{- end }}

{{- /* A memory quantity as a number: takes "512Mi" or "1Gi". */ -}}
{{- define "service.mebibytes" -}}
{{- $number := int (regexFind "^[0-9]+" .) -}}
{{ hasSuffix "Gi" . | ternary (mul 1024 $number) $number }}
{{- end }}

{{- define "service.nodeOptions" -}}
{{- $memory := .Values.resources.limits.memory -}}
{{- if ge (int .Values.heap) (include "service.mebibytes" $memory | int) -}}
{{- fail (printf "heap: %dMi must be below resources.limits.memory: %s" (int .Values.heap) $memory) -}}
{{- end -}}
--max-old-space-size={{ .Values.heap }}
{{- end }}
