{{- define "service.deployment" -}}
{{- $definition := include "service.definition" . | fromYaml -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Chart.Name }}
  labels: {{- include "service.labels" (list . "server") | nindent 4 }}
spec:
  {{- if not .Values.autoscaling.enabled }}
  replicas: {{ .Values.replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  progressDeadlineSeconds: 240
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: 1
      # a pod goes when another has come
      maxUnavailable: 0
  selector:
    matchLabels: {{- include "service.selector" (list . "server") | nindent 6 }}
  template:
    metadata:
      labels: {{- include "service.podLabels" (list . "server") | nindent 8 }}
      annotations:
        checksum/config: {{ include "service.environment" . | sha256sum }}
        {{- if not .Values.serviceMonitor.enabled }}
        prometheus.io/scrape: 'true'
        prometheus.io/port: {{ add $definition.port 1000 | quote }}
        prometheus.io/path: /metrics
        {{- end }}
        {{- with .Values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ .Chart.Name }}
      {{- include "service.podSettings" . | nindent 6 }}
      {{- with .Values.affinity }}
      affinity: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .Values.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      {{- include "service.topologySpread" . | nindent 6 }}
      # SIGTERM lets the service drain and finish, 14 s at most (common/src/runtime/lifecycle.ts); no preStop sleep
      terminationGracePeriodSeconds: 30
      containers:
        - name: {{ .Chart.Name }}
          {{- include "service.containerSettings" . | nindent 10 }}
          {{- if .Values.debug }}
          # it listens on the pod's loopback, which port-forward reaches and no other pod does
          command: [node, --inspect, services/{{ $definition.folder }}/dist/main.js]
          {{- end }}
          envFrom:
            - configMapRef:
                name: {{ .Chart.Name }}
          env: {{- include "service.secrets" . | nindent 12 }}
          ports:
            - name: http
              containerPort: {{ $definition.port }}
            - name: management
              containerPort: {{ add $definition.port 1000 }}
          {{- include "service.probes" . | nindent 10 }}
          resources: {{- toYaml .Values.resources | nindent 12 }}
{{- end }}

{{- define "service.secrets" -}}
- name: SERVICE_TOKEN
  valueFrom:
    secretKeyRef:
      name: {{ .Values.serviceToken.existingSecret }}
      key: {{ .Values.serviceToken.key }}
{{- if .Values.serviceToken.previousKey }}
- name: SERVICE_TOKEN_PREVIOUS
  valueFrom:
    secretKeyRef:
      name: {{ .Values.serviceToken.existingSecret }}
      key: {{ .Values.serviceToken.previousKey }}
      optional: true
{{- end }}
{{- with .Values.database }}
- name: DATABASE_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ .existingSecret }}
      key: {{ .servicePasswordKey }}
{{- end }}
{{- end }}

{{- define "service.probes" -}}
{{- if and .Values.liveness (not .Values.debug) -}}
# a process stopped at a breakpoint answers neither of these two: they are left out under `debug`
startupProbe:
  httpGet: { path: /healthz, port: management }
  periodSeconds: 1
  timeoutSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet: { path: /healthz, port: management }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
{{ end -}}
readinessProbe:
  httpGet: { path: /readyz, port: management }
  periodSeconds: 3
  timeoutSeconds: 2
  failureThreshold: 3
{{- end }}

{{- define "service.topologySpread" -}}
topologySpreadConstraints:
  {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - topologyKey: {{ . }}
    maxSkew: 1
    whenUnsatisfiable: {{ $.Values.topologySpread.whenUnsatisfiable }}
    labelSelector:
      matchLabels: {{- include "service.selector" (list $ "server") | nindent 8 }}
    # each version by itself, so that a rollout ends evenly spread
    matchLabelKeys: [pod-template-hash]
  {{- end }}
{{- end }}
