{{- /*
Runs before the release's own objects exist and before a new version starts, so that a failure leaves the old one
serving; it may count on nothing of the release, hence no ServiceAccount, no ConfigMap, and a policy of its own.
*/ -}}
{{- define "service.migration" -}}
{{- $definition := include "service.definition" . | fromYaml -}}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Chart.Name }}-migration
  labels: {{- include "service.labels" (list . "migration") | nindent 4 }}
  annotations: {{- include "service.migrationHook" . | nindent 4 }}
spec:
  backoffLimit: {{ .Values.migration.backoffLimit }}
  activeDeadlineSeconds: {{ .Values.migration.activeDeadlineSeconds }}
  template:
    metadata:
      labels: {{- include "service.podLabels" (list . "migration") | nindent 8 }}
    spec:
      restartPolicy: Never
      {{- include "service.podSettings" . | nindent 6 }}
      containers:
        - name: migration
          {{- include "service.containerSettings" . | nindent 10 }}
          command: [node, services/{{ $definition.folder }}/dist/migrate.js]
          env:
            {{- $environment := include "service.databaseEnvironment" . | fromYaml }}
            {{- range $name, $value := merge (dict) .Values.env $environment }}
            - name: {{ $name }}
              value: {{ $value | toString | quote }}
            {{- end }}
            {{- with .Values.database }}
            - name: DATABASE_USER
              value: {{ .ownerRole | default (printf "%s_owner" .name) }}
            - name: DATABASE_PASSWORD
              valueFrom:
                secretKeyRef:
                  name: {{ .existingSecret }}
                  key: {{ .ownerPasswordKey }}
            {{- end }}
          resources: {{- include "service.smallResources" . | nindent 12 }}
{{- end }}

{{- define "service.migrationPolicy" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .Chart.Name }}-migration
  labels: {{- include "service.labels" (list . "migration") | nindent 4 }}
  annotations:
    {{- include "service.migrationHook" . | nindent 4 }}
    # before the Job
    helm.sh/hook-weight: '-5'
spec:
  podSelector:
    matchLabels: {{- include "service.selector" (list . "migration") | nindent 6 }}
  policyTypes: [Ingress, Egress]
  egress:
    {{- include "service.databaseEgress" . | nindent 4 }}
    {{- include "service.dnsEgress" . | nindent 4 }}
{{- end }}

{{- define "service.migrationHook" -}}
helm.sh/hook: pre-install,pre-upgrade
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
# what went wrong is then part of what `helm install` prints
helm.sh/hook-output-log-policy: hook-failed
{{- end }}
