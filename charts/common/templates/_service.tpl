{{- define "service.service" -}}
{{- $definition := include "service.definition" . | fromYaml -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .Chart.Name }}
  labels: {{- include "service.labels" (list . "server") | nindent 4 }}
spec:
  selector: {{- include "service.selector" (list . "server") | nindent 4 }}
  ports:
    - name: http
      port: {{ $definition.port }}
      targetPort: http
    - name: management
      port: {{ add $definition.port 1000 }}
      targetPort: management
{{- end }}

{{- define "service.serviceAccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ .Chart.Name }}
  labels: {{- include "service.labels" (list . "server") | nindent 4 }}
automountServiceAccountToken: false
{{- end }}
