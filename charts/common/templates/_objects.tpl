{{- /*
Every object of a service. Its templates expect the chart's context with one more key, `Service`: the service's
definition (see README.md).
*/ -}}
{{- define "service-library.objects" -}}
{{ include "service-library.configmap" . }}
{{- if .Values.serviceAccount.create }}
---
{{ include "service-library.serviceAccount" . }}
{{- end }}
---
{{ include "service-library.deployment" . }}
---
{{ include "service-library.service" . }}
{{- if .Values.networkPolicy.enabled }}
---
{{ include "service-library.networkPolicy" . }}
{{- end }}
{{- if gt (include "service-library.minimumReplicas" . | int) 1 }}
---
{{ include "service-library.disruptionBudget" . }}
{{- end }}
{{- if .Values.autoscaling.enabled }}
---
{{ include "service-library.autoscaler" . }}
{{- end }}
{{- if .Values.serviceMonitor.enabled }}
---
{{ include "service-library.serviceMonitor" . }}
{{- end }}
{{- if .Values.prometheusRule.enabled }}
---
{{ include "service-library.prometheusRule" . }}
{{- end }}
{{- end }}
