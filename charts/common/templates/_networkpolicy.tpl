{{- /* Denies all traffic in both directions, except what is listed here. */ -}}
{{- define "service-library.networkPolicy" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "service-library.name" . }}
  labels: {{- include "service-library.labels" (list . "server") | nindent 4 }}
spec:
  podSelector:
    matchLabels: {{- include "service-library.selector" (list . "server") | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    - ports:
        - { port: http }
      {{- with .Service.clients }}
      from: {{- toYaml . | nindent 8 }}
      {{- end }}
    - ports:
        - { port: management }
      from:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: {{ .Values.metrics.namespace | quote }}
        {{- with .Values.networkPolicy.probes }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  egress:
    {{- toYaml .Service.egress | nindent 4 }}
    {{- include "service-library.dnsEgress" . | nindent 4 }}
{{- end }}

{{- define "service-library.dnsEgress" -}}
- to: {{- toYaml .Values.networkPolicy.dns | nindent 4 }}
  ports:
    {{- range .Values.networkPolicy.dnsPorts }}
    - { port: {{ . }}, protocol: UDP }
    - { port: {{ . }}, protocol: TCP }
    {{- end }}
{{- end }}
