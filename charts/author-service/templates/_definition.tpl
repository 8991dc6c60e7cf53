{{- define "service.definition" -}}
folder: author
port: 8070
environment: {}
clients:
  - {{- include "service.gatewayPeer" . | nindent 4 }}
egress:
  {{- include "service.databaseEgress" . | nindent 2 }}
{{- end }}
