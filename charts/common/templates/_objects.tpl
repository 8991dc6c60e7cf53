{{- /* Every object of a service. */ -}}
{{- define "service.objects" -}}
{{ include "service.configmap" . }}
---
{{ include "service.serviceAccount" . }}
---
{{ include "service.deployment" . }}
---
{{ include "service.service" . }}
{{- if .Values.database }}
---
{{ include "service.migration" . }}
{{- end }}
{{- if and .Values.database .Values.networkPolicy.enabled }}
---
{{ include "service.migrationPolicy" . }}
{{- end }}
{{- if .Values.networkPolicy.enabled }}
---
{{ include "service.networkPolicy" . }}
{{- end }}
{{- if gt (include "service.fewest" . | int) 1 }}
---
{{ include "service.disruptionBudget" . }}
{{- end }}
{{- if .Values.autoscaling.enabled }}
---
{{ include "service.autoscaler" . }}
{{- end }}
{{- if .Values.serviceMonitor.enabled }}
---
{{ include "service.serviceMonitor" . }}
{{- end }}
{{- if .Values.prometheusRule.enabled }}
---
{{ include "service.prometheusRule" . }}
{{- end }}
{{- end }}
