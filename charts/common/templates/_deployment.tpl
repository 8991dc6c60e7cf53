{{- define "service-library.deployment" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "service-library.name" . }}
  labels: {{- include "service-library.labels" (list . "server") | nindent 4 }}
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
      # an old pod ends only after a new one is ready
      maxUnavailable: 0
  selector:
    matchLabels: {{- include "service-library.selector" (list . "server") | nindent 6 }}
  template:
    metadata:
      labels: {{- include "service-library.podLabels" (list . "server") | nindent 8 }}
      annotations: {{- include "service-library.serverAnnotations" . | nindent 8 }}
    spec:
      {{- include "service-library.podSettings" (list . (include "service-library.serverSettings" . | fromYaml)) | nindent 6 }}
      containers:
        - name: {{ include "service-library.name" . }}
          {{- include "service-library.containerSettings" . | nindent 10 }}
          {{- if .Values.debug }}
          # It listens on the pod's loopback only, so port-forward reaches it and other pods do not.
          command: [node, --inspect, services/{{ .Service.name }}/dist/main.js]
          {{- end }}
          envFrom:
            - configMapRef:
                name: {{ include "service-library.name" . }}
          {{- $env := concat (include "service-library.serviceToken" . | fromYamlArray) (.Service.env | default list) }}
          env: {{- include "service-library.env" (list . $env) | nindent 12 }}
          {{- with include "service-library.volumeMounts" . | fromYamlArray }}
          volumeMounts: {{- toYaml . | nindent 12 }}
          {{- end }}
          ports:
            - name: http
              containerPort: {{ .Service.port }}
            - name: management
              containerPort: {{ add .Service.port 1000 }}
          {{- include "service-library.probes" . | nindent 10 }}
          resources: {{- toYaml .Values.resources | nindent 12 }}
      {{- with include "service-library.volumes" . | fromYamlArray }}
      volumes: {{- toYaml . | nindent 8 }}
      {{- end }}
{{- end }}

{{- /* Of a Deployment: its own, and the service token's. */ -}}
{{- define "service-library.volumes" -}}
{{- with .Service.volumes }}
{{ toYaml . }}
{{- end }}
{{ include "service-library.serviceTokenVolume" . }}
{{- end }}

{{- define "service-library.volumeMounts" -}}
{{- with .Service.volumeMounts }}
{{ toYaml . }}
{{- end }}
{{ include "service-library.serviceTokenMount" . }}
{{- end }}

{{- /* The whole secret: the previous token may be missing. */ -}}
{{- define "service-library.serviceTokenVolume" -}}
{{- if .Values.serviceToken.fromFile }}
- name: service-token
  secret:
    secretName: {{ .Values.serviceToken.existingSecret | quote }}
{{- end }}
{{- end }}

{{- define "service-library.serviceTokenMount" -}}
{{- if .Values.serviceToken.fromFile }}
- name: service-token
  mountPath: /secrets/service-token
  readOnly: true
{{- end }}
{{- end }}

{{- define "service-library.serverAnnotations" -}}
{{- $all := dict "checksum/config" (include "service-library.environment" . | sha256sum) -}}
{{- if not .Values.serviceMonitor.enabled -}}
{{- $_ := set $all "prometheus.io/scrape" "true" -}}
{{- $_ := set $all "prometheus.io/port" (add .Service.port 1000 | toString) -}}
{{- $_ := set $all "prometheus.io/path" "/metrics" -}}
{{- end -}}
{{- range $key, $value := .Values.podAnnotations -}}
{{- $_ := set $all $key $value -}}
{{- end -}}
{{ toYaml $all }}
{{- end }}

{{- define "service-library.serverSettings" -}}
serviceAccountName: {{ include "service-library.serviceAccountName" . }}
# After SIGTERM the service drains and finishes within 14 s (common/src/runtime/lifecycle.ts). No preStop sleep.
terminationGracePeriodSeconds: 30
{{ include "service-library.topologySpread" . }}
{{- end }}

{{- define "service-library.serviceToken" -}}
{{- if .Values.serviceToken.fromFile }}
- name: SERVICE_TOKEN_FILE
  value: {{ printf "/secrets/service-token/%s" .Values.serviceToken.key | quote }}
{{- with .Values.serviceToken.previousKey }}
- name: SERVICE_TOKEN_PREVIOUS_FILE
  value: {{ printf "/secrets/service-token/%s" . | quote }}
{{- end }}
{{- else }}
- name: SERVICE_TOKEN
  valueFrom:
    secretKeyRef:
      name: {{ .Values.serviceToken.existingSecret | quote }}
      key: {{ .Values.serviceToken.key | quote }}
{{- if .Values.serviceToken.previousKey }}
- name: SERVICE_TOKEN_PREVIOUS
  valueFrom:
    secretKeyRef:
      name: {{ .Values.serviceToken.existingSecret | quote }}
      key: {{ .Values.serviceToken.previousKey | quote }}
      optional: true
{{- end }}
{{- end }}
{{- end }}

{{- define "service-library.probes" -}}
{{- if and .Values.liveness (not .Values.debug) -}}
# Left out under `debug`: a process that is paused at a breakpoint answers neither of these two.
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

{{- define "service-library.topologySpread" -}}
topologySpreadConstraints:
  {{- with .Values.topologySpreadConstraints }}
  {{- toYaml . | nindent 2 }}
  {{- else }}
  {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - topologyKey: {{ . }}
    maxSkew: 1
    whenUnsatisfiable: {{ $.Values.topologySpread.whenUnsatisfiable }}
    labelSelector:
      matchLabels: {{- include "service-library.selector" (list $ "server") | nindent 8 }}
    # Counts each version separately, so that pods are evenly spread after a rollout.
    matchLabelKeys: [pod-template-hash]
  {{- end }}
  {{- end }}
{{- end }}
