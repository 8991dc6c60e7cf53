{{- /* All that a policy names is allowed, all else is denied, in both directions. */ -}}
{{- define "service.networkPolicy" -}}
{{- $definition := include "service.definition" . | fromYaml -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .Chart.Name }}
  labels: {{- include "service.labels" (list . "server") | nindent 4 }}
spec:
  podSelector:
    matchLabels: {{- include "service.selector" (list . "server") | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    - ports:
        - { port: http }
      {{- with $definition.clients }}
      from: {{- toYaml . | nindent 8 }}
      {{- end }}
    - ports:
        - { port: management }
      from:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: {{ .Values.metrics.namespace }}
  egress:
    {{- toYaml $definition.egress | nindent 4 }}
    {{- include "service.dnsEgress" . | nindent 4 }}
{{- end }}

{{- define "service.dnsEgress" -}}
- to: {{- toYaml .Values.networkPolicy.dns | nindent 4 }}
  ports:
    - { port: 53, protocol: UDP }
    - { port: 53, protocol: TCP }
{{- end }}

{{- /* The way from an owner to its database: pods of the chart `postgres`, or any address where it is external. */ -}}
{{- define "service.databaseEgress" -}}
- ports:
    - { port: {{ .Values.database.port }} }
  {{- if .Values.networkPolicy.database }}
  to: {{- toYaml .Values.networkPolicy.database | nindent 4 }}
  {{- else if eq .Values.database.host "postgres" }}
  to:
    - podSelector:
        matchLabels:
          app.kubernetes.io/name: postgres
          app.kubernetes.io/component: database
  {{- end }}
{{- end }}

{{- /* The gateway's servers and its Jobs that reconcile, as a peer. */ -}}
{{- define "service.gatewayPeer" -}}
podSelector:
  matchLabels:
    app.kubernetes.io/name: gateway-service
  matchExpressions:
    - { key: app.kubernetes.io/component, operator: In, values: [server, reconcile] }
{{- end }}
