{{- define "service.definition" -}}
folder: conference
port: 8080
environment: {}
clients:
  - {{- include "service.gatewayPeer" . | nindent 4 }}
egress:
  {{- include "service.databaseEgress" . | nindent 2 }}
{{- end }}
