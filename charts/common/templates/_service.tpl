{{- define "service-library.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "service-library.name" . }}
  labels: {{- include "service-library.labels" (list . "server") | nindent 4 }}
  {{- with .Values.serviceAnnotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- with .Values.serviceSpec }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
  selector: {{- include "service-library.selector" (list . "server") | nindent 4 }}
  ports:
    - name: http
      port: {{ .Service.port }}
      targetPort: http
    - name: management
      port: {{ add .Service.port 1000 }}
      targetPort: management
{{- end }}

{{- define "service-library.serviceAccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "service-library.serviceAccountName" . }}
  labels: {{- include "service-library.labels" (list . "server") | nindent 4 }}
  {{- with .Values.serviceAccount.annotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: false
{{- end }}
